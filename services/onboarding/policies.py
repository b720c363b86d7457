"""Whenever something has happened, what do we ask of ourselves?"""

from collections.abc import Sequence
from typing import assert_never

from services.onboarding.deciders.journey import (
    BeginStages,
    MoveJourney,
    RecordCoaching,
    RecordMonitoring,
    StopJourney,
    VoidRecord,
)
from services.onboarding.deciders.welcome import PrepareWelcome
from services.onboarding.events.journey import JourneyStarted, StartMoved
from services.onboarding.events.structure import PersonLeft, PersonMovedTeam
from services.onboarding.events.welcome import PlanIntroduced
from services.onboarding.inbox import (
    EvaluationRecorded,
    EvaluationVoided,
    SessionHeld,
    SessionVoided,
    SparringHeld,
    TrainingHeld,
)
from shared.core.event import Recorded
from shared.core.policy import Policy

COUNTED_PURPOSES = ("onboarding", "development")


def prepare_welcome(event: JourneyStarted | StartMoved, recorded: Recorded) -> Sequence[PrepareWelcome]:
    """Who is to come is expected; another first day is another day to be ready."""
    return [
        PrepareWelcome(
            person_id=event.person_id,
            team_id=event.team_id,
            journey_no=event.journey_no,
            starts_on=event.starts_on,
            final_goal=event.final_goal,
            kit=event.kit,
            seq=recorded.version,
        )
    ]


def begin_first_stage(event: PlanIntroduced, recorded: Recorded) -> Sequence[BeginStages]:
    """The first stage opens once the hire knows the plan."""
    return [BeginStages(person_id=event.person_id, journey_no=event.journey_no, on=event.introduced_on)]


def journey_follows_person(event: PersonMovedTeam, recorded: Recorded) -> Sequence[MoveJourney]:
    """Who changes teams during the onboarding takes the journey along."""
    return [MoveJourney(person_id=event.person_id, from_day=event.from_day, seq=recorded.version)]


def stop_journey_of_leaver(event: PersonLeft, recorded: Recorded) -> Sequence[StopJourney]:
    """Who leaves is onboarded no further."""
    return [StopJourney(person_id=event.person_id, reason="left", on=event.last_day)]


def session_counts_for_stage(
    event: SessionHeld | SessionVoided, recorded: Recorded
) -> Sequence[RecordCoaching | VoidRecord]:
    """A coaching conversation is coaching of the open stage, until it is voided."""
    match event:
        case SessionHeld():
            return [
                RecordCoaching(
                    person_id=event.employee_id,
                    ref=event.session_id,
                    form="coach",
                    topics=tuple(need.topic for need in event.needs),
                    held_on=event.held_at.date(),
                )
            ]
        case SessionVoided():
            return [
                VoidRecord(
                    person_id=event.employee_id,
                    record_id=event.session_id,
                    reason="The coaching session was voided.",
                )
            ]
        case _:
            assert_never(event)


def sparring_counts_for_stage(event: SparringHeld, recorded: Recorded) -> Sequence[RecordCoaching]:
    """Sparring with a colleague is sparring of the open stage."""
    return [
        RecordCoaching(
            person_id=event.employee_id,
            ref=event.sparring_id,
            form="spar",
            topics=(event.skill,),
            held_on=event.held_at.date(),
        )
    ]


def training_counts_for_stage(event: TrainingHeld, recorded: Recorded) -> Sequence[RecordCoaching]:
    """A training is training of the open stage, for each who came."""
    return [
        RecordCoaching(
            person_id=person_id,
            ref=event.training_id,
            form="train",
            topics=(event.skill,),
            held_on=event.held_at.date(),
        )
        for person_id in event.attended
    ]


def evaluation_counts_as_monitoring(
    event: EvaluationRecorded | EvaluationVoided, recorded: Recorded
) -> Sequence[RecordMonitoring | VoidRecord]:
    """An evaluation of the hire's contacts is monitoring of the open stage, until it is voided."""
    match event:
        case EvaluationRecorded():
            if event.subject != "employee" or event.purpose not in COUNTED_PURPOSES:
                return []
            return [
                RecordMonitoring(
                    person_id=event.subject_id,
                    monitoring_id=event.evaluation_id,
                    observed_on=event.observed_on,
                )
            ]
        case EvaluationVoided():
            return [
                VoidRecord(
                    person_id=event.subject_id,
                    record_id=event.evaluation_id,
                    reason="The evaluation was voided.",
                )
            ]
        case _:
            assert_never(event)


POLICIES = (
    Policy("prepare-welcome", JourneyStarted | StartMoved, prepare_welcome),
    Policy("begin-first-stage", PlanIntroduced, begin_first_stage),
    Policy("journey-follows-person", PersonMovedTeam, journey_follows_person),
    Policy("stop-journey-of-leaver", PersonLeft, stop_journey_of_leaver),
    Policy("session-counts-for-stage", SessionHeld | SessionVoided, session_counts_for_stage),
    Policy("sparring-counts-for-stage", SparringHeld, sparring_counts_for_stage),
    Policy("training-counts-for-stage", TrainingHeld, training_counts_for_stage),
    Policy(
        "evaluation-counts-as-monitoring",
        EvaluationRecorded | EvaluationVoided,
        evaluation_counts_as_monitoring,
    ),
)
