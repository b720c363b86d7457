"""Where a session stands: what the next decision needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict, assert_never
from uuid import UUID

from services.coaching.events.session import (
    AcknowledgementReminded,
    RemarkAdded,
    SessionAcknowledged,
    SessionBooked,
    SessionCancelled,
    SessionClashed,
    SessionEvent,
    SessionHandedOver,
    SessionHeld,
    SessionLeftOpen,
    SessionMoved,
    SessionPrepared,
    SessionVoided,
)
from shared.core.decider import over, unknown
from shared.core.replacing import replace


class Parties(TypedDict):
    """The fields that most facts of a session begin with."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID


@dataclass(frozen=True, slots=True)
class Talk:
    """`booked` is the first booking; `clashes` were noted, `open_clash` since the session was last moved or kept."""

    booked: SessionBooked
    coach_id: UUID
    team_id: UUID
    starts_at: datetime
    moves: int = 0
    topics: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    clashes: frozenset[UUID] = frozenset()
    open_clash: bool = False
    left_open: bool = False

    @property
    def parties(self) -> Parties:
        return Parties(session_id=self.booked.session_id, employee_id=self.booked.employee_id, coach_id=self.coach_id)


@dataclass(frozen=True, slots=True)
class Unbooked:
    pass


@dataclass(frozen=True, slots=True)
class Booked:
    talk: Talk


@dataclass(frozen=True, slots=True)
class Held:
    """`acknowledged` is what the employee said last."""

    talk: Talk
    held: SessionHeld
    acknowledged: SessionAcknowledged | None = None
    reminded: bool = False
    remarks: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Voided:
    """What was written stays readable; `record` is how it stood."""

    talk: Talk
    record: Held


@dataclass(frozen=True, slots=True)
class Cancelled:
    talk: Talk
    cancelled: SessionCancelled


Session = Unbooked | Booked | Held | Voided | Cancelled


def known(session: Session) -> Talk:
    if isinstance(session, Unbooked):
        raise unknown("session")
    return session.talk


def still_booked(session: Session) -> Talk:
    """What is done before the conversation is over with it."""
    talk = known(session)
    if not isinstance(session, Booked):
        raise over("session")
    return talk


def evolve(session: Session, event: SessionEvent) -> Session:
    if isinstance(event, SessionBooked):
        return Booked(Talk(event, event.coach_id, event.team_id, event.starts_at))
    assert not isinstance(session, Unbooked), "a session begins with SessionBooked"
    talk = session.talk
    match event:
        case SessionPrepared() | SessionHandedOver() | SessionMoved() | SessionClashed() | SessionLeftOpen():
            return Booked(_before(talk, event))
        case SessionHeld():
            return Held(replace(talk, coach_id=event.coach_id), event)
        case SessionCancelled():
            return Cancelled(talk, event)
    assert isinstance(session, Held), "what was written down is acknowledged, remarked on and voided"
    match event:
        case SessionVoided():
            return Voided(talk, session)
        case SessionAcknowledged():
            return replace(session, acknowledged=event)
        case AcknowledgementReminded():
            return replace(session, reminded=True)
        case RemarkAdded():
            return replace(session, remarks=session.remarks | {event.remark_id})
        case _:
            assert_never(event)


def _before(
    talk: Talk, event: SessionPrepared | SessionHandedOver | SessionMoved | SessionClashed | SessionLeftOpen
) -> Talk:
    match event:
        case SessionPrepared():
            return replace(talk, topics={**talk.topics, event.side: event.topics})
        case SessionHandedOver():
            return replace(talk, coach_id=event.coach_id)
        case SessionMoved():
            left_open = talk.left_open and event.starts_at == talk.starts_at
            moved = replace(talk, starts_at=event.starts_at, team_id=event.team_id, moves=event.move_no)
            return replace(moved, open_clash=False, left_open=left_open)
        case SessionClashed():
            return replace(talk, clashes=talk.clashes | {event.clash}, open_clash=True)
        case SessionLeftOpen():
            return replace(talk, left_open=True)
        case _:
            assert_never(event)
