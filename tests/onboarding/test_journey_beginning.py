"""The first day moved, the person followed to another team, the first stage opened."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.onboarding.deciders.journey import (
    BeginStages,
    MoveJourney,
    MoveStart,
    journey,
)
from services.onboarding.events.journey import JourneyMoved
from services.onboarding.events.structure import PersonJoinedTeam, PersonLeft, PersonMovedTeam
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    IN_BASICS,
    IN_FIRST_RESPONSE,
    NEXT_MONDAY,
    basics_started,
    journey_started,
    journey_stopped,
    stage_started,
    start_moved,
)
from tests.onboarding.plan import (
    AINO,
    MONDAY,
    OTHER_TEAM,
    TEAM,
    TUESDAY,
    at,
    basics,
    billing,
    first_response,
)

given = Scenario(journey).given

THIRD_TEAM = UUID(int=15)

move_start = MoveStart(person_id=AINO, starts_on=NEXT_MONDAY)


def test_the_first_day_can_be_moved_while_the_journey_waits() -> None:
    given(journey_started).when(move_start, at=at(5)).then(start_moved)


def test_moving_the_first_day_to_where_it_is_changes_nothing() -> None:
    given(journey_started, start_moved).when(move_start, at=at(5)).then_nothing()
    given(*IN_BASICS).when(MoveStart(person_id=AINO, starts_on=MONDAY), at=at(9)).then_nothing()


def test_the_first_day_stays_once_the_stages_have_begun() -> None:
    given(*IN_BASICS).when(move_start, at=at(9)).then_rejected("already-begun")
    given(*IN_BASICS, journey_stopped).when(move_start, at=at(9)).then_rejected("already-begun")


def test_the_first_day_is_not_moved_far_into_the_past() -> None:
    long_ago = MoveStart(person_id=AINO, starts_on=date(2027, 2, 1))
    given(journey_started).when(long_ago, at=at(9)).then_rejected("starts-in-past")


joined = PersonJoinedTeam(person_id=AINO, team_id=TEAM, display_name="Aino", role_code="agent", joined_on=MONDAY)
moved = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=OTHER_TEAM, from_day=TUESDAY)
move_journey = MoveJourney(person_id=AINO, from_day=TUESDAY, seq=2)
journey_moved = JourneyMoved(person_id=AINO, team_id=OTHER_TEAM, journey_no=1, seq=2)


def test_the_journey_follows_the_person() -> None:
    given(*IN_BASICS).when(move_journey, by="policy", person=[joined, moved]).then(journey_moved)
    given(journey_started).when(move_journey, by="policy", person=[joined, moved]).then(journey_moved)


def test_the_journey_follows_to_the_last_day_too() -> None:
    left = PersonLeft(person_id=AINO, team_id=OTHER_TEAM, last_day=date(2027, 3, 31), reason="own-choice")
    given(*IN_BASICS).when(move_journey, by="policy", person=[joined, moved, left]).then(journey_moved)


def test_a_move_told_of_late_leaves_the_journey_where_the_person_is_by_now() -> None:
    before_that = moved.model_copy(update={"to_team_id": THIRD_TEAM, "from_day": MONDAY})
    told_late = MoveJourney(person_id=AINO, from_day=MONDAY, seq=3)
    moves = [joined, moved, before_that]
    given(*IN_BASICS, journey_moved).when(told_late, at=at(10), by="policy", person=moves).then_nothing()
    given(*IN_BASICS).when(told_late, at=at(10), by="policy", person=moves).then(
        journey_moved.model_copy(update={"seq": 3})
    )


def test_a_journey_follows_nobody_who_never_joined() -> None:
    given(*IN_BASICS).when(move_journey, by="policy").then_rejected("unknown-person")


def test_facts_after_a_move_name_the_new_team() -> None:
    expected = basics_started.model_copy(update={"team_id": OTHER_TEAM})
    given(journey_started, journey_moved).when(begin, by="policy").then(expected)


def test_an_older_move_that_is_heard_late_changes_nothing() -> None:
    back = moved.model_copy(update={"to_team_id": TEAM, "from_day": date(2027, 3, 12)})
    history = given(*IN_BASICS, journey_moved)
    history.when(move_journey, at=at(12), by="policy", person=[joined, moved, back]).then_nothing()
    history.when(move_journey, at=at(9), by="policy", person=[joined, moved]).then_nothing()


def test_the_highest_seq_is_known_in_the_next_journey_too() -> None:
    second = journey_started.model_copy(update={"journey_no": 2})
    history = (*IN_BASICS, journey_moved, journey_stopped, second)
    given(*history).when(move_journey, by="policy", person=[joined, moved]).then_nothing()


def test_a_move_to_the_team_of_the_journey_changes_nothing() -> None:
    same = moved.model_copy(update={"to_team_id": TEAM})
    given(*IN_BASICS).when(move_journey, by="policy", person=[joined, same]).then_nothing()


def test_an_ended_journey_stays_with_its_team() -> None:
    given(*ALL_DONE).when(move_journey, by="policy", person=[joined, moved]).then_nothing()


begin = BeginStages(person_id=AINO, journey_no=1, on=MONDAY)


def test_the_first_stage_opens_when_the_plan_was_gone_through() -> None:
    given(journey_started).when(begin, by="policy").then(basics_started)


def test_the_stages_begin_once_and_for_their_own_journey() -> None:
    given(*IN_FIRST_RESPONSE).when(begin, by="policy").then_nothing()
    given(journey_started).when(BeginStages(person_id=AINO, journey_no=2, on=MONDAY), by="policy").then_nothing()


def test_a_credited_stage_is_never_started() -> None:
    credited = journey_started.model_copy(update={"credited": ("basics",)})
    expected = stage_started(first_response, 2, MONDAY, date(2027, 3, 22))
    given(credited).when(begin, by="policy").then(expected)


@pytest.mark.parametrize(
    ("pace", "due_on"),
    [(100, date(2027, 3, 10)), (60, date(2027, 3, 12)), (20, date(2027, 3, 22)), (99, date(2027, 3, 11))],
)
def test_a_part_time_hire_has_more_days_for_a_stage(pace: int, due_on: date) -> None:
    part_time = journey_started.model_copy(update={"pace": pace})
    expected = stage_started(basics, 1, MONDAY, due_on)
    given(part_time).when(begin, by="policy").then(expected)


def test_working_days_leave_the_weekend_out() -> None:
    on_friday = BeginStages(person_id=AINO, journey_no=1, on=date(2027, 3, 12))
    expected = stage_started(basics, 1, date(2027, 3, 12), date(2027, 3, 16))
    given(journey_started).when(on_friday, by="policy").then(expected)


@pytest.mark.parametrize("command", [move_start, move_journey, begin])
def test_nothing_is_decided_about_a_journey_that_never_started(command: Any) -> None:
    given().when(command).then_rejected("unknown-journey")


def test_a_stage_that_is_the_only_one_left_is_the_third_of_three() -> None:
    credited = journey_started.model_copy(update={"credited": ("basics", "first-response")})
    on_tuesday = BeginStages(person_id=AINO, journey_no=1, on=TUESDAY)
    expected = stage_started(billing, 3, TUESDAY, date(2027, 3, 23))
    given(credited).when(on_tuesday, by="policy").then(expected)
