"""By when the next session is due."""

from collections.abc import Iterable
from datetime import date, timedelta

from services.coaching.deciders.plan.state import Book, Pause

DAY = timedelta(days=1)


def next_due_on(book: Book, day: date) -> date:
    """An interval after the newest session, or after the first day, and never today or before it.

    A due day that was missed begins the next interval, whatever older session is written down or voided after it; not
    one that a pause covers, though it was told of later.
    """
    begun = max([*book.held.values(), *([book.from_day] if book.from_day else [])], default=day)
    if book.missed and book.missed.stands(begun, book.interval_days, book.pauses):
        begun = book.missed.due_on
    due = begun + timedelta(days=book.interval_days)
    return beyond_pauses(max(beyond_pauses(due, book), day + DAY), book)


def beyond_pauses(due: date, book: Book) -> date:
    """Who comes back from a pause has an interval's time."""
    for pause in sorted(book.pauses):
        if pause.covers(due):
            due = pause.until_day + timedelta(days=book.interval_days)
    return due


def lengthened(told: Pause, pauses: Iterable[Pause], day: date) -> Pause:
    """Who is away already stays away for longer: the pause that is told has begun when that one did."""
    begun = (pause for pause in pauses if pause.from_day <= day and pause.covers(told.from_day))
    longer = (pause.from_day for pause in begun if pause.until_day <= told.until_day)
    return Pause(min((told.from_day, *longer)), told.until_day)


def with_pause(pauses: Iterable[Pause], told: Pause) -> tuple[Pause, ...]:
    """A pause takes the place of those it has days in common with: the person comes back earlier or later."""
    return (*(pause for pause in pauses if not pause.touches(told)), told)
