"""Coaching plans, as read models tell of their rhythm: one row a person, all of it from the plan's own stream."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar, assert_never
from uuid import UUID

from services.coaching.deciders.plan.rhythm import with_pause
from services.coaching.deciders.plan.state import Pause
from services.coaching.events.plan import (
    CadenceSet,
    CoachingCounted,
    CoachingMissed,
    CoachingUncounted,
    PlanEnded,
    PlanOpened,
    PlanPaused,
    SeriesPlanned,
)
from shared.core.event import Recorded, Shape
from shared.core.replacing import replace

PaceEvent = (
    PlanOpened
    | CadenceSet
    | CoachingCounted
    | CoachingUncounted
    | PlanPaused
    | CoachingMissed
    | SeriesPlanned
    | PlanEnded
)


class Away(Shape):
    """Days without coaching."""

    from_day: date
    until_day: date


class Miss(Shape):
    """A due day that passed. A session of the days since `after`, written down late, makes it good."""

    due_on: date
    after: date
    made_good_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    person_id: UUID
    open: bool = False
    interval_days: int | None = None
    next_due_on: date | None = None
    away: tuple[Away, ...] = ()
    misses: tuple[Miss, ...] = ()
    missed: bool = False
    series_until: date | None = None


P = TypeVar("P", bound=Pace)


def pace_of(event: PaceEvent, _: Recorded) -> UUID:
    return event.person_id


def pacing(kind: type[P]) -> Callable[[P | None, PaceEvent, Recorded], P]:
    """The fold of a kind of plans. `missed`: the due day has passed, and nothing was counted since."""

    def fold(row: P | None, event: PaceEvent, _: Recorded) -> P:
        row = row or kind(event.person_id)
        match event:
            case PlanOpened():
                due = replace(row, open=True, interval_days=event.interval_days, next_due_on=event.next_due_on)
                return due if row.open else replace(due, missed=False, away=())
            case CadenceSet():
                return replace(row, interval_days=event.interval_days, next_due_on=event.next_due_on)
            case CoachingCounted():
                misses = tuple(_made_good(miss, event) for miss in row.misses)
                return replace(row, next_due_on=event.next_due_on, misses=misses, missed=False)
            case CoachingUncounted():
                misses = tuple(_missed_again(miss, event) for miss in row.misses)
                return replace(row, next_due_on=event.next_due_on, misses=misses)
            case PlanPaused():
                return replace(row, next_due_on=event.next_due_on, away=_away(row, event))
            case CoachingMissed():
                after = event.due_on - timedelta(days=row.interval_days or 0)
                miss = Miss(due_on=event.due_on, after=after)
                return replace(row, next_due_on=event.next_due_on, misses=(*row.misses, miss), missed=True)
            case SeriesPlanned():
                last = max(slot.starts_at.date() for slot in event.sessions)
                return replace(row, series_until=max(last, row.series_until or last))
            case PlanEnded():
                return replace(row, open=False, next_due_on=None, missed=False)
            case _:
                assert_never(event)

    return fold


def _made_good(miss: Miss, event: CoachingCounted) -> Miss:
    if miss.made_good_by is None and miss.after < event.held_on <= miss.due_on:
        return miss.model_copy(update={"made_good_by": event.session_id})
    return miss


def _missed_again(miss: Miss, event: CoachingUncounted) -> Miss:
    return miss.model_copy(update={"made_good_by": None}) if miss.made_good_by == event.session_id else miss


def _away(row: Pace, event: PlanPaused) -> tuple[Away, ...]:
    """As the plan itself keeps its pauses: one that is told anew takes the place of the one it touches."""
    known = (Pause(away.from_day, away.until_day) for away in row.away)
    pauses = with_pause(known, Pause(event.from_day, event.until_day))
    return tuple(Away(from_day=pause.from_day, until_day=pause.until_day) for pause in pauses)
