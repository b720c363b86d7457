"""Sessions, as several read models show and count them: one row each, all of it from the session's own stream."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, assert_never
from uuid import UUID

from services.coaching.events.session import (
    AcknowledgementReminded,
    SessionAcknowledged,
    SessionBooked,
    SessionCancelled,
    SessionClashed,
    SessionHandedOver,
    SessionHeld,
    SessionLeftOpen,
    SessionMoved,
    SessionPrepared,
    SessionVoided,
    TalkEvent,
)
from shared.core.event import Recorded
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Talk:
    """`team_then` is the team of the day it is for. `starts_on` and `held_on` are days where the two are."""

    session_id: UUID
    employee_id: UUID | None = None
    coach_id: UUID | None = None
    team_then: UUID | None = None
    form_id: UUID | None = None
    kind: str | None = None
    starts_at: datetime | None = None
    starts_on: date | None = None
    minutes: int | None = None
    place: str | None = None
    state: str = "booked"
    held_on: date | None = None
    moves: int = 0
    clashes: int = 0
    left_open: bool = False
    prepared_by: tuple[str, ...] = ()
    acknowledged_on: date | None = None
    reminded: bool = False
    cancelled_on: date | None = None
    cancelled_for: str | None = None


T = TypeVar("T", bound=Talk)


def talk_of(event: TalkEvent, _: Recorded) -> UUID:
    return event.session_id


def talking(kind: type[T]) -> Callable[[T | None, TalkEvent, Recorded], T]:
    """The fold of a kind of sessions. A read model has a row class of its own."""

    def fold(row: T | None, event: TalkEvent, recorded: Recorded) -> T:
        row = row or kind(event.session_id)
        match event:
            case SessionBooked():
                return replace(row, **_booked(event))
            case SessionPrepared():
                others = (side for side in row.prepared_by if side != event.side)
                return replace(row, prepared_by=(*others, event.side))
            case SessionHandedOver():
                return replace(row, coach_id=event.coach_id)
            case SessionMoved():
                return replace(row, **_moved(row, event))
            case SessionClashed():
                return replace(row, clashes=row.clashes + 1)
            case SessionLeftOpen():
                return replace(row, left_open=True)
            case SessionCancelled():
                ended = replace(row, state="cancelled", left_open=False)
                return replace(ended, cancelled_on=recorded.at.date(), cancelled_for=event.reason)
            case SessionHeld():
                held = replace(row, state="held", left_open=False, held_on=event.held_at.date())
                return replace(held, coach_id=event.coach_id, form_id=event.form_id)
            case SessionVoided():
                return replace(row, state="voided")
            case SessionAcknowledged():
                return replace(row, acknowledged_on=recorded.at.date())
            case AcknowledgementReminded():
                return replace(row, reminded=True)
            case _:
                assert_never(event)

    return fold


def _booked(event: SessionBooked) -> dict[str, Any]:
    told = {name: value for name, value in event if name not in ("session_id", "team_id")}
    return {**told, "team_then": event.team_id, "starts_on": event.starts_at.date()}


def _moved(row: Talk, event: SessionMoved) -> dict[str, Any]:
    return {
        "team_then": event.team_id,
        "starts_at": event.starts_at,
        "starts_on": event.starts_at.date(),
        "moves": event.move_no,
        "left_open": row.left_open and event.starts_at == event.starts_at_before,
    }
