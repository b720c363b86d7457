"""Where a sparring stands."""

from dataclasses import dataclass
from typing import assert_never

from services.coaching.events.sparring import (
    SparringAsked,
    SparringBooked,
    SparringCancelled,
    SparringEvent,
    SparringHeld,
    SparringRated,
    SparringReturned,
)
from shared.core.decider import over, unknown


@dataclass(frozen=True, slots=True)
class Unasked:
    pass


@dataclass(frozen=True, slots=True)
class Open:
    """Asked; `booked` once a time is agreed on, None again when it was returned."""

    asked: SparringAsked
    booked: SparringBooked | None = None


@dataclass(frozen=True, slots=True)
class Held:
    asked: SparringAsked
    booked: SparringBooked
    held: SparringHeld


@dataclass(frozen=True, slots=True)
class Rated:
    asked: SparringAsked
    booked: SparringBooked
    held: SparringHeld
    rated: SparringRated


@dataclass(frozen=True, slots=True)
class Cancelled:
    asked: SparringAsked
    booked: SparringBooked | None
    reason: str


Known = Open | Held | Rated | Cancelled
Sparring = Unasked | Known


def known(sparring: Sparring) -> Known:
    if isinstance(sparring, Unasked):
        raise unknown("sparring")
    return sparring


def still_open(sparring: Known) -> Open:
    """Held, it takes nothing more but a rating."""
    if not isinstance(sparring, Open):
        raise over("sparring")
    return sparring


def evolve(sparring: Sparring, event: SparringEvent) -> Sparring:
    if isinstance(event, SparringAsked):
        return Open(event)
    there = known(sparring)
    match event:
        case SparringBooked():
            return Open(there.asked, event)
        case SparringReturned():
            return Open(there.asked)
        case SparringHeld():
            assert there.booked is not None, "what is held was booked"
            return Held(there.asked, there.booked, event)
        case SparringRated():
            assert isinstance(there, Held), "what is rated was held"
            return Rated(there.asked, there.booked, there.held, event)
        case SparringCancelled():
            return Cancelled(there.asked, there.booked, event.reason)
        case _:
            assert_never(event)
