"""One sparring: asked for, booked with a trainer, held, rated, given up."""

from typing import Any

import pytest

from services.coaching.deciders.sparring import SparringCommand, sparring
from services.coaching.events.sparring import SparringEvent
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, ONNI, SANNA, TUULA, at, changed
from tests.coaching.learnt import (
    SPARRING,
    ask_sparring,
    book_sparring,
    cancel_sparring,
    hold_sparring,
    rate_sparring,
    return_sparring,
    sparring_asked,
    sparring_booked,
    sparring_cancelled,
    sparring_held,
    sparring_rated,
    sparring_returned,
)
from tests.coaching.trainers import IN_QUEUE, SERVING, appointed, seat

given = Scenario(sparring).given
BOOKED: tuple[SparringEvent, ...] = (sparring_asked, sparring_booked)
HELD: tuple[SparringEvent, ...] = (*BOOKED, sparring_held)
RATED: tuple[SparringEvent, ...] = (*HELD, sparring_rated)
CANCELLED: tuple[SparringEvent, ...] = (*BOOKED, sparring_cancelled)
AFTER: dict[str, Any] = {"at": at(30, 11)}


def test_a_sparring_is_asked_for_once() -> None:
    assert sparring.stream(ask_sparring) == f"coaching.sparring-{SPARRING}"
    given().when(ask_sparring).then(sparring_asked)
    for history in ((sparring_asked,), BOOKED, HELD, RATED, CANCELLED):
        given(*history).when(ask_sparring).then_nothing()
        given(*history).when(changed(ask_sparring, skill="billing")).then_rejected("sparring-exists")


@pytest.mark.parametrize(
    "command",
    [book_sparring, return_sparring, hold_sparring, rate_sparring, cancel_sparring],
    ids=lambda command: type(command).__name__,
)
def test_a_sparring_nobody_asked_for_is_unknown(command: SparringCommand) -> None:
    given().when(command).then_rejected("unknown-sparring")


# Booking


def test_a_trainer_of_the_pool_is_booked() -> None:
    given(sparring_asked).when(book_sparring, pool=SERVING).then(sparring_booked)
    for history in (BOOKED, HELD, RATED, CANCELLED):
        given(*history).when(book_sparring, pool=SERVING).then_nothing()
    given(*BOOKED, sparring_returned).when(book_sparring, pool=SERVING).then(sparring_booked)


def test_another_booking_needs_the_first_one_back() -> None:
    later = changed(book_sparring, starts_at=at(31, 10))
    given(*BOOKED).when(later, pool=SERVING).then_rejected("already-booked")
    given(*BOOKED, sparring_returned).when(later, pool=SERVING).then(
        sparring_booked.model_copy(update={"starts_at": at(31, 10)})
    )
    for history in (HELD, RATED, CANCELLED):
        given(*history).when(later, pool=SERVING).then_rejected("sparring-over")


@pytest.mark.parametrize("pool", [(), IN_QUEUE], ids=["no pool", "waits still"])
def test_only_trainers_are_booked(pool: Any) -> None:
    given(sparring_asked).when(book_sparring, pool=pool).then_rejected("not-a-trainer")


def test_a_trainer_trains_in_the_term_and_in_the_own_topics() -> None:
    early = changed(book_sparring, starts_at=at(19, 10))
    given(sparring_asked).when(early, pool=SERVING).then_rejected("not-a-trainer")
    sales = sparring_asked.model_copy(update={"skill": "sales-closing"})
    given(sales).when(book_sparring, pool=SERVING).then_rejected("topic-not-taught")
    for_aino = (*IN_QUEUE[:2], appointed(person_id=AINO))
    given(sparring_asked).when(changed(book_sparring, trainer=seat(AINO)), pool=for_aino).then_rejected(
        "trainer-is-employee"
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"minutes": 14}, "minutes-not-15-30"),
        ({"minutes": 31}, "minutes-not-15-30"),
        ({"starts_at": at(30, 8)}, "in-the-past"),
        ({"starts_at": at(2, 10, 9)}, "beyond-horizon"),
    ],
)
def test_a_sparring_is_short_and_soon(fields: dict[str, Any], code: str) -> None:
    asked_at = at(30, 9) if code == "in-the-past" else at(1)
    given(sparring_asked).when(changed(book_sparring, **fields), pool=SERVING, at=asked_at).then_rejected(code)


