"""Deadlines about learning: evaluations, mappings, trainers, trainings."""

from datetime import date, time, timedelta
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.pool import EndTerm
from services.coaching.deciders.round import CloseRound, OpenRound
from services.coaching.deciders.skills import HALF_A_YEAR, FlagMappingDue
from services.coaching.events.plan import PlanEnded, PlanOpened
from services.coaching.events.pool import TrainerAppointed, TrainerTermEnded
from services.coaching.events.round import RoundAnnounced, RoundClosed, RoundOpened
from services.coaching.events.skills import MappingAnswered, MappingFellDue
from shared.core.deadline import END_OF_DAY, ORGANISATION, Deadline, Done, Due, Local
from shared.core.event import Recorded

MORNING = time(8)
FIRST_MAPPING_AFTER = timedelta(days=90)
ASKED_AGAIN_AFTER = timedelta(days=30)


def round_opens(event: RoundAnnounced | RoundOpened | RoundClosed, recorded: Recorded) -> Due | Done:
    """A round may be of many teams: it opens on one morning for all of them."""
    key = (event.round_id,)
    match event:
        case RoundAnnounced():
            return Due(key, Local(event.opens_on, MORNING, ORGANISATION), OpenRound(round_id=event.round_id))
        case RoundOpened() | RoundClosed():
            return Done(key)
        case _:
            assert_never(event)


def round_closes(event: RoundOpened | RoundClosed, recorded: Recorded) -> Due | Done:
    """A round that is not closed by hand closes on its last evening."""
    key = (event.round_id,)
    match event:
        case RoundOpened():
            return Due(key, Local(event.closes_on, END_OF_DAY, ORGANISATION), CloseRound(round_id=event.round_id))
        case RoundClosed():
            return Done(key)
        case _:
            assert_never(event)


def first_mapping_due(event: PlanOpened | PlanEnded, recorded: Recorded) -> Due | Done:
    """A new person is mapped within three months, whenever the next round may be."""
    key = (event.person_id, "first")
    match event:
        case PlanOpened():
            return _mapping_due(key, event.person_id, event.team_id, event.from_day + FIRST_MAPPING_AFTER)
        case PlanEnded():
            return Done(key)
        case _:
            assert_never(event)


def skills_mapping_due(event: MappingAnswered | MappingFellDue, recorded: Recorded) -> Due:
    """Everybody is mapped twice a year; who is late is told of again every month."""
    match event:
        case MappingAnswered():
            due_on = event.answered_on + HALF_A_YEAR
        case MappingFellDue():
            due_on = event.due_on + ASKED_AGAIN_AFTER
        case _:
            assert_never(event)
    return _mapping_due((event.person_id,), event.person_id, event.team_id, due_on)


def _mapping_due(key: tuple[object, ...], person_id: UUID, team_id: UUID | None, due_on: date) -> Due:
    return Due(
        key,
        Local(due_on, END_OF_DAY, team_id or ORGANISATION),
        FlagMappingDue(person_id=person_id, due_on=due_on),
    )


def trainer_rotation_due(event: TrainerAppointed | TrainerTermEnded, recorded: Recorded) -> Due | Done:
    """On the last evening of a term the turn passes on."""
    key = (event.pool_id, event.person_id)
    match event:
        case TrainerAppointed():
            end = EndTerm(pool_id=event.pool_id, person_id=event.person_id, reason="rotation", on=event.ends_on)
            return Due(key, Local(event.ends_on, END_OF_DAY, event.team_id), end)
        case TrainerTermEnded():
            return Done(key)
        case _:
            assert_never(event)


DEADLINES: tuple[Deadline, ...] = (
    Deadline("round-opens", RoundAnnounced | RoundOpened | RoundClosed, round_opens),
    Deadline("round-closes", RoundOpened | RoundClosed, round_closes),
    Deadline("first-mapping-due", PlanOpened | PlanEnded, first_mapping_due),
    Deadline("skills-mapping-due", MappingAnswered | MappingFellDue, skills_mapping_due),
    Deadline("trainer-rotation-due", TrainerAppointed | TrainerTermEnded, trainer_rotation_due),
)
