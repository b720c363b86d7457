"""Whenever something has happened, what onboarding asks of itself."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from services.onboarding.deciders.journey import (
    BeginStages,
    MoveJourney,
    RecordCoaching,
    RecordMonitoring,
    StopJourney,
    VoidRecord,
)
from services.onboarding.deciders.welcome import PrepareWelcome
from services.onboarding.events.journey import StartMoved
from services.onboarding.events.structure import PersonLeft, PersonMovedTeam
from services.onboarding.events.welcome import PlanIntroduced
from services.onboarding.inbox import (
    EvaluationRecorded,
    EvaluationVoided,
    Need,
    SessionHeld,
    SessionVoided,
    SparringHeld,
    TrainingHeld,
)
from services.onboarding.policies import POLICIES
from shared.core.decider import Command
from shared.core.event import Event, event_types
from tests.onboarding.aino import journey_started
from tests.onboarding.plan import AINO, GOAL, KIT, MONDAY, OTHER_TEAM, SESSION, TEAM, TUULA, at
from tests.services.envelopes import recorded

EVALUATION, SPARRING, TRAINING = (UUID(int=number) for number in range(61, 64))


def asked(policy: str, event: Event, version: int = 1) -> Sequence[Command]:
    (found,) = (each for each in POLICIES if each.name == policy)
    assert event.event_name in event_types(found.hears)
    return found.ask(event, recorded(event, version))


def test_a_started_journey_is_prepared_for() -> None:
    expected = PrepareWelcome(
        person_id=AINO, team_id=TEAM, journey_no=1, starts_on=MONDAY, final_goal=GOAL, kit=KIT, seq=4
    )
    assert asked("prepare-welcome", journey_started, version=4) == [expected]


def test_another_first_day_is_prepared_for() -> None:
    moved = StartMoved(person_id=AINO, team_id=TEAM, journey_no=1, starts_on=MONDAY, final_goal=GOAL, kit=KIT)
    expected = PrepareWelcome(
        person_id=AINO, team_id=TEAM, journey_no=1, starts_on=MONDAY, final_goal=GOAL, kit=KIT, seq=2
    )
    assert asked("prepare-welcome", moved, version=2) == [expected]


def test_an_introduced_plan_opens_the_first_stage() -> None:
    introduced = PlanIntroduced(person_id=AINO, team_id=TEAM, journey_no=1, introduced_on=MONDAY, final_goal=GOAL)
    assert asked("begin-first-stage", introduced) == [BeginStages(person_id=AINO, journey_no=1, on=MONDAY)]


def test_the_journey_follows_the_person() -> None:
    moved = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=OTHER_TEAM, from_day=MONDAY)
    assert asked("journey-follows-person", moved, version=3) == [MoveJourney(person_id=AINO, from_day=MONDAY, seq=3)]


def test_the_journey_of_a_leaver_stops_on_the_last_day() -> None:
    left = PersonLeft(person_id=AINO, team_id=TEAM, last_day=date(2027, 4, 30), reason=None)
    assert asked("stop-journey-of-leaver", left) == [StopJourney(person_id=AINO, reason="left", on=date(2027, 4, 30))]


def test_a_held_session_counts_as_coaching() -> None:
    held = SessionHeld(session_id=SESSION, employee_id=AINO, held_at=at(18, 10), needs=(Need(topic="crm-search"),))
    assert asked("session-counts-for-stage", held) == [
        RecordCoaching(person_id=AINO, ref=SESSION, form="coach", topics=("crm-search",), held_on=date(2027, 3, 18))
    ]


def test_the_day_is_the_one_where_it_was_held() -> None:
    summer = timezone(timedelta(hours=3))
    late = SessionHeld(session_id=SESSION, employee_id=AINO, held_at=datetime(2027, 4, 1, 1, tzinfo=summer), needs=())
    assert asked("session-counts-for-stage", late) == [
        RecordCoaching(person_id=AINO, ref=SESSION, form="coach", topics=(), held_on=date(2027, 4, 1))
    ]


def test_a_voided_session_counts_no_more() -> None:
    voided = SessionVoided(session_id=SESSION, employee_id=AINO)
    assert asked("session-counts-for-stage", voided) == [
        VoidRecord(person_id=AINO, record_id=SESSION, reason="The coaching session was voided.")
    ]


def test_sparring_counts() -> None:
    held = SparringHeld(sparring_id=SPARRING, employee_id=AINO, skill="listening", held_at=at(18))
    assert asked("sparring-counts-for-stage", held) == [
        RecordCoaching(person_id=AINO, ref=SPARRING, form="spar", topics=("listening",), held_on=date(2027, 3, 18))
    ]


def test_a_training_counts_for_each_who_came() -> None:
    held = TrainingHeld(training_id=TRAINING, skill="billing", attended=(AINO, TUULA), held_at=at(18))
    assert asked("training-counts-for-stage", held) == [
        RecordCoaching(person_id=person, ref=TRAINING, form="train", topics=("billing",), held_on=date(2027, 3, 18))
        for person in (AINO, TUULA)
    ]


def evaluation(subject: str = "employee", purpose: str = "onboarding") -> EvaluationRecorded:
    return EvaluationRecorded(
        evaluation_id=EVALUATION, subject=subject, subject_id=AINO, purpose=purpose, observed_on=date(2027, 3, 15)
    )


@pytest.mark.parametrize("purpose", ["onboarding", "development"])
def test_an_evaluation_counts_as_monitoring(purpose: str) -> None:
    assert asked("evaluation-counts-as-monitoring", evaluation(purpose=purpose)) == [
        RecordMonitoring(person_id=AINO, monitoring_id=EVALUATION, observed_on=date(2027, 3, 15))
    ]


@pytest.mark.parametrize(
    "other", [evaluation(subject="candidate"), evaluation(purpose="calibration"), evaluation(purpose="selection")]
)
def test_other_evaluations_do_not_count(other: EvaluationRecorded) -> None:
    assert asked("evaluation-counts-as-monitoring", other) == []


def test_a_voided_evaluation_counts_no_more() -> None:
    voided = EvaluationVoided(evaluation_id=EVALUATION, subject_id=AINO)
    assert asked("evaluation-counts-as-monitoring", voided) == [
        VoidRecord(person_id=AINO, record_id=EVALUATION, reason="The evaluation was voided.")
    ]


def test_the_names_never_change() -> None:
    """They are part of the ids of the commands."""
    assert [policy.name for policy in POLICIES] == [
        "prepare-welcome",
        "begin-first-stage",
        "journey-follows-person",
        "stop-journey-of-leaver",
        "session-counts-for-stage",
        "sparring-counts-for-stage",
        "training-counts-for-stage",
        "evaluation-counts-as-monitoring",
    ]
