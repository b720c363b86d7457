"""What can have happened to one coaching session, from the booking to the last remark."""

from typing import Annotated, Literal
from uuid import UUID

from services.coaching.events.shapes import (
    ActionReview,
    AgreedAction,
    Answer,
    GoalValue,
    NeedRef,
    PassedOn,
    Place,
)
from shared.core.event import Event, Personal
from shared.core.types import Instant, Percent

SessionKind = Literal["regular", "onboarding", "follow-up"]
Side = Literal["employee", "coach"]
EMPLOYEE = Personal("employee_id")


class SessionBooked(Event, name="coaching.session-booked"):
    """The two have a time for a conversation, and the form they will go through."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    form_id: UUID
    kind: SessionKind
    starts_at: Instant
    minutes: int
    place: Place


class SessionPrepared(Event, name="coaching.session-prepared"):
    """One of the two has said what they want to talk about."""

    session_id: UUID
    employee_id: UUID
    side: Side
    topics: Annotated[tuple[str, ...] | None, EMPLOYEE]


class SessionHandedOver(Event, name="coaching.session-handed-over"):
    """Somebody else will hold the session."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    coach_id_before: UUID
    team_id: UUID
    starts_at: Instant


class SessionMoved(Event, name="coaching.session-moved"):
    """The session has another time, or the same one again after a clash; the reason is personal."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    team_id_before: UUID
    starts_at_before: Instant
    starts_at: Instant
    minutes: int
    move_no: int
    reason: Annotated[str | None, EMPLOYEE]
    note: Annotated[str | None, EMPLOYEE] = None
    moved_by: Side


class SessionClashed(Event, name="coaching.session-clashed"):
    """Something else has taken the time of the session: the two agree on another, or on the same."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    clash: UUID
    cause: Annotated[str | None, EMPLOYEE]


class SessionCancelled(Event, name="coaching.session-cancelled"):
    """The session will not be held."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    starts_at: Instant
    reason: str
    note: Annotated[str | None, EMPLOYEE] = None


class SessionLeftOpen(Event, name="coaching.session-left-open"):
    """The time of the session is over, and nobody has said whether it was held."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    starts_at: Instant


class SessionHeld(Event, name="coaching.session-held"):
    """The conversation was held, and this was said, agreed and gone through; `coach_id` is who held it."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    kind: SessionKind
    held_at: Instant
    form_id: UUID
    form_version: int
    score: Percent | None = None
    answers: tuple[Answer, ...]
    successes: Annotated[tuple[str, ...] | None, EMPLOYEE]
    challenges: Annotated[tuple[str, ...] | None, EMPLOYEE]
    actions: tuple[AgreedAction, ...]
    needs: tuple[NeedRef, ...]
    reviewed: tuple[ActionReview, ...]
    progress: tuple[GoalValue, ...]
    passed_on: tuple[PassedOn, ...]
    messages: tuple[UUID, ...]
    moves: int


class SessionVoided(Event, name="coaching.session-voided"):
    """The session was recorded by mistake: it counts no more, and the named actions go with it."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    held_at: Instant
    action_ids: tuple[UUID, ...]
    reason: Annotated[str | None, EMPLOYEE]


class SessionAcknowledged(Event, name="coaching.session-acknowledged"):
    """The employee has seen what was written down."""

    session_id: UUID
    employee_id: UUID
    comment: Annotated[str | None, EMPLOYEE] = None


class AcknowledgementReminded(Event, name="coaching.acknowledgement-reminded"):
    """The employee was reminded to look at what was written down."""

    session_id: UUID
    employee_id: UUID


class RemarkAdded(Event, name="coaching.remark-added"):
    """One of the two has added something to a held session."""

    session_id: UUID
    employee_id: UUID
    remark_id: UUID
    text: Annotated[str | None, EMPLOYEE]


TalkEvent = (
    SessionBooked
    | SessionPrepared
    | SessionHandedOver
    | SessionMoved
    | SessionClashed
    | SessionCancelled
    | SessionLeftOpen
    | SessionHeld
    | SessionVoided
    | SessionAcknowledged
    | AcknowledgementReminded
)
SessionEvent = TalkEvent | RemarkAdded
