"""Before the conversation: booked, prepared, handed over, moved as a last resort, cancelled."""

from datetime import timedelta
from typing import Any

import pytest

from services.coaching.deciders.session import PrepareSession
from services.coaching.events.session import SessionBooked, SessionMoved
from tests.coaching.booking import PLAN, book, cancel, clash, flag, given, hand_over, move, prepare
from tests.coaching.cast import AINO, DANI, OTHER_TEAM, SANNA, SESSION, TUULA, at, changed
from tests.coaching.forms import FORMS, retired, started
from tests.coaching.plans import need_raised, plan_ended, plan_moved, plan_opened, plan_paused
from tests.coaching.sessions import (
    LATER,
    STARTS,
    aino_prepared,
    cancelled,
    handed_over,
    sanna_prepared,
    session_booked,
    session_held,
    session_moved,
    voided,
)

PAUSED = (*PLAN, plan_paused)

# Booking


def test_a_session_is_booked_in_the_team_of_its_day() -> None:
    given().when(book, plan=PLAN, form=FORMS).then(session_booked)
    after_the_move = (plan_opened, plan_moved.model_copy(update={"from_day": STARTS.date()}))
    (booked,) = given().when(book, plan=after_the_move, form=FORMS).facts
    assert isinstance(booked, SessionBooked)
    assert booked.team_id == OTHER_TEAM


def test_the_same_booking_changes_nothing_at_any_time() -> None:
    for later in ([], [session_moved], [session_held], [cancelled], [session_held, voided]):
        given(session_booked, *later).when(book, plan=PLAN, form=FORMS).then_nothing()
    given(session_booked).when(changed(book, minutes=30), plan=PLAN, form=FORMS).then_rejected("session-exists")


def test_who_has_no_open_plan_has_no_sessions() -> None:
    given().when(book, form=FORMS).then_rejected("plan-not-open")
    given().when(book, plan=(need_raised,), form=FORMS).then_rejected("plan-not-open")
    given().when(book, plan=(plan_opened, plan_ended), form=FORMS).then(session_booked)
    in_april = changed(book, starts_at=at(1, 10, month=4))
    given().when(in_april, plan=(plan_opened, plan_ended), form=FORMS).then_rejected("plan-not-open")


@pytest.mark.parametrize("by", ["person", "policy"])
def test_no_session_is_booked_into_a_pause_but_a_talk_in_it_is_written_down(by: Any) -> None:
    for day, month in ((1, 4), (20, 4)):
        away = changed(book, starts_at=at(day, 10, month=month))
        given().when(away, plan=PAUSED, form=FORMS, by=by).then_rejected("plan-not-open")
        given().when(away, plan=PAUSED, form=FORMS, at=away.starts_at, by=by).then(
            session_booked.model_copy(update={"starts_at": away.starts_at})
        )
    for day, month in ((31, 3), (21, 4)):
        assert given().when(changed(book, starts_at=at(day, 10, month=month)), plan=PAUSED, form=FORMS).facts


def test_a_retired_form_serves_what_was_planned_with_it() -> None:
    given().when(book, plan=PLAN).then_rejected("form-unpublished")
    given().when(book, plan=PLAN, form=(started,)).then_rejected("form-unpublished")
    given().when(book, plan=PLAN, form=(*FORMS, retired)).then_rejected("form-unpublished")
    given().when(book, plan=PLAN, form=(*FORMS, retired), by="policy").then(session_booked)


def test_nobody_coaches_themselves() -> None:
    alone = changed(book, coach_id=AINO)
    given().when(alone, plan=PLAN, form=FORMS).then_rejected("coach-is-employee")
    given(session_booked).when(changed(hand_over, coach_id=AINO)).then_rejected("coach-is-employee")


def test_an_unplanned_talk_is_booked_afterwards() -> None:
    given().when(book, at=STARTS + timedelta(days=14), plan=PLAN, form=FORMS).then(session_booked)
    too_late = STARTS + timedelta(days=14, minutes=1)
    given().when(book, at=too_late, plan=PLAN, form=FORMS).then_rejected("in-the-past")


def test_nothing_is_booked_half_a_year_ahead() -> None:
    given().when(book, at=STARTS - timedelta(weeks=26), plan=PLAN, form=FORMS).then(session_booked)
    early = STARTS - timedelta(weeks=26, minutes=1)
    given().when(book, at=early, plan=PLAN, form=FORMS).then_rejected("beyond-horizon")


# Preparing and handing over


def test_each_prepares_their_own_side() -> None:
    given(session_booked).when(prepare, actor=AINO).then(aino_prepared)
    given(session_booked, aino_prepared).when(prepare, actor=AINO).then_nothing()
    by_coach = PrepareSession(session_id=SESSION, side="coach", topics=("The billing stage",))
    given(session_booked, aino_prepared).when(by_coach, actor=SANNA).then(sanna_prepared)
    anew = changed(prepare, topics=("Evening shifts",))
    given(session_booked, aino_prepared).when(anew, actor=AINO).then(
        aino_prepared.model_copy(update={"topics": ("Evening shifts",)})
    )


@pytest.mark.parametrize("actor", [TUULA, SANNA])
def test_nobody_prepares_for_somebody_else(actor: Any) -> None:
    given(session_booked).when(prepare, actor=actor).then_rejected("not-a-party")


