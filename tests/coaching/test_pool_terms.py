"""Terms of trainers: by agreement, for a time, in fair turns."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.coaching.deciders.pool import pool
from services.coaching.deciders.pool.state import known
from shared.testing.scenario import Scenario
from tests.coaching.cast import DANI, ONNI, SANNA, TUULA, at, changed
from tests.coaching.trainers import (
    ASKED_ON,
    IN_QUEUE,
    SERVING,
    TERM_BEGINS,
    TERM_ENDS,
    appoint,
    appointed,
    end,
    express,
    expressed,
    interest_declined,
    pool_opened,
    rules_agreed,
    term_ended,
    trainer_appointed,
    trainer_term_ended,
)

given = Scenario(pool).given
AGAIN: dict[str, Any] = {"starts_on": date(2027, 10, 1), "ends_on": date(2027, 12, 31)}


def test_who_waits_is_appointed_once() -> None:
    given(*IN_QUEUE).when(appoint).then(trainer_appointed)
    given(*IN_QUEUE, interest_declined).when(appoint).then(trainer_appointed)
    given(*SERVING).when(appoint).then_nothing()
    given(*SERVING, trainer_term_ended).when(appoint).then_nothing()
    given(*SERVING).when(changed(appoint, share=10)).then_rejected("already-serving")
    given(pool_opened, rules_agreed).when(appoint).then_rejected("not-interested")
    given(*SERVING, trainer_term_ended).when(changed(appoint, **AGAIN)).then_rejected("not-interested")


def test_two_terms_never_overlap() -> None:
    told_ahead = (*SERVING, trainer_term_ended, expressed(TUULA, date(2027, 7, 1)))
    on_the_last_day = changed(appoint, **AGAIN | {"starts_on": date(2027, 6, 30)})
    given(*told_ahead).when(on_the_last_day).then_rejected("already-serving")
    the_day_after = {"starts_on": date(2027, 7, 1), "ends_on": date(2027, 12, 30)}
    given(*told_ahead).when(changed(appoint, **the_day_after)).then(appointed(**the_day_after, term_no=2))
    never_begun = (*SERVING, term_ended(ended_on=date(2027, 3, 20)), expressed())
    given(*never_begun).when(changed(appoint, share=10)).then(appointed(share=10, term_no=2))


def test_another_term_is_counted() -> None:
    waits_again = expressed(TUULA, date(2027, 7, 1))
    given(*SERVING, trainer_term_ended, waits_again).when(changed(appoint, **AGAIN)).then(appointed(**AGAIN, term_no=2))


def test_a_trainer_has_an_agreement_and_accepts_the_rules() -> None:
    given(*IN_QUEUE).when(changed(appoint, agreement_ref=None)).then_rejected("agreement-missing")
    given(pool_opened, expressed()).when(appoint).then_rejected("rules-not-agreed")
    given(*IN_QUEUE).when(changed(appoint, rules_accepted=False)).then_rejected("rules-not-accepted")


def test_a_term_is_a_part_of_the_work_for_a_time() -> None:
    given(*IN_QUEUE).when(changed(appoint, share=41)).then_rejected("share-too-big")
    given(*IN_QUEUE).when(changed(appoint, ends_on=date(2027, 9, 21))).then_rejected("term-too-long")
    given(*IN_QUEUE).when(changed(appoint, ends_on=date(2027, 3, 21))).then_rejected("dates-reversed")
    one_day = changed(appoint, ends_on=TERM_BEGINS)
    given(*IN_QUEUE).when(one_day).then(appointed(ends_on=TERM_BEGINS))


@pytest.mark.parametrize(
    ("other", "comes_first"),
    [
        (expressed(DANI, date(2027, 3, 16)), True),
        (expressed(DANI, date(2027, 3, 16), "billing", "listening"), True),
        (expressed(DANI, ASKED_ON), False),
        (expressed(DANI, date(2027, 3, 16), "billing"), False),
    ],
    ids=["waited longer", "also for it", "waited as long", "for something else"],
)
def test_who_has_waited_longer_comes_first(other: Any, comes_first: bool) -> None:
    told = given(*IN_QUEUE, other)
    if comes_first:
        told.when(appoint).then_rejected("longer-waiting")
        explained = changed(appoint, fairness_note="Dani asked to wait until the autumn.")
        told.when(explained).then(appointed(fairness_note="Dani asked to wait until the autumn."))
    else:
        told.when(appoint).then(trainer_appointed)


def test_who_has_served_less_comes_first_however_long_the_wait() -> None:
    waits_again = (*SERVING, trainer_term_ended, expressed(TUULA, date(2027, 7, 1)))
    newcomer = expressed(ONNI, date(2027, 9, 1))
    given(*waits_again, newcomer).when(changed(appoint, **AGAIN)).then_rejected("longer-waiting")
    given(*waits_again, newcomer).when(changed(appoint, **AGAIN, person_id=ONNI)).then(
        appointed(**AGAIN, person_id=ONNI)
    )


def test_a_term_that_never_began_costs_no_turn_and_no_wait() -> None:
    called_off = (*SERVING, term_ended(ended_on=date(2027, 3, 20)))
    (waits_on,) = given(*called_off).when(changed(express, on=date(2027, 3, 20)), at=at(20), actor=TUULA).facts
    assert waits_on == expressed(TUULA, ASKED_ON)
    other = expressed(DANI, date(2027, 3, 19))
    assert given(*called_off, waits_on, other).when(changed(appoint, share=10)).facts


def test_a_term_ends() -> None:
    given(*SERVING).when(end, actor=SANNA).then(trainer_term_ended)
    given(*SERVING, trainer_term_ended).when(end, actor=SANNA).then_nothing()
    given(*SERVING, trainer_term_ended).when(changed(end, reason="left"), actor=SANNA).then_rejected("not-serving")
    given(*IN_QUEUE).when(end, actor=SANNA).then_rejected("not-serving")


def test_a_term_ends_on_its_last_day_at_the_latest() -> None:
    wish = changed(end, reason="own-wish", on=TERM_ENDS)
    given(*SERVING).when(wish, actor=TUULA).then(term_ended(reason="own-wish", ended_on=TERM_ENDS))
    given(*SERVING).when(changed(wish, on=date(2035, 1, 1)), actor=TUULA).then_rejected("not-serving")


def test_a_trainer_ends_the_own_term_by_own_wish() -> None:
    given(*SERVING).when(end, actor=TUULA).then_rejected("own-wish-only")
    given(*SERVING).when(changed(end, reason="own-wish"), actor=TUULA).then(term_ended(reason="own-wish"))


def test_the_turn_passes_on_the_last_day_of_this_very_term() -> None:
    rotation = changed(end, reason="rotation", on=TERM_ENDS)
    ended = term_ended(reason="rotation", ended_on=TERM_ENDS)
    given(*SERVING).when(rotation, by="deadline").then(ended)
    given(*SERVING, ended).when(rotation, by="deadline").then_nothing()
    given(*IN_QUEUE).when(rotation, by="deadline").then_nothing()
    next_term = (expressed(TUULA, TERM_ENDS), appointed(**AGAIN, term_no=2))
    given(*SERVING, ended, *next_term).when(rotation, by="deadline").then_nothing()


@pytest.mark.parametrize(
    ("day", "trains"),
    [
        (date(2027, 3, 21), False),
        (TERM_BEGINS, True),
        (date(2027, 6, 30), True),
        (date(2027, 7, 1), False),
        (date(2027, 10, 1), True),
    ],
)
def test_a_trainer_trains_on_the_days_of_the_terms(day: date, trains: bool) -> None:
    there = known(pool.fold((*SERVING, trainer_term_ended, appointed(**AGAIN, term_no=2))))
    assert (there.trains_on(TUULA, day) is not None) == trains
    assert there.trains_on(UUID(int=99), day) is None


def test_an_end_that_was_told_for_a_later_day_makes_no_term_longer() -> None:
    too_late = (*SERVING, term_ended(ended_on=date(2035, 1, 1)))
    there = known(pool.fold(too_late))
    assert there.trains_on(TUULA, TERM_ENDS) is not None
    assert there.trains_on(TUULA, date(2027, 9, 21)) is None
    given(*too_late).when(changed(express, on=date(2027, 9, 21)), at=at(21, month=9), actor=TUULA).then(
        expressed(TUULA, date(2027, 9, 21))
    )
