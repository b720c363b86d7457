"""What coaching's policies make of facts does not hang on which stream came first, or how often a fact was brought."""

from uuid import UUID

import pytest

from services.coaching.inbox.directory import PersonLeft, PersonMovedTeam
from services.coaching.inbox.journey import CheckFailed, CheckPassed, JourneyStalled
from services.coaching.service import service
from shared.testing.interleavings import history
from tests.coaching.cast import (
    AINO,
    FORM,
    NEXT_SESSION,
    ONNI,
    OTHER_ACTION,
    OTHER_TEAM,
    SESSION,
    TEAM,
    TUULA,
)
from tests.coaching.conversation_streams import LATER_STREAM, told
from tests.coaching.evaluated import EVALUATION, evaluated
from tests.coaching.forms import published, started
from tests.coaching.heard import coaching_displaced
from tests.coaching.learning_streams import OTHER_ROUND_STREAM, joined
from tests.coaching.learnt import SPARRING, TRAINING, sparring_asked, sparring_booked, sparring_held, training_planned
from tests.coaching.people_matters import goal_set
from tests.coaching.plans import coach_changed, need_raised, plan_opened, plan_paused, series_planned
from tests.coaching.sessions import cancelled, other_agreed, session_booked, session_held, session_moved, voided
from tests.coaching.trainers import POOL, ROUND, mapping_answered, pool_opened, round_opened
from tests.services.deliveries import Hearing, assert_any_delivery

ATTEMPT, RETAKE = UUID(int=91), UUID(int=92)
FORMS = {f"coaching.form-{FORM}": (started, published)}
SESSION_STREAM = history(f"coaching.session-{SESSION}", session_booked, session_moved, session_held, voided)
CHECKS = history(
    f"onboarding.journey-{AINO}",
    CheckFailed(person_id=AINO, team_id=TEAM, attempt_id=ATTEMPT, stage="basics", needs=("crm-search",)),
    CheckPassed(person_id=AINO, team_id=TEAM, attempt_id=RETAKE, stage="basics", needs=("contact-notes",)),
    JourneyStalled(person_id=AINO, team_id=TEAM, journey_no=1, stage="basics", due_on=plan_opened.next_due_on),
)
displaced = {
    "sparring": coaching_displaced.model_copy(update={"kind": "sparring", "ref": str(SPARRING)}),
    "training": coaching_displaced.model_copy(update={"kind": "training", "ref": str(TRAINING)}),
}
HEARINGS = {
    "plans follow people, and hear of their needs and talks": Hearing(
        (
            "plan-follows-membership",
            "count-session",
            "need-from-check",
            "need-from-stall",
            "need-from-evaluation",
            "need-from-mapping",
        ),
        (
            history(
                f"onboarding.person-{AINO}",
                joined(AINO),
                PersonMovedTeam(person_id=AINO, to_team_id=OTHER_TEAM, from_day=plan_opened.next_due_on),
            ),
            SESSION_STREAM,
            LATER_STREAM,
            CHECKS,
            history(f"coaching.evaluation-{EVALUATION}", evaluated),
            history(f"coaching.skills-{TUULA}", mapping_answered),
        ),
        {},
    ),
    "bookings are mirrored": Hearing(
        ("mirror-bookings",),
        (
            SESSION_STREAM,
            history(f"coaching.session-{NEXT_SESSION}", *told((session_booked, cancelled), session_id=NEXT_SESSION)),
            LATER_STREAM,
        ),
        {f"coaching.plan-{person}": told((plan_opened,), person_id=person) for person in (AINO, ONNI)},
    ),
    "who leaves is talked with no more": Hearing(
        ("plan-follows-membership", "cancel-sessions-of-plan", "need-from-check"),
        (
            history(
                f"onboarding.person-{AINO}",
                joined(AINO),
                PersonLeft(person_id=AINO, team_id=TEAM, last_day=plan_opened.from_day),
            ),
            history(f"coaching.plan-{ONNI}", *told((plan_paused,), person_id=ONNI)),
        ),
        {f"coaching.session-{NEXT_SESSION}": told((session_booked,), session_id=NEXT_SESSION)},
    ),
    "sessions follow plans and shifts": Hearing(
        ("book-series", "hand-over-sessions", "note-clash"),
        (
            history(f"coaching.plan-{AINO}", series_planned, coach_changed),
            history("scheduling.week-1", coaching_displaced),
            history("scheduling.week-2", coaching_displaced.model_copy(update={"cause_ref": "b"})),
        ),
        {
            **FORMS,
            f"coaching.plan-{AINO}": (plan_opened,),
            f"coaching.session-{SESSION}": (session_booked,),
            f"coaching.session-{NEXT_SESSION}": told((session_booked,), session_id=NEXT_SESSION),
        },
    ),
    "what was agreed is followed up": Hearing(
        ("agree-actions", "follow-up-actions", "report-goal-progress"),
        (
            SESSION_STREAM,
            history(
                f"coaching.session-{NEXT_SESSION}",
                *told((session_held,), session_id=NEXT_SESSION, employee_id=ONNI, actions=(), reviewed=()),
            ),
        ),
        {
            f"coaching.action-{OTHER_ACTION}": (other_agreed,),
            f"coaching.goals-{AINO}": (goal_set,),
            f"coaching.goals-{ONNI}": told((goal_set,), person_id=ONNI),
        },
    ),
    "people are mapped, learn and teach": Hearing(
        ("ask-for-mapping", "queue-interest", "return-sparring", "drop-participant", "meet-need-by-sparring"),
        (
            history(f"coaching.round-{ROUND}", round_opened),
            OTHER_ROUND_STREAM,
            history(f"coaching.skills-{TUULA}", mapping_answered),
            history("scheduling.week-1", *displaced.values()),
            history("coaching.sparring-held", *told((sparring_held,), sparring_id=UUID(int=144))),
        ),
        {
            f"coaching.pool-{POOL}": (pool_opened,),
            f"coaching.sparring-{SPARRING}": (sparring_asked, sparring_booked),
            f"coaching.training-{TRAINING}": (training_planned,),
            f"coaching.plan-{AINO}": (plan_opened, need_raised),
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
