"""An agreed action always has a day to look at it again, and leaves the list with an outcome only."""

from datetime import date
from typing import Any

import pytest

from services.coaching.deciders.action import AgreeAction, FlagActionDue, FollowUpAction, action
from services.coaching.events.action import ActionCarriedOver
from shared.testing.scenario import Scenario
from tests.coaching.cast import ACTION, AINO, ONNI, SANNA, SESSION, TEAM, at, changed
from tests.coaching.sessions import action_agreed, action_done, action_dropped, action_fell_due

given = Scenario(action).given

agree = AgreeAction(
    action_id=ACTION,
    employee_id=AINO,
    coach_id=SANNA,
    team_id=TEAM,
    session_id=SESSION,
    owner="employee",
    text="Tries the search by number first.",
    follow_up_on=date(2027, 4, 1),
)
done = FollowUpAction(action_id=ACTION, outcome="done", note="Every time now.")
carry = FollowUpAction(action_id=ACTION, outcome="carried-over", follow_up_on=date(2027, 4, 15), note="Was away.")
drop = FollowUpAction(action_id=ACTION, outcome="dropped", note="The search was replaced.")
flag = FlagActionDue(action_id=ACTION, follow_up_on=date(2027, 4, 1))
APRIL = at(1, month=4)


def carried(times: int, day: int) -> ActionCarriedOver:
    return ActionCarriedOver(
        action_id=ACTION,
        employee_id=AINO,
        team_id=TEAM,
        times=times,
        follow_up_on=date(2027, 4, day),
        note="Was away.",
    )


def test_an_action_is_agreed_once() -> None:
    given().when(agree).then(action_agreed)
    given(action_agreed).when(agree).then_nothing()
    given(action_agreed, action_done).when(agree, by="policy").then_nothing()
    given(action_agreed).when(changed(agree, owner="coach")).then_rejected("action-exists")


def test_a_person_agrees_in_words_for_a_day_to_come() -> None:
    given().when(agree, at=APRIL).then(action_agreed)
    given().when(agree, at=at(2, month=4)).then_rejected("follow-up-in-past")
    given().when(agree, at=at(2, month=4), by="policy").then(action_agreed)
    given().when(changed(agree, text=None)).then_rejected("text-missing")
    erased = action_agreed.model_copy(update={"text": None})
    given().when(changed(agree, text=None), by="policy").then(erased)


def test_what_was_done_is_told_once() -> None:
    given(action_agreed).when(done, at=APRIL).then(action_done)
    given(action_agreed, action_done).when(done, at=APRIL).then_nothing()


def test_what_is_dropped_has_a_reason() -> None:
    given(action_agreed).when(drop).then(action_dropped)
    given(action_agreed, action_dropped).when(drop).then_nothing()
    given(action_agreed).when(changed(drop, note=None)).then_rejected("note-missing")
    without = action_dropped.model_copy(update={"note": None})
    given(action_agreed).when(changed(drop, note=None), by="policy").then(without)


@pytest.mark.parametrize(("end", "command"), [(action_done, drop), (action_done, carry), (action_dropped, done)])
def test_an_outcome_is_final(end: Any, command: FollowUpAction) -> None:
    given(action_agreed, end).when(command, at=APRIL).then_rejected("action-over")


def test_what_is_carried_over_has_a_later_day() -> None:
    given(action_agreed).when(carry, at=APRIL).then(carried(1, 15))
    given(action_agreed, carried(1, 15)).when(carry, at=APRIL).then_nothing()
    given(action_agreed, carried(1, 15)).when(carry, at=APRIL, by="policy").then_nothing()
    given(action_agreed).when(changed(carry, follow_up_on=None), at=APRIL).then_rejected("follow-up-missing")
    for day in (date(2027, 3, 31), date(2027, 4, 10)):
        late = given(action_agreed).when(changed(carry, follow_up_on=day), at=at(10, month=4))
        late.then_rejected("follow-up-missing")


def test_a_day_that_is_missing_to_a_machine_stays_as_it_was() -> None:
    without = changed(carry, follow_up_on=None)
    given(action_agreed).when(without, at=APRIL, by="policy").then(carried(1, 1))


def test_three_times_is_enough() -> None:
    twice = (action_agreed, carried(1, 2), carried(2, 3))
    given(*twice).when(carry, at=APRIL).then(carried(3, 15))
    given(*twice, carried(3, 4)).when(carry, at=APRIL).then_rejected("carried-too-often")
    assert given(*twice, carried(3, 4)).when(done, at=APRIL).facts


def test_who_speaks_for_themselves_names_themselves() -> None:
    given(action_agreed).when(changed(done, employee_id=AINO), at=APRIL).then(action_done)
    given(action_agreed).when(changed(done, employee_id=ONNI), at=APRIL).then_rejected("not-the-employee")


def test_the_day_passes_once_unless_it_was_looked_at() -> None:
    given(action_agreed).when(flag, by="deadline").then(action_fell_due)
    given(action_agreed, action_fell_due).when(flag, by="deadline").then_nothing()
    for looked_at in (carried(1, 15), action_done, action_dropped):
        given(action_agreed, looked_at).when(flag, by="deadline").then_nothing()


def test_another_day_passes_again() -> None:
    again = changed(flag, follow_up_on=date(2027, 4, 15))
    there = action_fell_due.model_copy(update={"follow_up_on": date(2027, 4, 15)})
    given(action_agreed, action_fell_due, carried(1, 15)).when(again, by="deadline").then(there)


@pytest.mark.parametrize("command", [done, flag])
def test_an_action_is_agreed_first(command: Any) -> None:
    given().when(command).then_rejected("unknown-action")
