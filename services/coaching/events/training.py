"""What can have happened with one training: planned, people added and dropped, held or cancelled."""

from uuid import UUID

from services.coaching.events.shapes import Seat
from shared.core.event import Event
from shared.core.types import Instant


class TrainingPlanned(Event, name="coaching.training-planned"):
    """These people are trained in a skill at this time."""

    training_id: UUID
    package_id: UUID
    skill: str
    trainer: Seat
    participants: tuple[Seat, ...]
    starts_at: Instant
    minutes: int


class ParticipantAdded(Event, name="coaching.participant-added"):
    """Somebody else comes to the training too."""

    training_id: UUID
    participant: Seat
    starts_at: Instant
    minutes: int


class ParticipantDropped(Event, name="coaching.participant-dropped"):
    """Somebody does not come to the training; when it is the trainer, another one has to be found."""

    training_id: UUID
    participant: Seat
    starts_at: Instant


class TrainingHeld(Event, name="coaching.training-held"):
    """The training was given, and these people came."""

    training_id: UUID
    package_id: UUID
    skill: str
    trainer_id: UUID
    attended: tuple[UUID, ...]
    held_at: Instant
    minutes: int


class TrainingCancelled(Event, name="coaching.training-cancelled"):
    """The training is not given; `trainer` is None when the trainer had been dropped."""

    training_id: UUID
    trainer: Seat | None
    participants: tuple[Seat, ...]
    starts_at: Instant
    reason: str


TrainingEvent = TrainingPlanned | ParticipantAdded | ParticipantDropped | TrainingHeld | TrainingCancelled
