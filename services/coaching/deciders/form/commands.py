"""What may be asked about a coaching form."""

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from services.coaching.events.form import FormQuestion
from shared.core.decider import Command, example, if_over, if_unknown
from shared.core.types import Code, Text80, Text200

Starter = Literal["blank", "monthly", "onboarding", "sparring", "copy"]

MONTHLY = "0195b1c0-0000-7000-8000-0000000000d1"
QUESTION = {
    "code": "new-product",
    "section": "other",
    "kind": "open",
    "text": "What do customers ask about the new product?",
    "required": False,
}
NO_FORM = if_unknown("form") | if_over("form")


class StartForm(Command):
    """Begin a form: empty, with the questions of a starter, or as a copy of a published one."""

    model_config = example(form_id=MONTHLY, name="Monthly talk", starter="monthly")
    refused = {
        "form-exists": "a form with this id was started with another name or starter",
        "form-unpublished": "only a form that was published can be copied",
    }
    form_id: UUID
    name: Text80
    starter: Starter
    copy_of: UUID | None = None

    @model_validator(mode="after")
    def _copies_something(self) -> Self:
        if (self.starter == "copy") != (self.copy_of is not None):
            raise ValueError("copy_of names the copied form, with the starter copy and no other")
        return self


class AddQuestion(Command):
    """Ask one question more, after the named one or at the end."""

    model_config = example(form_id=MONTHLY, question=QUESTION, after="anything")
    refused = NO_FORM | {
        "choices-missing": "a question to choose from offers too few choices",
        "code-repeated": "the form asks a question with this code already, in another way",
        "too-many-questions": "the form asks as many questions as a form may",
        "weight-not-scored": "a question without a score has a weight",
    }
    form_id: UUID
    question: FormQuestion
    after: Code | None = None


class ChangeQuestion(Command):
    """Put a question of the draft in another way."""

    model_config = example(form_id=MONTHLY, question=QUESTION | {"text": "What do you hear about the new product?"})
    refused = NO_FORM | {
        "choices-missing": "a question to choose from offers too few choices",
        "question-unknown": "the form does not ask this question",
        "weight-not-scored": "a question without a score has a weight",
    }
    form_id: UUID
    question: FormQuestion


class RemoveQuestion(Command):
    """Ask a question no more."""

    model_config = example(form_id=MONTHLY, code="new-product")
    refused = NO_FORM
    form_id: UUID
    code: Code


class PublishForm(Command):
    """Take the draft into use; a new start that changes much says why."""

    model_config = example(form_id=MONTHLY, note="One question about the new product.")
    refused = NO_FORM | {
        "insight-missing": "at least one insight question has to be answered",
        "section-missing": "a section that every form has is without a question",
        "too-many-changes": "too many questions differ from the form before: a fresh start says why",
    }
    form_id: UUID
    note: Text200
    fresh_start: Text200 | None = None


class RetireForm(Command):
    """Book no more sessions with this form."""

    model_config = example(form_id=MONTHLY)
    refused = if_unknown("form")
    form_id: UUID


FormCommand = StartForm | AddQuestion | ChangeQuestion | RemoveQuestion | PublishForm | RetireForm