# Returning


@pytest.mark.parametrize(
    "asked", [{"by": "policy"}, {"actor": TUULA}, {"actor": SANNA}], ids=["policy", "trainer", "supervisor"]
)
def test_what_cannot_be_held_waits_to_be_booked_anew(asked: dict[str, Any]) -> None:
    given(*BOOKED).when(return_sparring, **asked).then(sparring_returned)
    given(*BOOKED, sparring_returned).when(return_sparring, **asked).then_nothing()
    given(sparring_asked).when(return_sparring, **asked).then_nothing()


def test_what_is_held_or_over_is_not_returned() -> None:
    for history in (HELD, RATED, CANCELLED):
        given(*history).when(return_sparring).then_rejected("sparring-over")


@pytest.mark.parametrize("command", [return_sparring, cancel_sparring], ids=["return", "cancel"])
def test_an_agent_gives_up_the_own_sparring_only(command: SparringCommand) -> None:
    given(*BOOKED).when(changed(command, employee_id=ONNI), actor=ONNI).then_rejected("not-the-employee")
    mine = given(*BOOKED).when(changed(command, employee_id=AINO), actor=AINO)
    assert mine.rejected is None


# Holding and rating


def test_the_trainer_tells_how_it_went() -> None:
    given(*BOOKED).when(hold_sparring, actor=TUULA, **AFTER).then(sparring_held)
    for history in (HELD, RATED):
        given(*history).when(hold_sparring, actor=TUULA, **AFTER).then_nothing()
        given(*history).when(changed(hold_sparring, contacts=4), actor=TUULA, **AFTER).then_rejected("sparring-over")


def test_what_is_held_was_booked_and_is_past() -> None:
    given(sparring_asked).when(hold_sparring, actor=TUULA, **AFTER).then_rejected("not-booked")
    given(*BOOKED, sparring_returned).when(hold_sparring, actor=TUULA, **AFTER).then_rejected("not-booked")
    given(*BOOKED).when(hold_sparring, actor=SANNA, **AFTER).then_rejected("not-the-trainer")
    given(*BOOKED).when(hold_sparring, actor=TUULA, at=at(30, 9)).then_rejected("held-in-future")
    given(*CANCELLED).when(hold_sparring, actor=TUULA, **AFTER).then_rejected("sparring-over")


def test_the_colleague_says_how_useful_it_was() -> None:
    given(*HELD).when(rate_sparring, actor=AINO).then(sparring_rated)
    given(*RATED).when(rate_sparring, actor=AINO).then_nothing()
    given(*RATED).when(changed(rate_sparring, useful=1), actor=AINO).then_rejected("sparring-over")
    given(*HELD).when(rate_sparring, actor=TUULA).then_rejected("not-the-employee")
    given(*BOOKED).when(rate_sparring, actor=AINO).then_rejected("not-held")
    given(*CANCELLED).when(rate_sparring, actor=AINO).then_rejected("sparring-over")


def test_a_sparring_is_given_up() -> None:
    given(*BOOKED).when(cancel_sparring).then(sparring_cancelled)
    given(*CANCELLED).when(cancel_sparring).then_nothing()
    unbooked = {"trainer": None, "starts_at": None}
    given(sparring_asked).when(cancel_sparring).then(sparring_cancelled.model_copy(update=unbooked))
    given(*CANCELLED).when(changed(cancel_sparring, reason="other")).then_rejected("sparring-over")
    for history in (HELD, RATED):
        given(*history).when(cancel_sparring).then_rejected("sparring-over")
