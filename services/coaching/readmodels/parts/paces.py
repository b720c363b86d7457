"""Coaching plans, as read models tell of their rhythm: one row a person, all of it from the plan's own stream."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar, assert_never
from uuid import UUID

from services.coaching.deciders.plan.rhythm import with_pause
from services.coaching.deciders.plan.state import Missed, Pause, paused_on
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


class Counted(Shape):
    """A session that counts."""

    session_id: UUID
    held_on: date


class Miss(Shape):
    """A due day that passed. A session of the days since `after`, or a pause, makes it good, though told later."""

    due_on: date
    after: date
    made_good: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """`held` are the sessions that count, of the days since the first missed day waited for one."""

    person_id: UUID
    open: bool = False
    ended_on: date | None = None
    from_day: date | None = None
    interval_days: int | None = None
    next_due_on: date | None = None
    away: tuple[Away, ...] = ()
    held: tuple[Counted, ...] = ()
    misses: tuple[Miss, ...] = ()
    missed: bool = False
    series_until: date | None = None


P = TypeVar("P", bound=Pace)


def pace_of(event: PaceEvent, _: Recorded) -> UUID:
    return event.person_id


def pacing(kind: type[P]) -> Callable[[P | None, PaceEvent, Recorded], P]:
    """The fold of a kind of plans. `missed`: the due day has passed, and nothing that it waited for was counted."""

    def fold(row: P | None, event: PaceEvent, _: Recorded) -> P:
        row = row or kind(event.person_id)
        match event:
            case PlanOpened():
                row = row if _goes_on(row, event) else _anew(row)
                paced = replace(row, open=True, from_day=event.from_day, interval_days=event.interval_days)
                return _judged(paced, event.next_due_on)
            case CadenceSet():
                return _judged(replace(row, interval_days=event.interval_days), event.next_due_on)
            case CoachingCounted():
                return _judged(replace(row, held=_held(row, event)), event.next_due_on)
            case CoachingUncounted():
                held = tuple(each for each in row.held if each.session_id != event.session_id)
                return _judged(replace(row, held=held), event.next_due_on)
            case PlanPaused():
                return _judged(replace(row, away=_away(row, event)), event.next_due_on)
            case CoachingMissed():
                after = event.due_on - timedelta(days=row.interval_days or 0)
                miss = Miss(due_on=event.due_on, after=after)
                return _judged(replace(row, misses=(*row.misses, miss)), event.next_due_on)
            case SeriesPlanned():
                last = max(slot.starts_at.date() for slot in event.sessions)
                return replace(row, series_until=max(last, row.series_until or last))
            case PlanEnded():
                return _judged(replace(row, open=False, ended_on=event.on), row.next_due_on)
            case _:
                assert_never(event)

    return fold


def _goes_on(row: Pace, event: PlanOpened) -> bool:
    """Whether the person was coached until that day anyway: who joins beyond the last day begins anew."""
    return row.open or (row.ended_on is not None and event.from_day <= row.ended_on)


def _anew(row: P) -> P:
    """Without the pauses of before, and what they made good."""
    pauses = _pauses(row)
    return replace(row, away=(), misses=tuple(miss for miss in row.misses if not paused_on(miss.due_on, pauses)))


def _pauses(row: Pace) -> tuple[Pause, ...]:
    return tuple(Pause(away.from_day, away.until_day) for away in row.away)


def _judged(row: P, next_due_on: date | None) -> P:
    """With what is still missed, by the sessions that count now: as the plan itself reckons it.

    A last day that is told of ends nothing before it has come; nothing is due after it.
    """
    days = [each.held_on for each in row.held]
    pauses = _pauses(row)
    misses = tuple(_of(miss, days, pauses) for miss in row.misses)
    missed = False
    if row.from_day is not None and misses:
        newest = max((*days, row.from_day))
        missed = Missed(misses[-1].due_on, misses[-1].after).stands(newest, row.interval_days or 0, pauses)
    return replace(row, next_due_on=next_due_on if _is_due(row, next_due_on) else None, misses=misses, missed=missed)


def _is_due(row: Pace, day: date | None) -> bool:
    return row.open or (day is not None and row.ended_on is not None and day <= row.ended_on)


def _held(row: Pace, event: CoachingCounted) -> tuple[Counted, ...]:
    if not row.misses or event.held_on <= row.misses[0].after:
        return row.held
    return (*row.held, Counted(session_id=event.session_id, held_on=event.held_on))


def _of(miss: Miss, days: Sequence[date], pauses: Sequence[Pause]) -> Miss:
    made_good = paused_on(miss.due_on, pauses) or any(miss.after < day <= miss.due_on for day in days)
    return miss if made_good == miss.made_good else miss.model_copy(update={"made_good": made_good})


def _away(row: Pace, event: PlanPaused) -> tuple[Away, ...]:
    """As the plan itself keeps its pauses: one that is told anew takes the place of the one it touches."""
    pauses = with_pause(_pauses(row), Pause(event.from_day, event.until_day))
    return tuple(Away(from_day=pause.from_day, until_day=pause.until_day) for pause in pauses)
