"""What can have happened to somebody's coaching plan: its rhythm, what is booked and held, needs, pauses."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.coaching.events.shapes import INTERVAL, MET_BY, ORIGIN, ORIGIN_REF, Place
from shared.core.event import Event, Personal, Shape
from shared.core.types import Instant


class Slot(Shape):
    """A session of a series, and when it begins."""

    session_id: UUID
    starts_at: Instant


class PlanOpened(Event, name="coaching.plan-opened"):
    """A person is coached at this interval from now on."""

    person_id: UUID
    team_id: UUID
    from_day: date
    interval_days: Annotated[int, INTERVAL]
    next_due_on: date
    seq: int


class PlanMoved(Event, name="coaching.plan-moved"):
    """The plan goes on in another team from this day."""

    person_id: UUID
    team_id: UUID
    from_day: date
    seq: int


class CadenceSet(Event, name="coaching.cadence-set"):
    """The person is coached at another interval."""

    person_id: UUID
    team_id: UUID
    interval_days: Annotated[int, INTERVAL]
    next_due_on: date


class SeriesPlanned(Event, name="coaching.series-planned"):
    """Sessions are planned at one time of day, some days apart; each is booked by itself."""

    person_id: UUID
    team_id: UUID
    coach_id: UUID
    form_id: UUID
    minutes: int
    place: Place
    series_no: int
    sessions: tuple[Slot, ...]


class CoachChanged(Event, name="coaching.coach-changed"):
    """Somebody else coaches the person from this day: these booked sessions are handed over."""

    person_id: UUID
    coach_id: UUID
    from_day: date
    session_ids: tuple[UUID, ...]


class BookingNoted(Event, name="coaching.booking-noted"):
    """The plan knows that a session is booked for this time."""

    person_id: UUID
    session_id: UUID
    starts_at: Instant
    seq: int


class BookingOrphaned(Event, name="coaching.booking-orphaned"):
    """A session is booked for a time when the person is coached no more."""

    person_id: UUID
    session_id: UUID
    starts_at: Instant
    seq: int


class BookingDropped(Event, name="coaching.booking-dropped"):
    """The plan knows that a session will not be held."""

    person_id: UUID
    session_id: UUID
    seq: int


class CoachingCounted(Event, name="coaching.coaching-counted"):
    """A held session counts for the rhythm; the next one is due by this day."""

    person_id: UUID
    team_id: UUID | None = None
    session_id: UUID
    held_on: date
    next_due_on: date


class CoachingUncounted(Event, name="coaching.coaching-uncounted"):
    """A session that was held by mistake counts no more."""

    person_id: UUID
    team_id: UUID | None = None
    session_id: UUID
    next_due_on: date


class NeedRaised(Event, name="coaching.need-raised"):
    """There is something the person wants to learn, or should."""

    person_id: UUID
    team_id: UUID | None = None
    need_id: UUID
    topic: str
    origin: Annotated[str, ORIGIN]
    origin_ref: Annotated[UUID | None, ORIGIN_REF] = None
    note: Annotated[str | None, Personal("person_id")] = None


class NeedMet(Event, name="coaching.need-met"):
    """A development need was taken care of, by what `ref` names."""

    person_id: UUID
    need_id: UUID
    topic: str
    ref: Annotated[UUID, MET_BY]


class WhatMattersNoted(Event, name="coaching.what-matters-noted"):
    """It is known what matters to the person at work."""

    person_id: UUID
    text: Annotated[str | None, Personal("person_id")]


class PlanPaused(Event, name="coaching.plan-paused"):
    """The person is not coached on these days; the named sessions fall into them."""

    person_id: UUID
    team_id: UUID
    from_day: date
    until_day: date
    reason: Annotated[str | None, Personal("person_id")]
    next_due_on: date
    session_ids: tuple[UUID, ...]


class CoachingMissed(Event, name="coaching.coaching-missed"):
    """The day by which the person was to be coached has passed without a session."""

    person_id: UUID
    team_id: UUID
    due_on: date
    last_held_on: date | None = None
    next_due_on: date


class PlanEnded(Event, name="coaching.plan-ended"):
    """The person is coached no more after this day; the named sessions were booked for later."""

    person_id: UUID
    on: date
    session_ids: tuple[UUID, ...]
    seq: int


PlanEvent = (
    PlanOpened
    | PlanMoved
    | CadenceSet
    | SeriesPlanned
    | CoachChanged
    | BookingNoted
    | BookingOrphaned
    | BookingDropped
    | CoachingCounted
    | CoachingUncounted
    | NeedRaised
    | NeedMet
    | WhatMattersNoted
    | PlanPaused
    | CoachingMissed
    | PlanEnded
)
