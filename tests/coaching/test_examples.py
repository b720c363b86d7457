"""What the description shows fits together: whoever sends the examples in this order is refused nothing."""

from datetime import date
from uuid import UUID

import pytest

from services.coaching.inbox.directory import PersonJoinedTeam
from services.coaching.policies import POLICIES
from services.coaching.service import service
from shared.web.examples import WRITTEN_ON
from tests.services.play import Play
from tests.services.shown import A_WEEK, morning, shown, tried

AINO, SANNA, TUULA, LEARNER = (f"0195b1c0-0000-7000-8000-00000000000{number}" for number in (1, 2, 3, 5))
TEAM = "0195b1c0-0000-7000-8000-0000000000b1"
ACTORS = dict.fromkeys(
    ("prepare-session", "raise-issue", "raise-need", "acknowledge-session", "appeal-evaluation"), AINO
) | {
    "back-issue": TUULA,
    "hold-sparring": TUULA,
    "settle-appeal": TUULA,
    "rate-sparring": LEARNER,
}
joined = PersonJoinedTeam(person_id=UUID(AINO), team_id=UUID(TEAM), role_code="agent", joined_on=date(2027, 2, 26))

FORM = "start-form add-question change-question publish-form"
BOOKED = f"{FORM} set-cadence note-what-matters raise-need set-goal book-session prepare-session"
HELD = f"{BOOKED} hold-session"
ROLE = "start-role-definition record-work-phase contribute-view define-behaviour weight-scales publish-role"
EVALUATED = f"{ROLE} record-evaluation"
POOL = "open-pool agree-rules express-interest"
TRAINERS = f"{POOL} appoint-trainer draft-package join-package publish-package"
PLANNED = f"{TRAINERS} plan-training"
SPARRING = f"{TRAINERS} ask-sparring book-sparring"
WAYS = (
    f"{HELD} acknowledge-session add-remark follow-up-action report-progress drop-goal",
    f"{HELD} void-session",
    f"{BOOKED} move-session hand-over-session cancel-session",
    f"{BOOKED} meet-needs agree-action",
    f"{FORM} plan-series change-coach pause-plan",
    f"{FORM} remove-question retire-form",
    "raise-issue back-issue take-up-issue resolve-issue",
    "give-recognition grant-reward",
    f"{EVALUATED} appeal-evaluation settle-appeal",
    f"{EVALUATED} void-evaluation remove-work-phase remove-behaviour",
    f"{PLANNED} hold-training end-term",
    f"{PLANNED} drop-participant add-participant cancel-training retire-package",
    f"{SPARRING} hold-sparring rate-sparring",
    f"{SPARRING} return-sparring cancel-sparring",
    f"{POOL} decline-interest",
    f"{POOL} withdraw-interest",
    f"{POOL} announce-round ask-for-mapping answer-mapping confirm-skill close-round",
)
NOT_BEFORE_ITS_DAY = {"open-round"}


def play(steps: str, day: date = WRITTEN_ON) -> dict[str, list[str]]:
    play = Play(service.deciders, POLICIES, SANNA)
    assert play.hear(joined, morning(day)) == ["PlanOpened"]
    return tried(play, service.name, steps, ACTORS, day)


@pytest.mark.parametrize("steps", WAYS)
def test_none_is_refused_and_none_in_vain(steps: str) -> None:
    assert [step for step, facts in play(steps).items() if not facts] == []


@pytest.mark.parametrize("day", A_WEEK, ids=str)
def test_a_conversation_is_booked_held_and_counted_on_any_day_of_the_week(day: date) -> None:
    told = play(WAYS[0], day)
    assert told["book-session"] == ["SessionBooked", "BookingNoted"]
    assert told["hold-session"] == ["SessionHeld", "CoachingCounted", "NeedMet", "ActionAgreed"]


def test_every_example_is_tried() -> None:
    steps = {step for way in WAYS for step in way.split()}
    assert steps | NOT_BEFORE_ITS_DAY == set(shown(service.name))
