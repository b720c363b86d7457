"""The scenarios that deciders are tested with can fail, and look up what the decider names."""

from collections.abc import Callable, Sequence

import pytest

from shared.core.decider import Asked, Command, Decider, Look, LookUps, Rejected, Seen
from shared.core.event import Event
from shared.testing.scenario import Scenario


class Count(Command):
    """Count one more, beside what others have counted."""

    refused = {"enough": "counted twice"}


class CountOff(Count):
    """Count, and do not say what it is refused for."""

    refused = {}


class Counted(Event, name="counting.counted"):
    """One more."""

    others: int = 0


def look_ups(command: Count, state: int) -> LookUps:
    return {"one": Look(alone, "counting.one"), "many": [Look(alone, "counting.two"), Look(alone, "counting.three")]}


def decide(command: Count, state: int, seen: Seen, asked: Asked) -> Sequence[Counted]:
    if state > 1:
        raise Rejected("enough", "counted twice")
    return [Counted(others=seen.one + sum(seen.many))] if asked.by_person else []


def evolve(state: int, event: Counted) -> int:
    return state + 1


alone: Decider[Count, int, Counted] = Decider(
    "alone", Count, Counted, lambda command: "counting.one", 0, decide, evolve
)
counter: Decider[Count, int, Counted] = Decider(
    "counter", Count, Counted, lambda command: "counting.mine", 0, decide, evolve, look_ups
)
given = Scenario(counter).given


def test_looked_up_streams_are_folded_and_are_empty_when_left_out() -> None:
    given().when(Count()).then(Counted())
    given().when(Count(), one=[Counted()], many=[[Counted()], [Counted(), Counted()]]).then(Counted(others=4))


def test_a_look_up_that_the_decider_does_not_name_fails() -> None:
    with pytest.raises(AssertionError, match="not looked up"):
        given().when(Count(), two=[Counted()])


def test_a_refusal_that_the_command_does_not_tell_of_fails() -> None:
    with pytest.raises(AssertionError, match="CountOff does not say that it is refused as enough"):
        given(Counted(), Counted()).when(CountOff())


def test_each_expectation_can_fail() -> None:
    counted, refused = given().when(Count()), given(Counted(), Counted()).when(Count())
    wrongs: tuple[Callable[[], None], ...] = (
        lambda: counted.then(Counted(others=1)),
        lambda: counted.then_nothing(),
        lambda: counted.then_rejected("enough"),
        lambda: refused.then(Counted()),
        lambda: refused.then_nothing(),
        lambda: refused.then_rejected("too-few"),
    )
    for wrong in wrongs:
        with pytest.raises(AssertionError):
            wrong()


def test_who_asks_is_told_to_the_decider() -> None:
    given().when(Count(), by="policy").then_nothing()
    given(Counted(), Counted()).when(Count()).then_rejected("enough")
