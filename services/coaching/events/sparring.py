"""What can have happened with one sparring: a trainer beside a colleague, one skill, a quarter or half an hour."""

from typing import Annotated
from uuid import UUID

from services.coaching.events.shapes import Seat
from shared.core.event import Event, Personal
from shared.core.types import Instant


class SparringAsked(Event, name="coaching.sparring-asked"):
    """Somebody would like a trainer beside them for one skill."""

    sparring_id: UUID
    employee_id: UUID
    team_id: UUID
    skill: str
    need_id: UUID | None = None
    wish: Annotated[str | None, Personal("employee_id")] = None


class SparringBooked(Event, name="coaching.sparring-booked"):
    """A trainer comes at this time."""

    sparring_id: UUID
    employee_id: UUID
    team_id: UUID
    trainer: Seat
    skill: str
    starts_at: Instant
    minutes: int


class SparringReturned(Event, name="coaching.sparring-returned"):
    """It did not come about at the booked time: it waits to be booked anew."""

    sparring_id: UUID
    employee_id: UUID
    team_id: UUID
    trainer: Seat
    starts_at: Instant


class SparringHeld(Event, name="coaching.sparring-held"):
    """Real contacts were listened to and judged together, and one targeted tip was given."""

    sparring_id: UUID
    employee_id: UUID
    team_id: UUID
    trainer_id: UUID
    skill: str
    need_id: UUID | None = None
    held_at: Instant
    minutes: int
    contacts: int
    observations: Annotated[tuple[str, ...] | None, Personal("employee_id")]
    tip: Annotated[str | None, Personal("employee_id")]


class SparringRated(Event, name="coaching.sparring-rated"):
    """The colleague says how useful it was, 1 to 5."""

    sparring_id: UUID
    employee_id: UUID
    trainer_id: UUID
    skill: str
    useful: int


class SparringCancelled(Event, name="coaching.sparring-cancelled"):
    """It does not come about; `trainer` and `starts_at` are those of the booking, if there was one."""

    sparring_id: UUID
    employee_id: UUID
    team_id: UUID
    trainer: Seat | None = None
    starts_at: Instant | None = None
    reason: str


SparringEvent = SparringAsked | SparringBooked | SparringReturned | SparringHeld | SparringRated | SparringCancelled
