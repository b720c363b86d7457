"""Policies about learning: mappings, trainers, trainings."""

from collections.abc import Sequence

from services.coaching.deciders.plan import MeetNeeds
from services.coaching.deciders.pool import ExpressInterest
from services.coaching.deciders.skills import AskForMapping
from services.coaching.deciders.sparring import ReturnSparring
from services.coaching.deciders.training import DropParticipant
from services.coaching.events.round import RoundOpened
from services.coaching.events.shapes import NeedRef
from services.coaching.events.skills import MappingAnswered
from services.coaching.events.sparring import SparringHeld
from services.coaching.inbox.scheduling import ActivityDisplaced
from shared.core.event import Recorded
from shared.core.policy import Policy


def return_sparring(event: ActivityDisplaced, recorded: Recorded) -> Sequence[ReturnSparring]:
    """A sparring that one of the two cannot come to is booked anew."""
    sparring_id = event.of("sparring")
    return [] if sparring_id is None else [ReturnSparring(sparring_id=sparring_id, cause=event.cause)]


def drop_participant(event: ActivityDisplaced, recorded: Recorded) -> Sequence[DropParticipant]:
    """Who cannot come to a training is dropped from it, the trainer too."""
    training_id = event.of("training")
    return [] if training_id is None else [DropParticipant(training_id=training_id, person_id=event.person_id)]


def meet_need_by_sparring(event: SparringHeld, recorded: Recorded) -> Sequence[MeetNeeds]:
    """A sparring that was asked for because of a need meets it."""
    if event.need_id is None:
        return []
    need = NeedRef(need_id=event.need_id, topic=event.skill)
    return [MeetNeeds(person_id=event.employee_id, needs=(need,), ref=event.sparring_id)]


def ask_for_mapping(event: RoundOpened, recorded: Recorded) -> Sequence[AskForMapping]:
    """When a round opens, everybody in it is asked."""
    return [
        AskForMapping(
            person_id=seat.person_id,
            team_id=seat.team_id,
            round_id=event.round_id,
            pool_id=event.pool_id,
            closes_on=event.closes_on,
            skills=event.skills,
        )
        for seat in event.people
    ]


def queue_interest(event: MappingAnswered, recorded: Recorded) -> Sequence[ExpressInterest]:
    """Who would like to train others, and masters something to teach, waits for it from that day."""
    if not event.trainer_interest or not event.teachable:
        return []
    return [
        ExpressInterest(
            pool_id=event.pool_id,
            person_id=event.person_id,
            team_id=event.team_id,
            topics=event.teachable,
            on=event.answered_on,
        )
    ]


POLICIES: tuple[Policy, ...] = (
    Policy("return-sparring", ActivityDisplaced, return_sparring),
    Policy("drop-participant", ActivityDisplaced, drop_participant),
    Policy("meet-need-by-sparring", SparringHeld, meet_need_by_sparring),
    Policy("ask-for-mapping", RoundOpened, ask_for_mapping),
    Policy("queue-interest", MappingAnswered, queue_interest),
)
