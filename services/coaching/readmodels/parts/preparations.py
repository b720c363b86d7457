"""What session_prep keeps: each thing that the two bring to the table is a row of its own stream."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from services.coaching.events.evaluation import AppealSettled, EvaluationRecorded, EvaluationVoided
from services.coaching.events.form import FormPublished, FormQuestion
from services.coaching.events.plan import WhatMattersNoted
from services.coaching.events.recognition import RecognitionGiven
from services.coaching.events.session import SessionHeld, SessionPrepared, SessionVoided
from services.coaching.events.shapes import ScaleScore
from services.coaching.readmodels.parts.agreements import Agreement
from services.coaching.readmodels.parts.aims import Aim, AimValue
from services.coaching.readmodels.parts.focuses import Focus
from services.coaching.readmodels.parts.needs import Need
from services.coaching.readmodels.parts.strategies import Meaning, Message
from services.coaching.readmodels.parts.talks import Talk
from shared.core.event import Personal, Recorded
from shared.core.replacing import replace

EMPLOYEE, PERSON = Personal("employee_id"), Personal("person_id")


@dataclass(frozen=True, slots=True)
class PrepTalk(Talk):
    """A session that may be prepared."""


@dataclass(frozen=True, slots=True)
class PrepAction(Agreement):
    """An action to look at again."""


@dataclass(frozen=True, slots=True)
class PrepNeed(Need):
    """A need to talk about."""


@dataclass(frozen=True, slots=True)
class PrepGoal(Aim):
    """A goal to talk about."""


@dataclass(frozen=True, slots=True)
class PrepValue(AimValue):
    """Where a goal stood."""


@dataclass(frozen=True, slots=True)
class PrepFocus(Focus):
    """What the stage of a hire is about."""


@dataclass(frozen=True, slots=True)
class PrepMessage(Message):
    """A strategy message to talk about."""


@dataclass(frozen=True, slots=True)
class PrepMeaning(Meaning):
    """What the own team makes of a message."""


@dataclass(frozen=True, slots=True)
class PrepTopics:
    session_id: UUID
    employee_id: UUID
    employee: Annotated[tuple[str, ...] | None, EMPLOYEE] = None
    coach: Annotated[tuple[str, ...] | None, EMPLOYEE] = None


def topics_of(event: SessionPrepared, _: Recorded) -> UUID:
    return event.session_id


def topics(row: PrepTopics | None, event: SessionPrepared, _: Recorded) -> PrepTopics:
    row = row or PrepTopics(event.session_id, event.employee_id)
    return replace(row, employee=event.topics) if event.side == "employee" else replace(row, coach=event.topics)


@dataclass(frozen=True, slots=True)
class PrepForm:
    """The newest version of a form: what will be asked."""

    form_id: UUID
    version: int
    questions: tuple[FormQuestion, ...]


def form_of(event: FormPublished, _: Recorded) -> UUID:
    return event.form_id


def form(_row: PrepForm | None, event: FormPublished, _: Recorded) -> PrepForm:
    return PrepForm(event.form_id, event.version, event.questions)


@dataclass(frozen=True, slots=True)
class Said:
    """What was told of successes and challenges, whoever held the session."""

    session_id: UUID
    employee_id: UUID
    held_on: date | None = None
    successes: Annotated[tuple[str, ...] | None, EMPLOYEE] = None
    challenges: Annotated[tuple[str, ...] | None, EMPLOYEE] = None
    voided: bool = False


SaidEvent = SessionHeld | SessionVoided


def said_of(event: SaidEvent, _: Recorded) -> UUID:
    return event.session_id


def said(row: Said | None, event: SaidEvent, _: Recorded) -> Said:
    row = row or Said(event.session_id, event.employee_id)
    match event:
        case SessionHeld():
            told = replace(row, held_on=event.held_at.date(), successes=event.successes)
            return replace(told, challenges=event.challenges)
        case SessionVoided():
            return replace(row, voided=True)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class Matters:
    person_id: UUID
    text: Annotated[str | None, PERSON] = None


def matters_of(event: WhatMattersNoted, _: Recorded) -> UUID:
    return event.person_id


def matters(_row: Matters | None, event: WhatMattersNoted, _: Recorded) -> Matters:
    return Matters(event.person_id, event.text)


@dataclass(frozen=True, slots=True)
class Scales:
    """How an employee's contacts were evaluated, scale by scale, as settled if it was appealed."""

    evaluation_id: UUID
    subject_id: UUID
    observed_on: date | None = None
    scales: tuple[ScaleScore, ...] = ()
    counts: bool = False


ScalesEvent = EvaluationRecorded | AppealSettled | EvaluationVoided


def scales_of(event: ScalesEvent, _: Recorded) -> UUID:
    return event.evaluation_id


def scales(row: Scales | None, event: ScalesEvent, _: Recorded) -> Scales:
    row = row or Scales(event.evaluation_id, event.subject_id)
    match event:
        case EvaluationRecorded():
            counts = event.subject == "employee" and event.purpose not in ("calibration", "self")
            return replace(row, observed_on=event.observed_on, scales=event.scales, counts=counts)
        case AppealSettled():
            return replace(row, scales=event.scales)
        case EvaluationVoided():
            return replace(row, counts=False)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class PrepThanks:
    recognition_id: UUID
    person_id: UUID
    given_on: date
    kind: str
    text: Annotated[str | None, PERSON]


def thanks_of(event: RecognitionGiven, _: Recorded) -> UUID:
    return event.recognition_id


def thanks(_row: PrepThanks | None, event: RecognitionGiven, recorded: Recorded) -> PrepThanks:
    return PrepThanks(event.recognition_id, event.person_id, recorded.at.date(), event.kind, event.text)
