"""What training_calendar keeps: trainings with their people, and sparrings from the wish to the rating."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, assert_never
from uuid import UUID

from services.coaching.events.sparring import (
    SparringAsked,
    SparringBooked,
    SparringCancelled,
    SparringEvent,
    SparringHeld,
    SparringRated,
    SparringReturned,
)
from services.coaching.events.training import (
    ParticipantAdded,
    ParticipantDropped,
    TrainingCancelled,
    TrainingEvent,
    TrainingHeld,
    TrainingPlanned,
)
from shared.core.event import Personal, Recorded
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class TrainingEntry:
    """`people` are the participants; once it was held, those who came."""

    training_id: UUID
    package_id: UUID | None = None
    skill: str | None = None
    trainer_id: UUID | None = None
    people: tuple[UUID, ...] = ()
    starts_at: datetime | None = None
    minutes: int | None = None
    state: str = "planned"


def training_of(event: TrainingEvent, _: Recorded) -> UUID:
    return event.training_id


def training(row: TrainingEntry | None, event: TrainingEvent, _: Recorded) -> TrainingEntry:
    row = row or TrainingEntry(event.training_id)
    match event:
        case TrainingPlanned():
            return TrainingEntry(
                training_id=event.training_id,
                package_id=event.package_id,
                skill=event.skill,
                trainer_id=event.trainer.person_id,
                people=tuple(seat.person_id for seat in event.participants),
                starts_at=event.starts_at,
                minutes=event.minutes,
            )
        case ParticipantAdded():
            return replace(row, people=(*row.people, event.participant.person_id))
        case ParticipantDropped():
            return _without(row, event.participant.person_id)
        case TrainingHeld():
            return replace(
                row, trainer_id=event.trainer_id, people=event.attended, starts_at=event.held_at, state="held"
            )
        case TrainingCancelled():
            return replace(row, state="cancelled")
        case _:
            assert_never(event)


def _without(row: TrainingEntry, person_id: UUID) -> TrainingEntry:
    if row.trainer_id == person_id:
        return replace(row, trainer_id=None)
    return replace(row, people=tuple(each for each in row.people if each != person_id))


@dataclass(frozen=True, slots=True)
class SparringEntry:
    """A trainer and a time once it is booked; none while it waits to be booked."""

    sparring_id: UUID
    employee_id: UUID | None = None
    skill: str | None = None
    wish: Annotated[str | None, Personal("employee_id")] = None
    trainer_id: UUID | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    state: str = "asked"
    contacts: int | None = None
    observations: Annotated[tuple[str, ...] | None, Personal("employee_id")] = None
    tip: Annotated[str | None, Personal("employee_id")] = None
    useful: int | None = None


def sparring_of(event: SparringEvent, _: Recorded) -> UUID:
    return event.sparring_id


def sparring(row: SparringEntry | None, event: SparringEvent, _: Recorded) -> SparringEntry:
    row = row or SparringEntry(event.sparring_id)
    match event:
        case SparringAsked():
            return replace(row, employee_id=event.employee_id, skill=event.skill, wish=event.wish)
        case SparringBooked():
            return replace(
                row,
                trainer_id=event.trainer.person_id,
                starts_at=event.starts_at,
                minutes=event.minutes,
                state="booked",
            )
        case SparringReturned():
            return replace(row, trainer_id=None, starts_at=None, minutes=None, state="asked")
        case SparringHeld():
            return replace(
                row,
                starts_at=event.held_at,
                state="held",
                contacts=event.contacts,
                observations=event.observations,
                tip=event.tip,
            )
        case SparringRated():
            return replace(row, state="rated", useful=event.useful)
        case SparringCancelled():
            return replace(row, state="cancelled")
        case _:
            assert_never(event)
