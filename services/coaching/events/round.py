"""What can have happened with a round of skills mapping: announced in good time, opened, closed."""

from datetime import date
from uuid import UUID

from services.coaching.events.shapes import Seat
from shared.core.event import Event


class RoundAnnounced(Event, name="coaching.round-announced"):
    """Everybody in the round knows when they will be asked about their skills, and why."""

    round_id: UUID
    pool_id: UUID
    title: str
    why: str
    people: tuple[Seat, ...]
    opens_on: date
    closes_on: date
    skills: tuple[str, ...]


class RoundOpened(Event, name="coaching.round-opened"):
    """The mapping may be answered, until `closes_on`."""

    round_id: UUID
    pool_id: UUID
    people: tuple[Seat, ...]
    closes_on: date
    skills: tuple[str, ...]


class RoundClosed(Event, name="coaching.round-closed"):
    """The round is over, or was called off before it opened."""

    round_id: UUID
    closed_on: date


RoundEvent = RoundAnnounced | RoundOpened | RoundClosed
