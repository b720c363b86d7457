"""A round of skills mapping."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.coaching.deciders.round import CloseRound, OpenRound, RoundCommand, round_
from services.coaching.events.round import RoundClosed
from shared.testing.scenario import Scenario
from tests.coaching.cast import at, changed
from tests.coaching.trainers import ASKED_ON, CLOSES, ROUND, announce, announced, round_closed, round_opened

given = Scenario(round_).given
NOW = at(3)
open_it, close_it = OpenRound(round_id=ROUND), CloseRound(round_id=ROUND)


def test_a_round_is_announced_two_weeks_ahead() -> None:
    assert round_.stream(announce) == f"coaching.round-{ROUND}"
    given().when(announce, at=NOW).then(announced)
    given().when(announce, at=at(4)).then_rejected("announced-too-late")


def test_a_round_is_announced_once() -> None:
    for history in ([announced], [announced, round_opened], [announced, round_opened, round_closed]):
        given(*history).when(announce, at=NOW).then_nothing()
        given(*history).when(changed(announce, title="Another"), at=NOW).then_rejected("round-exists")


def test_a_round_opens_before_it_closes_and_asks_each_once() -> None:
    given().when(changed(announce, closes_on=date(2027, 3, 16)), at=NOW).then_rejected("dates-reversed")
    given().when(changed(announce, closes_on=ASKED_ON), at=NOW).then(
        announced.model_copy(update={"closes_on": ASKED_ON})
    )
    with pytest.raises(ValidationError, match="names something twice"):
        changed(announce, people=(*announce.people, announce.people[0]))


@pytest.mark.parametrize("command", [open_it, close_it], ids=lambda command: type(command).__name__)
def test_a_round_that_was_never_announced_is_unknown(command: RoundCommand) -> None:
    given().when(command).then_rejected("unknown-round")


def test_a_round_opens_on_its_day() -> None:
    given(announced).when(open_it, at=at(17, 8), by="deadline").then(round_opened)
    given(announced).when(open_it, at=at(16)).then_rejected("too-early")
    given(announced, round_opened).when(open_it, at=at(18)).then_nothing()
    given(announced, round_opened, round_closed).when(open_it, at=at(18)).then_nothing()


def test_a_round_closes_once_and_may_be_called_off() -> None:
    given(announced, round_opened).when(close_it, at=at(31, 18)).then(round_closed)
    given(announced).when(close_it, at=at(10)).then(RoundClosed(round_id=ROUND, closed_on=date(2027, 3, 10)))
    given(announced, round_opened, round_closed).when(close_it).then_nothing()
    given(announced, round_closed).when(open_it, at=at(17)).then_rejected("round-over")
    assert round_closed.closed_on == CLOSES