def test_a_session_is_handed_over() -> None:
    given(session_booked).when(hand_over).then(handed_over)
    given(session_booked, handed_over).when(hand_over).then_nothing()
    given(session_booked, handed_over).when(
        PrepareSession(session_id=SESSION, side="coach", topics=("x",)), actor=SANNA
    ).then_rejected("not-a-party")


@pytest.mark.parametrize("end", [[session_held], [session_held, voided], [cancelled]])
def test_what_is_over_is_not_prepared_or_handed_over_or_moved(end: Any) -> None:
    over = given(session_booked, aino_prepared, *end)
    over.when(changed(prepare, topics=("Late",)), actor=AINO).then_rejected("session-over")
    over.when(prepare, actor=AINO).then_nothing()
    over.when(hand_over).then_rejected("session-over")
    over.when(changed(hand_over, coach_id=SANNA)).then_nothing()
    over.when(move, actor=SANNA, plan=PLAN).then_rejected("session-over")
    over.when(changed(move, starts_at=STARTS), actor=SANNA, plan=PLAN).then_nothing()


# Moving


def test_both_may_move_a_session() -> None:
    given(session_booked).when(move, actor=SANNA, plan=PLAN).then(session_moved)
    given(session_booked).when(move, actor=AINO, plan=PLAN).then(
        session_moved.model_copy(update={"moved_by": "employee"})
    )
    given(session_booked).when(move, actor=DANI, plan=PLAN).then_rejected("not-a-party")
    given(session_booked, handed_over).when(move, actor=SANNA, plan=PLAN).then_rejected("not-a-party")


def test_a_session_that_is_there_already_is_not_moved() -> None:
    given(session_booked, session_moved).when(move, actor=SANNA, plan=PLAN).then_nothing()


def test_a_session_moves_to_a_time_to_come() -> None:
    given(session_booked).when(move, at=at(23), actor=SANNA, plan=PLAN).then_rejected("in-the-past")


@pytest.mark.parametrize("reason", ["busy", "employee-wish"])
def test_being_busy_moves_a_session_once_and_a_week_ahead(reason: Any) -> None:
    busy = changed(move, reason=reason)
    ahead = given(session_booked).when(busy, at=STARTS - timedelta(days=7), actor=SANNA, plan=PLAN).facts
    assert len(ahead) == 1
    late = STARTS - timedelta(days=7) + timedelta(minutes=1)
    given(session_booked).when(busy, at=late, actor=SANNA, plan=PLAN).then_rejected("not-last-resort")
    again = changed(busy, starts_at=at(23, 10))
    given(session_booked, session_moved).when(again, actor=SANNA, plan=PLAN).then_rejected("not-last-resort")
    assert given(session_booked).when(move, at=late, actor=SANNA, plan=PLAN).facts


def test_a_session_is_moved_three_times_at_most() -> None:
    moved = [session_moved.model_copy(update={"starts_at": at(18 + n, 10), "move_no": n}) for n in (1, 2, 3)]
    (third,) = given(session_booked, *moved[:2]).when(move, actor=SANNA, plan=PLAN).facts
    assert isinstance(third, SessionMoved)
    assert third.move_no == 3
    given(session_booked, *moved).when(move, actor=SANNA, plan=PLAN).then_rejected("moved-too-often")


def test_a_session_stays_near_its_first_time() -> None:
    last = changed(move, starts_at=STARTS + timedelta(days=14))
    assert given(session_booked).when(last, actor=SANNA, plan=PLAN).facts
    over_a_change_of_clocks = changed(move, starts_at=at(1, 10, month=4))
    assert given(session_booked).when(over_a_change_of_clocks, actor=SANNA, plan=PLAN).facts
    too_far = changed(move, starts_at=STARTS + timedelta(days=15))
    given(session_booked).when(too_far, actor=SANNA, plan=PLAN).then_rejected("moved-too-far")
    given(session_booked, session_moved).when(too_far, actor=SANNA, plan=PLAN).then_rejected("moved-too-far")


def test_a_session_is_not_moved_half_a_year_ahead() -> None:
    early = STARTS - timedelta(weeks=26)
    given(session_booked).when(move, at=early, actor=SANNA, plan=PLAN).then_rejected("beyond-horizon")


def test_a_move_into_the_days_of_another_team_takes_that_team() -> None:
    there = (plan_opened, plan_moved.model_copy(update={"from_day": LATER.date()}))
    given(session_booked).when(move, actor=SANNA, plan=there).then(
        session_moved.model_copy(update={"team_id": OTHER_TEAM})
    )
    given(session_booked).when(move, actor=SANNA).then(session_moved)


def test_the_same_time_in_another_team_is_no_move() -> None:
    there = (plan_opened, plan_moved.model_copy(update={"from_day": STARTS.date()}))
    kept = changed(move, starts_at=STARTS, reason="busy", note=None)
    given(session_booked).when(kept, at=at(17), actor=SANNA, plan=there).then(
        session_moved.model_copy(
            update={"team_id": OTHER_TEAM, "starts_at": STARTS, "move_no": 0, "reason": "busy", "note": None}
        )
    )


@pytest.mark.parametrize("command", [prepare, hand_over, move, clash, cancel, flag])
def test_a_session_is_booked_first(command: Any) -> None:
    given().when(command).then_rejected("unknown-session")
