"""What can have happened to a coaching form: what a conversation goes through."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.core.event import Event, Shape
from shared.core.types import Code, Text80, Text300

FormSection = Literal[
    "expectations", "goals", "behaviours", "numbers", "successes", "challenges", "actions", "strategy", "other"
]
QuestionKind = Literal["insight", "open", "agree-5", "yes-no", "number", "choice"]
SCORED = ("agree-5", "yes-no")


class FormQuestion(Shape):
    """A question of a form. Only agree-5 and yes-no weigh in the score of a session."""

    code: Code
    section: FormSection
    kind: QuestionKind
    text: Text300
    required: bool
    weight: Annotated[int, Field(ge=0, le=10)] = 0
    choices: Annotated[tuple[Text80, ...], Field(max_length=10)] = ()


class FormStarted(Event, name="coaching.form-started"):
    """A form is being drafted, with the questions of its starter or of the copied form."""

    form_id: UUID
    name: str
    starter: str
    copy_of: UUID | None = None
    questions: tuple[FormQuestion, ...]


class QuestionAdded(Event, name="coaching.question-added"):
    """The draft asks one question more: after the named one, otherwise at the end."""

    form_id: UUID
    question: FormQuestion
    after: str | None = None


class QuestionChanged(Event, name="coaching.question-changed"):
    """A question of the draft is put in another way."""

    form_id: UUID
    question: FormQuestion


class QuestionRemoved(Event, name="coaching.question-removed"):
    """The draft asks a question no more."""

    form_id: UUID
    code: str


class FormPublished(Event, name="coaching.form-published"):
    """A version of the form is in use everywhere from now on; it never changes."""

    form_id: UUID
    version: int
    name: str
    questions: tuple[FormQuestion, ...]
    changed: int
    note: str
    fresh_start: str | None = None


class FormRetired(Event, name="coaching.form-retired"):
    """No new session is booked with the form; booked ones are held with it to the end."""

    form_id: UUID


FormEvent = FormStarted | QuestionAdded | QuestionChanged | QuestionRemoved | FormPublished | FormRetired
