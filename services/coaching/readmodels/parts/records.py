"""What session_record keeps of a conversation: all that was written down, for ever."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, assert_never
from uuid import UUID

from services.coaching.events.form import FormPublished, FormQuestion
from services.coaching.events.session import (
    RemarkAdded,
    SessionAcknowledged,
    SessionBooked,
    SessionCancelled,
    SessionHandedOver,
    SessionHeld,
    SessionMoved,
    SessionPrepared,
    SessionVoided,
)
from services.coaching.events.shapes import ActionReview, AgreedAction, Answer, GoalValue, NeedRef, PassedOn
from shared.core.event import Personal, Recorded, Shape
from shared.core.replacing import replace

EMPLOYEE = Personal("employee_id")
RecordEvent = (
    SessionBooked
    | SessionPrepared
    | SessionHandedOver
    | SessionMoved
    | SessionCancelled
    | SessionHeld
    | SessionVoided
    | SessionAcknowledged
    | RemarkAdded
)


class Remark(Shape):
    """Something that one of the two added later."""

    remark_id: UUID
    by: str
    on: date
    text: Annotated[str | None, EMPLOYEE]


@dataclass(frozen=True, slots=True)
class Record:
    session_id: UUID
    employee_id: UUID | None = None
    coach_id: UUID | None = None
    team_then: UUID | None = None
    kind: str | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    place: str | None = None
    state: str = "booked"
    employee_topics: Annotated[tuple[str, ...] | None, EMPLOYEE] = None
    coach_topics: Annotated[tuple[str, ...] | None, EMPLOYEE] = None
    held_at: datetime | None = None
    form_id: UUID | None = None
    form_version: int | None = None
    score: int | None = None
    answers: tuple[Answer, ...] = ()
    successes: Annotated[tuple[str, ...] | None, EMPLOYEE] = None
    challenges: Annotated[tuple[str, ...] | None, EMPLOYEE] = None
    actions: tuple[AgreedAction, ...] = ()
    needs: tuple[NeedRef, ...] = ()
    reviewed: tuple[ActionReview, ...] = ()
    progress: tuple[GoalValue, ...] = ()
    passed_on: tuple[PassedOn, ...] = ()
    messages: tuple[UUID, ...] = ()
    moves: int = 0
    acknowledged_on: date | None = None
    comment: Annotated[str | None, EMPLOYEE] = None
    remarks: tuple[Remark, ...] = ()
    voided_for: Annotated[str | None, EMPLOYEE] = None


def record_of(event: RecordEvent, _: Recorded) -> UUID:
    return event.session_id


def record(row: Record | None, event: RecordEvent, recorded: Recorded) -> Record:
    row = row or Record(event.session_id)
    match event:
        case SessionBooked():
            told = {name: value for name, value in event if name not in ("session_id", "team_id")}
            return replace(row, **told, team_then=event.team_id)
        case SessionPrepared():
            if event.side == "employee":
                return replace(row, employee_topics=event.topics)
            return replace(row, coach_topics=event.topics)
        case SessionHandedOver():
            return replace(row, coach_id=event.coach_id)
        case SessionMoved():
            return replace(row, starts_at=event.starts_at, team_then=event.team_id, moves=event.move_no)
        case SessionCancelled():
            return replace(row, state="cancelled")
        case SessionHeld():
            told = {name: value for name, value in event if name not in ("session_id", "team_id")}
            return replace(row, **told, state="held")
        case SessionVoided():
            return replace(row, state="voided", voided_for=event.reason)
        case SessionAcknowledged():
            return replace(row, acknowledged_on=recorded.at.date(), comment=event.comment)
        case RemarkAdded():
            remark = Remark(remark_id=event.remark_id, by=recorded.actor, on=recorded.at.date(), text=event.text)
            return replace(row, remarks=(*row.remarks, remark))
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A version of a form, as it was talked through."""

    form_id: UUID
    version: int
    name: str
    questions: tuple[FormQuestion, ...]


def form_of(event: FormPublished, _: Recorded) -> tuple[UUID, int]:
    return event.form_id, event.version


def form(_row: RecordForm | None, event: FormPublished, _: Recorded) -> RecordForm:
    return RecordForm(event.form_id, event.version, event.name, event.questions)
