"""A trainer pool: opened in good time, with rules that its trainers agreed to, and a queue."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.coaching.deciders.pool import PoolCommand, pool
from services.coaching.events.pool import InterestDeclined, PoolRulesAgreed
from shared.testing.scenario import Scenario
from tests.coaching.cast import ONNI, SANNA, TUULA, at, changed
from tests.coaching.trainers import (
    ASKED_ON,
    IN_QUEUE,
    POOL,
    SERVING,
    agree,
    appoint,
    decline,
    end,
    express,
    expressed,
    interest_declined,
    interest_expressed,
    interest_withdrawn,
    open_pool,
    pool_opened,
    rules_agreed,
    trainer_term_ended,
    withdraw,
)

given = Scenario(pool).given


def test_a_pool_is_opened_once_and_in_good_time() -> None:
    assert pool.stream(open_pool) == f"coaching.pool-{POOL}"
    given().when(open_pool).then(pool_opened)
    given(pool_opened).when(open_pool).then_nothing()
    given(pool_opened).when(changed(open_pool, max_share=50)).then_rejected("pool-exists")
    given().when(changed(open_pool, starts_on=date(2027, 3, 16))).then_rejected("announced-too-late")


@pytest.mark.parametrize(
    "command", [agree, express, withdraw, decline, appoint, end], ids=lambda command: type(command).__name__
)
def test_a_pool_that_was_never_opened_is_unknown(command: PoolCommand) -> None:
    given().when(command).then_rejected("unknown-pool")


def test_rules_are_agreed_in_versions() -> None:
    given(pool_opened).when(agree).then(rules_agreed)
    given(pool_opened, rules_agreed).when(agree).then_nothing()
    others = changed(agree, changing_days_rule="The training stays; overtime is offered first.")
    given(pool_opened, rules_agreed).when(others).then(PoolRulesAgreed(**dict(others), version=2))


def test_every_serving_trainer_agrees_to_the_rules() -> None:
    without_tuula = changed(agree, agreed_by=(ONNI,))
    given(*SERVING).when(without_tuula).then_rejected("trainer-not-agreed")
    given(*SERVING).when(changed(agree, agreed_by=(TUULA,))).then(
        rules_agreed.model_copy(update={"agreed_by": (TUULA,), "version": 2})
    )
    given(*SERVING, trainer_term_ended).when(without_tuula, at=at(30, month=6)).then_rejected("trainer-not-agreed")
    given(*SERVING, trainer_term_ended).when(without_tuula, at=at(1, month=7)).then(
        rules_agreed.model_copy(update={"agreed_by": (ONNI,), "version": 2})
    )


# The queue


def test_interest_waits_from_the_day_it_is_expressed() -> None:
    given(pool_opened).when(express, at=at(17), actor=TUULA).then(interest_expressed)
    given(pool_opened).when(express, at=at(20), by="policy").then(interest_expressed)
    given(*IN_QUEUE).when(express, at=at(20), actor=TUULA).then_nothing()


def test_nobody_dates_the_wait_back_or_ahead() -> None:
    given(pool_opened).when(express, at=at(18), actor=TUULA).then_rejected("in-the-past")
    given(pool_opened).when(express, at=at(16), actor=TUULA).then_rejected("in-the-future")


def test_other_topics_keep_the_place_in_the_queue() -> None:
    more = changed(express, topics=("listening", "billing"), on=date(2027, 3, 25))
    given(*IN_QUEUE).when(more, at=at(25), actor=TUULA).then(expressed(TUULA, ASKED_ON, "listening", "billing"))
    with pytest.raises(ValidationError, match="names something twice"):
        changed(express, topics=("listening", "listening"))


def test_a_trainer_waits_anew_after_the_term() -> None:
    given(*SERVING).when(express, at=at(17), actor=TUULA).then_rejected("already-serving")
    given(*SERVING).when(express, by="policy").then_nothing()
    last_day = changed(express, on=trainer_term_ended.ended_on)
    given(*SERVING, trainer_term_ended).when(last_day, at=at(30, month=6), actor=TUULA).then_rejected("already-serving")
    after = changed(express, on=date(2027, 7, 1))
    given(*SERVING, trainer_term_ended).when(after, at=at(1, month=7), actor=TUULA).then(
        expressed(TUULA, date(2027, 7, 1))
    )
    given(*SERVING, trainer_term_ended).when(express, at=at(1, month=7), by="policy").then(
        expressed(TUULA, date(2027, 6, 30))
    )


def test_interest_is_withdrawn() -> None:
    given(*IN_QUEUE).when(withdraw).then(interest_withdrawn)
    given(*IN_QUEUE, interest_withdrawn).when(withdraw).then_nothing()
    given(pool_opened).when(withdraw).then_nothing()


def test_a_no_has_reasons_and_a_day_to_look_again_and_keeps_the_place() -> None:
    given(*IN_QUEUE).when(decline, actor=SANNA).then(interest_declined)
    given(*IN_QUEUE, interest_declined).when(decline, actor=SANNA).then_nothing()
    later = changed(decline, next_review_on=date(2027, 8, 31))
    given(*IN_QUEUE, interest_declined).when(later, actor=SANNA).then(InterestDeclined(**dict(later)))
    given(*IN_QUEUE, interest_declined).when(express, at=at(20), actor=TUULA).then_nothing()


def test_a_no_is_told_to_who_waits_and_is_looked_at_again_within_a_term() -> None:
    given(pool_opened).when(decline).then_rejected("not-interested")
    given(*SERVING).when(decline).then_rejected("not-interested")
    given(*IN_QUEUE).when(decline, at=at(27, month=4)).then_rejected("in-the-past")
    given(*IN_QUEUE).when(changed(decline, next_review_on=date(2027, 9, 1))).then_rejected("review-too-late")
