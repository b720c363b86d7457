"""What may be asked about a training."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.coaching.events.shapes import Seat
from shared.core.decider import Command, example, if_over, if_unknown
from shared.core.types import Instant, once

TRAINING = "0195b1c0-0000-7000-8000-000000000a11"
TEAM = "0195b1c0-0000-7000-8000-0000000000b1"
SOFIA = "0195b1c0-0000-7000-8000-000000000004"
MOST_PARTICIPANTS = 30

People = Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_PARTICIPANTS), once()]
Seats = Annotated[tuple[Seat, ...], Field(min_length=1, max_length=MOST_PARTICIPANTS), once("person_id")]
NO_TRAINING = if_unknown("training") | if_over("training")


class PlanTraining(Command):
    """Plan a training with a published package; without `minutes` it takes as long as the package says."""

    model_config = example(
        training_id=TRAINING,
        package_id="0195b1c0-0000-7000-8000-000000000a01",
        trainer={"person_id": "0195b1c0-0000-7000-8000-000000000003", "team_id": TEAM},
        participants=[{"person_id": SOFIA, "team_id": TEAM}],
        starts_at="2027-04-08T10:00:00+03:00",
        minutes=90,
    )
    refused = {
        "beyond-horizon": "nothing is booked more than 26 weeks ahead",
        "in-the-past": "it is booked for a time to come",
        "package-not-published": "trainings are planned with a published package",
        "trainer-is-participant": "nobody is trained by themselves",
        "trainer-not-in-package": "a colleague who gives it has joined the package first",
        "training-exists": "a training with this id was planned otherwise",
    }
    training_id: UUID
    package_id: UUID
    trainer: Seat
    participants: Seats
    starts_at: Instant
    minutes: Annotated[int, Field(ge=15, le=480)] | None = None


class AddParticipant(Command):
    """Let somebody else come too."""

    model_config = example(training_id=TRAINING, participant={"person_id": SOFIA, "team_id": TEAM})
    refused = NO_TRAINING | {
        "trainer-is-participant": "nobody is trained by themselves",
        "training-full": "the training has as many participants as it may",
    }
    training_id: UUID
    participant: Seat


class DropParticipant(Command):
    """Tell that somebody cannot come; of the trainer too, and then another one is to be found."""

    model_config = example(training_id=TRAINING, person_id=SOFIA)
    refused = NO_TRAINING
    training_id: UUID
    person_id: UUID


class HoldTraining(Command):
    """Tell that the training was given and who came; `trainer_id` names who stood in for the planned trainer."""

    model_config = example(training_id=TRAINING, attended=[SOFIA], held_at="2027-02-25T10:05:00+02:00")
    refused = NO_TRAINING | {
        "held-in-future": "it has not been held yet",
        "not-a-participant": "somebody who came is to be added first",
        "trainer-is-participant": "nobody is trained by themselves",
        "trainer-missing": "the planned trainer was dropped: name who gave the training",
    }
    training_id: UUID
    trainer_id: UUID | None = None
    attended: People
    held_at: Instant


class CancelTraining(Command):
    """Give up the training; the time of all its people is free again."""

    model_config = example(training_id=TRAINING, reason="staffing")
    refused = NO_TRAINING
    training_id: UUID
    reason: Literal["staffing", "trainer", "other"]


TrainingCommand = PlanTraining | AddParticipant | DropParticipant | HoldTraining | CancelTraining
