"""What comes of onboarding's policies hangs neither on the order of streams nor on how often a fact was brought."""

from datetime import date
from uuid import UUID

import pytest

from services.onboarding.events.structure import PersonMovedTeam
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
from services.onboarding.service import service
from shared.testing.interleavings import history
from tests.onboarding.aino import IN_BASICS, IN_FIRST_RESPONSE, journey_started, start_moved
from tests.onboarding.histories import of_onni
from tests.onboarding.organisation import ONNI, aino_joined, onni_joined, onni_left
from tests.onboarding.plan import AINO, GOAL, MONDAY, OTHER_TEAM, SESSION, TEAM, at
from tests.services.deliveries import Hearing, assert_any_delivery

EVALUATION, SPARRING, TRAINING, NEXT = (UUID(int=number) for number in range(361, 365))
held = SessionHeld(session_id=SESSION, employee_id=AINO, held_at=at(18, 10), needs=(Need(topic="crm-search"),))
recorded = EvaluationRecorded(
    evaluation_id=EVALUATION, subject="employee", subject_id=AINO, purpose="onboarding", observed_on=date(2027, 3, 15)
)
moved_there = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=OTHER_TEAM, from_day=at(15).date())
moved_back = PersonMovedTeam(person_id=AINO, from_team_id=OTHER_TEAM, to_team_id=TEAM, from_day=at(17).date())
moved_on = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=OTHER_TEAM, from_day=at(19).date())
HEARINGS = {
    "what coaching tells counts for the stage": Hearing(
        (
            "session-counts-for-stage",
            "sparring-counts-for-stage",
            "training-counts-for-stage",
            "evaluation-counts-as-monitoring",
            "journey-follows-person",
        ),
        (
            history(f"coaching.session-{SESSION}", held),
            history(
                f"coaching.session-{NEXT}",
                held.model_copy(update={"session_id": NEXT}),
                SessionVoided(session_id=NEXT, employee_id=AINO),
            ),
            history(
                f"coaching.sparring-{SPARRING}",
                SparringHeld(sparring_id=SPARRING, employee_id=AINO, skill="listening", held_at=at(18)),
            ),
            history(
                f"coaching.training-{TRAINING}",
                TrainingHeld(training_id=TRAINING, skill="billing", attended=(AINO, ONNI), held_at=at(18)),
            ),
            history(
                f"coaching.evaluation-{EVALUATION}",
                recorded,
                EvaluationVoided(evaluation_id=EVALUATION, subject_id=AINO),
            ),
            history(f"onboarding.person-{AINO}", aino_joined, moved_there, moved_back, moved_on),
        ),
        {
            f"onboarding.journey-{AINO}": IN_FIRST_RESPONSE,
            f"onboarding.person-{AINO}": (aino_joined, moved_there, moved_back, moved_on),
        },
    ),
    "the welcome follows the journey, and both the person": Hearing(
        ("prepare-welcome", "begin-first-stage", "stop-journey-of-leaver"),
        (
            history(f"onboarding.journey-{AINO}", journey_started, start_moved),
            history(f"onboarding.person-{ONNI}", onni_joined, onni_left),
            history(
                f"onboarding.welcome-{AINO}",
                PlanIntroduced(person_id=AINO, team_id=TEAM, journey_no=1, introduced_on=MONDAY, final_goal=GOAL),
            ),
        ),
        {
            f"onboarding.journey-{AINO}": IN_BASICS[:1],
            f"onboarding.journey-{ONNI}": of_onni(*IN_BASICS),
            f"onboarding.person-{ONNI}": (onni_joined, onni_left),
        },
    ),
}


def test_every_policy_is_heard_in_any_order() -> None:
    assert {name for hearing in HEARINGS.values() for name in hearing.policies} == {
        policy.name for policy in service.policies
    }


@pytest.mark.parametrize("hearing", HEARINGS.values(), ids=HEARINGS)
def test_the_same_comes_of_every_order_and_of_every_repeat(hearing: Hearing) -> None:
    assert_any_delivery(service, hearing)
