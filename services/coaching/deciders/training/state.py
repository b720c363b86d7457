"""Where a training stands."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from services.coaching.events.shapes import Seat
from services.coaching.events.training import (
    ParticipantAdded,
    ParticipantDropped,
    TrainingCancelled,
    TrainingEvent,
    TrainingHeld,
    TrainingPlanned,
)
from shared.core.decider import over, unknown
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Unplanned:
    pass


@dataclass(frozen=True, slots=True)
class Planned:
    """`trainer` is None once the planned one was dropped."""

    planned: TrainingPlanned
    trainer: Seat | None
    participants: tuple[Seat, ...]

    def seat_of(self, person_id: UUID) -> Seat | None:
        seats = (*self.participants, *([self.trainer] if self.trainer else []))
        return next((seat for seat in seats if seat.person_id == person_id), None)

    def takes_part(self, person_id: UUID) -> bool:
        return any(seat.person_id == person_id for seat in self.participants)


@dataclass(frozen=True, slots=True)
class Held:
    training: Planned
    held: TrainingHeld


@dataclass(frozen=True, slots=True)
class Cancelled:
    training: Planned
    reason: str


Training = Unplanned | Planned | Held | Cancelled


def known(training: Training) -> Planned:
    """As it is planned, or was when it was held or cancelled."""
    match training:
        case Unplanned():
            raise unknown("training")
        case Planned():
            return training
        case Held() | Cancelled():
            return training.training
        case _:
            assert_never(training)


def refuse_over(training: Training) -> None:
    if isinstance(training, Held | Cancelled):
        raise over("training")


def evolve(training: Training, event: TrainingEvent) -> Training:
    if isinstance(event, TrainingPlanned):
        return Planned(event, event.trainer, event.participants)
    planned = known(training)
    match event:
        case ParticipantAdded():
            return replace(planned, participants=(*planned.participants, event.participant))
        case ParticipantDropped():
            return _without(planned, event.participant)
        case TrainingHeld():
            return Held(planned, event)
        case TrainingCancelled():
            return Cancelled(planned, event.reason)
        case _:
            assert_never(event)


def _without(planned: Planned, dropped: Seat) -> Planned:
    if planned.trainer == dropped:
        return replace(planned, trainer=None)
    return replace(planned, participants=tuple(seat for seat in planned.participants if seat != dropped))
