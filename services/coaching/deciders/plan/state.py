"""Where a coaching plan stands: what the next decision needs to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple, assert_never
from uuid import UUID

from services.coaching.events.plan import CoachChanged, SeriesPlanned
from shared.core.decider import Rejected, unknown

PLAN_NOT_OPEN = {"plan-not-open": "the person has no coaching plan that is open"}

MONTHLY = 30


class Place(NamedTuple):
    """The team the person is in from a day on."""

    since: date
    team_id: UUID


class Pause(NamedTuple):
    from_day: date
    until_day: date

    def covers(self, day: date) -> bool:
        return self.from_day <= day <= self.until_day

    def touches(self, other: "Pause") -> bool:
        return self.from_day <= other.until_day and other.from_day <= self.until_day


def paused_on(day: date, pauses: Iterable[Pause]) -> bool:
    return any(pause.covers(day) for pause in pauses)


class Missed(NamedTuple):
    """A due day that passed; it waited for a session of the days since `after`."""

    due_on: date
    after: date

    def stands(self, newest: date, interval_days: int, pauses: Iterable[Pause]) -> bool:
        """Until a newer session puts the due day off, at the interval of then and at that of now, or a pause does."""
        if paused_on(self.due_on, pauses):
            return False
        return newest <= self.after or newest + timedelta(days=interval_days) <= self.due_on


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of somebody's coaching in every situation.

    `held` are the sessions that count, `uncounted` those that did; `seqs` the newest that was heard of each session;
    `missed` the due day that passed last.
    """

    places: tuple[Place, ...] = ()
    interval_days: int = MONTHLY
    from_day: date | None = None
    next_due_on: date | None = None
    missed: Missed | None = None
    pauses: tuple[Pause, ...] = ()
    held: Mapping[UUID, date] = field(default_factory=dict)
    uncounted: frozenset[UUID] = frozenset()
    bookings: Mapping[UUID, datetime] = field(default_factory=dict)
    seqs: Mapping[UUID, int] = field(default_factory=dict)
    dropped: frozenset[UUID] = frozenset()
    series: tuple[SeriesPlanned, ...] = ()
    coach_changed: CoachChanged | None = None
    open_needs: Mapping[UUID, str] = field(default_factory=dict)
    raised: frozenset[UUID] = frozenset()
    what_matters: str | None = None
    seq: int = 0

    def missing(self, due_on: date) -> Missed:
        return Missed(due_on, due_on - timedelta(days=self.interval_days))

    def team_on(self, day: date) -> UUID | None:
        """The team of that day; before the first one, the team that comes first."""
        reached = (place.team_id for place in reversed(self.places) if place.since <= day)
        return next(reached, self.places[0].team_id if self.places else None)

    def team_then(self, day: date) -> UUID:
        team_id = self.team_on(day)
        assert team_id is not None, "a plan that was opened has a team"
        return team_id


@dataclass(frozen=True, slots=True)
class Unopened:
    """Needs and sessions may be heard of before the plan is opened."""

    book: Book = Book()


@dataclass(frozen=True, slots=True)
class Open:
    book: Book


@dataclass(frozen=True, slots=True)
class Ended:
    """`on` is the last day, which may lie ahead."""

    book: Book
    on: date


Plan = Unopened | Open | Ended
NOTHING = Unopened()


def known(plan: Plan) -> Book:
    if plan == NOTHING:
        raise unknown("plan")
    return plan.book


def opened(plan: Plan) -> Book:
    book = known(plan)
    if not isinstance(plan, Open):
        raise Rejected.only(PLAN_NOT_OPEN)
    return book


def coached(plan: Plan, day: date) -> Book:
    """Who is coached on that day: a known last day that is still to come ends nothing yet."""
    return plan.book if coached_on(plan, day) else opened(plan)


def coached_on(plan: Plan, day: date) -> bool:
    """Whether somebody may be coached on that day: up to the last one, when it is known."""
    match plan:
        case Unopened():
            return False
        case Open():
            return True
        case Ended():
            return day <= plan.on
        case _:
            assert_never(plan)


def refuse_paused(day: date, book: Book) -> None:
    if paused_on(day, book.pauses):
        raise Rejected("plan-not-open", f"the coaching plan is paused on {day}")
