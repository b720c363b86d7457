"""By when onboarding asks something of itself."""

from datetime import date, time
from typing import Any

import pytest

from services.onboarding.deadlines import DEADLINES
from services.onboarding.deciders.journey import AskReview, MarkStalled
from services.onboarding.deciders.welcome import FlagKitMissing
from services.onboarding.events.journey import JourneyReviewed
from services.onboarding.events.stage import StageReplanned
from services.onboarding.events.welcome import KitCompleted, KitItemReopened, WelcomePrepared
from shared.core.deadline import Done, Due, Local
from shared.core.event import Event, event_types
from tests.onboarding.aino import first_response_completed, first_response_started, journey_completed, journey_stopped
from tests.onboarding.plan import AINO, GOAL, KIT, MONDAY, TEAM
from tests.services.envelopes import recorded


def rows(deadline: str, event: Event) -> Any:
    (found,) = (each for each in DEADLINES if each.name == deadline)
    assert event.event_name in event_types(found.hears)
    return found.rows(event, recorded(event))


prepared = WelcomePrepared(
    person_id=AINO, team_id=TEAM, journey_no=1, starts_on=MONDAY, final_goal=GOAL, kit=KIT, seq=1
)
reopened = KitItemReopened(person_id=AINO, team_id=TEAM, journey_no=1, item="gift", left=1, starts_on=MONDAY)
kit_completed = KitCompleted(person_id=AINO, team_id=TEAM, journey_no=1, completed_on=date(2027, 3, 4))


@pytest.mark.parametrize("event", [prepared, reopened])
def test_the_kit_is_looked_at_at_noon_of_the_working_day_before(event: Event) -> None:
    friday_noon = Local(date(2027, 3, 5), time(12), TEAM)
    flag = FlagKitMissing(person_id=AINO, journey_no=1)
    assert rows("kit-missing", event) == Due((AINO, 1), friday_noon, flag)


def test_a_complete_kit_is_not_looked_at() -> None:
    assert rows("kit-missing", kit_completed) == Done((AINO, 1))


def test_a_stage_is_late_on_the_evening_of_its_due_day() -> None:
    evening = Local(date(2027, 3, 23), time(18), TEAM)
    stall = MarkStalled(person_id=AINO, stage="first-response", due_on=date(2027, 3, 23))
    assert rows("stage-overdue", first_response_started) == Due((AINO,), evening, stall)


def test_a_replanned_stage_is_late_on_another_day() -> None:
    replanned = StageReplanned(
        person_id=AINO, team_id=TEAM, journey_no=1, stage="first-response", due_on=date(2027, 4, 30), reason=None
    )
    stall = MarkStalled(person_id=AINO, stage="first-response", due_on=date(2027, 4, 30))
    assert rows("stage-overdue", replanned) == Due((AINO,), Local(date(2027, 4, 30), time(18), TEAM), stall)


@pytest.mark.parametrize("event", [first_response_completed, journey_stopped])
def test_a_stage_that_ended_is_not_late(event: Event) -> None:
    assert rows("stage-overdue", event) == Done((AINO,))


def reviewed(side: str) -> JourneyReviewed:
    return JourneyReviewed(person_id=AINO, team_id=TEAM, journey_no=1, side=side, rating=4, went_well=None)


def test_the_hire_is_asked_ten_days_after_the_end() -> None:
    evening = Local(date(2027, 4, 12), time(18), TEAM)
    ask = AskReview(person_id=AINO, journey_no=1)
    assert rows("journey-review-due", journey_completed) == Due((AINO, 1), evening, ask)


def test_only_the_own_review_makes_the_question_needless() -> None:
    assert rows("journey-review-due", reviewed("hire")) == Done((AINO, 1))
    assert rows("journey-review-due", reviewed("supervisor")) is None


def test_the_names_never_change() -> None:
    """They are part of the ids of the commands."""
    assert [deadline.name for deadline in DEADLINES] == ["kit-missing", "stage-overdue", "journey-review-due"]
