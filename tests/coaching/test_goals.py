"""Nobody is led by numbers alone."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.coaching.deciders.goals import DropGoal, ReportProgress, SetGoal, goals
from services.coaching.events.goals import GoalDropped, GoalReached
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, GOAL, NUMBER_GOAL, SESSION, at, changed
from tests.coaching.people_matters import (
    goal_measured,
    goal_progressed,
    goal_reached,
    goal_set,
    number_dropped,
    number_set,
)

given = Scenario(goals).given

set_ = SetGoal(**dict(goal_set))
set_number = SetGoal(**dict(number_set))
report = ReportProgress(
    person_id=AINO, goal_id=GOAL, ref=SESSION, value=Decimal(3), on=date(2027, 3, 18), source="session"
)
measure = ReportProgress(**dict(goal_measured))
drop_number = DropGoal(person_id=AINO, goal_id=NUMBER_GOAL, reason="Another product from May on.")
AFTER = at(26)


def test_a_goal_is_set_once() -> None:
    given().when(set_).then(goal_set)
    given(goal_set).when(set_).then_nothing()
    given(goal_set, goal_measured, goal_reached).when(set_).then_nothing()
    given(goal_set).when(changed(set_, target=Decimal(5))).then_rejected("goal-exists")


def test_beside_a_number_there_is_an_open_goal_of_acting() -> None:
    given().when(set_number).then_rejected("behaviour-goal-missing")
    given(goal_set).when(set_number).then(number_set)
    given(goal_set, goal_measured, goal_reached).when(set_number).then_rejected("behaviour-goal-missing")


def test_five_goals_are_enough() -> None:
    five = [goal_set.model_copy(update={"goal_id": UUID(int=100 + n)}) for n in range(5)]
    given(*five).when(set_).then_rejected("too-many-goals")
    dropped = GoalDropped(person_id=AINO, goal_id=UUID(int=100), reason="x")
    given(*five, dropped).when(set_).then(goal_set)


def test_a_goal_is_for_a_day_to_come() -> None:
    given().when(set_, at=at(31, month=5)).then(goal_set)
    given().when(set_, at=at(1, month=6)).then_rejected("in-the-past")


def test_progress_is_told_once_by_each_that_tells_it() -> None:
    given(goal_set).when(report, at=AFTER).then(goal_progressed)
    given(goal_set, goal_progressed).when(report, at=AFTER).then_nothing()
    given(goal_set, goal_progressed).when(measure, at=AFTER).then(goal_measured, goal_reached)
    given(goal_set).when(report, at=at(17)).then_rejected("in-the-future")
    given(goal_set).when(report, at=at(17), by="policy").then(goal_progressed)


@pytest.mark.parametrize(("value", "reached"), [(301, False), (300, True), (299, True)])
def test_a_number_may_go_down(value: int, reached: bool) -> None:
    down = changed(report, goal_id=NUMBER_GOAL, value=Decimal(value))
    facts = given(goal_set, number_set).when(down, at=AFTER).facts
    assert any(isinstance(fact, GoalReached) for fact in facts) == reached


def test_a_goal_is_reached_once() -> None:
    history = given(goal_set, goal_measured, goal_reached)
    history.when(report, at=AFTER).then_rejected("goal-closed")
    history.when(report, at=AFTER, by="policy").then_nothing()
    history.when(measure, at=AFTER).then_nothing()


def test_a_goal_is_dropped_once() -> None:
    history = given(goal_set, number_set)
    history.when(drop_number).then(number_dropped)
    given(goal_set, number_set, number_dropped).when(drop_number).then_nothing()
    given(goal_set, goal_measured, goal_reached).when(changed(drop_number, goal_id=GOAL)).then_nothing()


@pytest.mark.parametrize("command", [report, drop_number])
def test_a_goal_is_set_first(command: Any) -> None:
    given().when(command).then_rejected("goal-unknown")
