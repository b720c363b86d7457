"""How a fact changes where a plan stands. Nothing is judged here: what happened, happened."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.plan.rhythm import with_pause
from services.coaching.deciders.plan.state import Book, Ended, Open, Pause, Place, Plan, coached_on
from services.coaching.events.plan import (
    BookingDropped,
    BookingNoted,
    BookingOrphaned,
    CadenceSet,
    CoachChanged,
    CoachingCounted,
    CoachingMissed,
    CoachingUncounted,
    NeedMet,
    NeedRaised,
    PlanEnded,
    PlanEvent,
    PlanMoved,
    PlanOpened,
    PlanPaused,
    SeriesPlanned,
    WhatMattersNoted,
)
from shared.core.replacing import replace


def evolve(plan: Plan, event: PlanEvent) -> Plan:
    match event:
        case PlanOpened():
            return Open(_opened(plan, event))
        case PlanEnded():
            return Ended(replace(plan.book, seq=event.seq), event.on)
        case CoachingCounted() | CoachingUncounted() | CoachingMissed() | CadenceSet() | PlanPaused():
            return replace(plan, book=_paced(plan.book, event))
        case BookingNoted() | BookingOrphaned() | BookingDropped():
            return replace(plan, book=_booked(plan.book, event))
        case PlanMoved() | SeriesPlanned() | CoachChanged() | NeedRaised() | NeedMet() | WhatMattersNoted():
            return replace(plan, book=_told(plan.book, event))
        case _:
            assert_never(event)


def _opened(plan: Plan, event: PlanOpened) -> Book:
    """Told of a day until which the person is coached anyway, it corrects that; otherwise the rhythm begins anew."""
    place = Place(event.from_day, event.team_id)
    return replace(
        plan.book,
        places=(*_earlier(plan, place), place, *_later(plan, place)),
        interval_days=event.interval_days,
        from_day=event.from_day,
        next_due_on=event.next_due_on,
        missed=None,
        pauses=plan.book.pauses if coached_on(plan, event.from_day) else (),
        seq=event.seq,
    )


def _earlier(plan: Plan, place: Place) -> Iterable[Place]:
    """Where the person was before joining again; a first day that is corrected counts no more."""
    corrected = plan.book.from_day if isinstance(plan, Open) else None
    before = min(corrected or place.since, place.since)
    return (each for each in plan.book.places if each.since < before)


def _later(plan: Plan, place: Place) -> Iterable[Place]:
    """Where the person goes after joining; beyond the last day, what was known before is known no more."""
    if not coached_on(plan, place.since):
        return ()
    return (each for each in plan.book.places if each.since > place.since and each.since != plan.book.from_day)


def _paced(book: Book, event: CoachingCounted | CoachingUncounted | CoachingMissed | CadenceSet | PlanPaused) -> Book:
    book = replace(book, next_due_on=event.next_due_on)
    match event:
        case CoachingCounted():
            return replace(book, held={**book.held, event.session_id: event.held_on})
        case CoachingUncounted():
            held = {session: day for session, day in book.held.items() if session != event.session_id}
            return replace(book, held=held, uncounted=book.uncounted | {event.session_id})
        case CoachingMissed():
            return replace(book, missed=book.missing(event.due_on))
        case CadenceSet():
            return replace(book, interval_days=event.interval_days)
        case PlanPaused():
            return replace(book, pauses=with_pause(book.pauses, Pause(event.from_day, event.until_day)))
        case _:
            assert_never(event)


def _booked(book: Book, event: BookingNoted | BookingOrphaned | BookingDropped) -> Book:
    bookings = {session: starts_at for session, starts_at in book.bookings.items() if session != event.session_id}
    book = replace(book, seqs={**book.seqs, event.session_id: event.seq}, bookings=bookings)
    match event:
        case BookingNoted():
            return replace(book, bookings={**bookings, event.session_id: event.starts_at})
        case BookingOrphaned() | BookingDropped():
            return replace(book, dropped=book.dropped | {event.session_id})
        case _:
            assert_never(event)


def _told(
    book: Book, event: PlanMoved | SeriesPlanned | CoachChanged | NeedRaised | NeedMet | WhatMattersNoted
) -> Book:
    match event:
        case PlanMoved():
            return replace(book, places=_placed(book.places, event.from_day, event.team_id), seq=event.seq)
        case SeriesPlanned():
            return replace(book, series=(*book.series, event))
        case CoachChanged():
            return replace(book, coach_changed=event)
        case NeedRaised():
            needs = {**book.open_needs, event.need_id: event.topic}
            return replace(book, open_needs=needs, raised=book.raised | {event.need_id})
        case NeedMet():
            left = {need: topic for need, topic in book.open_needs.items() if need != event.need_id}
            return replace(book, open_needs=left)
        case WhatMattersNoted():
            return replace(book, what_matters=event.text)
        case _:
            assert_never(event)


def _placed(places: tuple[Place, ...], since: date, team_id: UUID) -> tuple[Place, ...]:
    others = (place for place in places if place.since != since)
    return tuple(sorted((*others, Place(since, team_id))))
