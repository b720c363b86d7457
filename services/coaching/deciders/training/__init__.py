"""One training: planned from a package, people added and dropped, held or cancelled."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.package import Published, package
from services.coaching.deciders.package import stream_of as package_stream
from services.coaching.deciders.times import refuse_unbookable, refuse_unheld
from services.coaching.deciders.training.commands import (
    MOST_PARTICIPANTS,
    AddParticipant,
    CancelTraining,
    DropParticipant,
    HoldTraining,
    PlanTraining,
    TrainingCommand,
)
from services.coaching.deciders.training.state import (
    Cancelled,
    Held,
    Training,
    Unplanned,
    evolve,
    known,
    refuse_over,
)
from services.coaching.events.training import (
    ParticipantAdded,
    ParticipantDropped,
    TrainingCancelled,
    TrainingEvent,
    TrainingHeld,
    TrainingPlanned,
)
from shared.core.decider import Asked, Decider, Look, LookUps, Rejected, Seen


def stream_of(training_id: UUID) -> str:
    return f"coaching.training-{training_id}"


def look_ups(command: TrainingCommand, training: Training) -> LookUps:
    match command:
        case PlanTraining():
            return {"package": Look(package, package_stream(command.package_id))}
        case AddParticipant() | DropParticipant() | HoldTraining() | CancelTraining():
            return {}
        case _:
            assert_never(command)


def decide(command: TrainingCommand, training: Training, seen: Seen, asked: Asked) -> Sequence[TrainingEvent]:
    match command:
        case PlanTraining():
            return _plan(command, training, seen, asked)
        case AddParticipant():
            return _add(command, training)
        case DropParticipant():
            return _drop(command, training)
        case HoldTraining():
            return _hold(command, training, asked)
        case CancelTraining():
            return _cancel(command, training)
        case _:
            assert_never(command)


def _plan(command: PlanTraining, training: Training, seen: Seen, asked: Asked) -> Sequence[TrainingEvent]:
    if not isinstance(training, Unplanned):
        if _is_told(command, known(training).planned):
            return []
        raise Rejected("training-exists", "a training with this id was planned otherwise")
    if not isinstance(seen.package, Published):
        raise Rejected("package-not-published", "trainings are planned with a published package")
    newest = seen.package.newest
    if newest.source == "peer" and command.trainer.person_id not in seen.package.trainers:
        raise Rejected("trainer-not-in-package", "a colleague who gives it has joined the package first")
    if any(seat.person_id == command.trainer.person_id for seat in command.participants):
        raise _trainer_is_participant()
    refuse_unbookable(command.starts_at, asked)
    minutes = newest.minutes if command.minutes is None else command.minutes
    return [TrainingPlanned(**dict(command) | {"minutes": minutes}, skill=newest.skill)]


def _is_told(command: PlanTraining, planned: TrainingPlanned) -> bool:
    """Without minutes they are those of the package, as they were then."""
    return all(getattr(planned, field) == value for field, value in command if (field, value) != ("minutes", None))


def _trainer_is_participant() -> Rejected:
    return Rejected("trainer-is-participant", "nobody is trained by themselves")


def _add(command: AddParticipant, training: Training) -> Sequence[TrainingEvent]:
    there = known(training)
    if there.takes_part(command.participant.person_id):
        return []
    refuse_over(training)
    if len(there.participants) >= MOST_PARTICIPANTS:
        raise Rejected("training-full", f"a training has {MOST_PARTICIPANTS} participants at most")
    if there.trainer is not None and there.trainer.person_id == command.participant.person_id:
        raise _trainer_is_participant()
    return [ParticipantAdded(**dict(command), starts_at=there.planned.starts_at, minutes=there.planned.minutes)]


def _drop(command: DropParticipant, training: Training) -> Sequence[TrainingEvent]:
    there = known(training)
    seat = there.seat_of(command.person_id)
    if seat is None:
        return []
    refuse_over(training)
    return [ParticipantDropped(training_id=command.training_id, participant=seat, starts_at=there.planned.starts_at)]


def _hold(command: HoldTraining, training: Training, asked: Asked) -> Sequence[TrainingEvent]:
    there = known(training)
    trainer_id = command.trainer_id or (there.trainer.person_id if there.trainer else None)
    if isinstance(training, Held) and _is_held_so(command, trainer_id, training.held):
        return []
    refuse_over(training)
    if strangers := [person_id for person_id in command.attended if not there.takes_part(person_id)]:
        raise Rejected("not-a-participant", f"{len(strangers)} who came are to be added first")
    if trainer_id is None:
        raise Rejected("trainer-missing", "the planned trainer was dropped: name who gave the training")
    if trainer_id in command.attended:
        raise _trainer_is_participant()
    refuse_unheld(command.held_at, asked)
    return [
        TrainingHeld(
            training_id=command.training_id,
            package_id=there.planned.package_id,
            skill=there.planned.skill,
            trainer_id=trainer_id,
            attended=command.attended,
            held_at=command.held_at,
            minutes=there.planned.minutes,
        )
    ]


def _is_held_so(command: HoldTraining, trainer_id: UUID | None, held: TrainingHeld) -> bool:
    return (held.trainer_id, held.attended, held.held_at) == (trainer_id, command.attended, command.held_at)


def _cancel(command: CancelTraining, training: Training) -> Sequence[TrainingEvent]:
    there = known(training)
    if isinstance(training, Cancelled) and training.reason == command.reason:
        return []
    refuse_over(training)
    return [
        TrainingCancelled(
            training_id=command.training_id,
            trainer=there.trainer,
            participants=there.participants,
            starts_at=there.planned.starts_at,
            reason=command.reason,
        )
    ]


training: Decider[TrainingCommand, Training, TrainingEvent] = Decider(
    kind="training",
    commands=TrainingCommand,
    events=TrainingEvent,
    stream=lambda command: stream_of(command.training_id),
    initial=Unplanned(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "AddParticipant",
    "CancelTraining",
    "DropParticipant",
    "HoldTraining",
    "PlanTraining",
    "TrainingCommand",
    "training",
]
