"""What may be asked about a coaching form."""

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from services.coaching.events.form import FormQuestion
from shared.core.decider import Command, example
from shared.core.types import Code, Text80, Text200

Starter = Literal["blank", "monthly", "onboarding", "sparring", "copy"]

MONTHLY = "0195b1c0-0000-7000-8000-0000000000d1"
QUESTION = {
    "code": "next-time",
    "section": "goals",
    "kind": "insight",
    "text": "What would you try next time, and why?",
    "required": True,
}


class StartForm(Command):
    """Begin a form: empty, with the questions of a starter, or as a copy of a published one."""

    model_config = example(form_id=MONTHLY, name="Monthly talk", starter="monthly")
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

    model_config = example(form_id=MONTHLY, question=QUESTION, after="last-goals")
    form_id: UUID
    question: FormQuestion
    after: Code | None = None


class ChangeQuestion(Command):
    """Put a question of the draft in another way."""

    model_config = example(form_id=MONTHLY, question=QUESTION | {"text": "What will you try next, and why?"})
    form_id: UUID
    question: FormQuestion


class RemoveQuestion(Command):
    """Ask a question no more."""

    model_config = example(form_id=MONTHLY, code="next-time")
    form_id: UUID
    code: Code


class PublishForm(Command):
    """Take the draft into use; a new start that changes much says why."""

    model_config = example(form_id=MONTHLY, note="One question about the new product.")
    form_id: UUID
    note: Text200
    fresh_start: Text200 | None = None


class RetireForm(Command):
    """Book no more sessions with this form."""

    model_config = example(form_id=MONTHLY)
    form_id: UUID


FormCommand = StartForm | AddQuestion | ChangeQuestion | RemoveQuestion | PublishForm | RetireForm
