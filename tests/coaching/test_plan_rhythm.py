"""A plan follows the person, and says by when the next conversation is due: once a month at least."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.coaching.deciders.plan import (
    CountSession,
    EndPlan,
    FlagMissing,
    MovePlan,
    OpenPlan,
    PausePlan,
    SetCadence,
    UncountSession,
    plan,
)
from services.coaching.events.plan import (
    CadenceSet,
    CoachingCounted,
    CoachingMissed,
    PlanEvent,
    PlanMoved,
    PlanOpened,
    PlanPaused,
)
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, MONDAY, NEXT_SESSION, OTHER_TEAM, SESSION, TEAM, at, changed
from tests.coaching.plans import (
    DUE,
    SERIES_IDS,
    cadence_set,
    coaching_missed,
    need_raised,
    next_noted,
    plan_ended,
    plan_moved,
    plan_opened,
    plan_paused,
    session_counted,
    session_noted,
)

given = Scenario(plan).given

open_ = OpenPlan(person_id=AINO, team_id=TEAM, from_day=MONDAY, seq=1)
move = MovePlan(person_id=AINO, team_id=OTHER_TEAM, from_day=date(2027, 6, 1), seq=2)
end = EndPlan(person_id=AINO, on=date(2027, 3, 31), seq=3)
monthly_less = SetCadence(person_id=AINO, interval_days=14)
pause = PausePlan(person_id=AINO, from_day=date(2027, 4, 1), until_day=date(2027, 4, 20), reason="study")
flag = FlagMissing(person_id=AINO, due_on=DUE)
APRIL = date(2027, 4, 1)
ON_THE_EVENING = at(31, 18)


def due_of(*facts: PlanEvent) -> date:
    """When the newest of the facts says the next session is due."""
    return next(fact.next_due_on for fact in reversed(facts) if hasattr(fact, "next_due_on"))


# Following the person


def test_who_joins_is_coached_within_a_month() -> None:
    given().when(open_, by="policy").then(plan_opened)


def test_needs_and_sessions_told_before_the_plan_stay() -> None:
    given(need_raised).when(open_, by="policy").then(plan_opened)
    early = session_counted.model_copy(update={"team_id": None, "next_due_on": date(2027, 4, 17)})
    (opened,) = given(early).when(open_, by="policy").facts
    assert due_of(opened) == date(2027, 4, 17)


def test_what_was_heard_before_opens_nothing() -> None:
    given(plan_opened).when(open_, by="policy").then_nothing()
    given(plan_opened, plan_ended).when(changed(open_, seq=3), by="policy").then_nothing()


def test_a_corrected_name_leaves_the_rhythm_as_it_is() -> None:
    told_again = changed(open_, from_day=date(2027, 3, 20), seq=2)
    given(plan_opened).when(told_again, at=at(20), by="policy").then_nothing()


def test_a_first_day_still_to_come_may_be_another() -> None:
    to_come = plan_opened.model_copy(update={"from_day": date(2027, 3, 8), "next_due_on": date(2027, 4, 7)})
    other = changed(open_, from_day=date(2027, 3, 15), seq=2)
    slower = cadence_set.model_copy(update={"interval_days": 14})
    given(to_come).when(changed(other, from_day=date(2027, 3, 8)), by="policy").then_nothing()
    given(to_come, slower).when(other, by="policy").then(
        plan_opened.model_copy(
            update={"from_day": date(2027, 3, 15), "interval_days": 14, "next_due_on": date(2027, 3, 29), "seq": 2}
        )
    )


def test_who_does_not_turn_up_on_the_first_day_begins_on_another() -> None:
    later = changed(open_, from_day=date(2027, 3, 15), seq=2)
    (opened,) = given(plan_opened).when(later, at=at(1), by="policy").facts
    assert due_of(opened) == date(2027, 4, 14)


def test_who_joins_again_begins_anew() -> None:
    back = changed(open_, team_id=OTHER_TEAM, from_day=date(2027, 9, 1), seq=4)
    (opened,) = given(plan_opened, plan_paused, plan_ended).when(back, at=at(1, month=9), by="policy").facts
    assert isinstance(opened, PlanOpened)
    assert (opened.team_id, opened.next_due_on) == (OTHER_TEAM, date(2027, 10, 1))
    given(plan_opened, plan_paused, plan_ended, opened).when(
        FlagMissing(person_id=AINO, due_on=date(2027, 10, 1)), at=at(1, 18, month=10), by="deadline"
    ).then(CoachingMissed(person_id=AINO, team_id=OTHER_TEAM, due_on=date(2027, 10, 1), next_due_on=date(2027, 10, 31)))


def test_a_leaving_that_is_put_right_leaves_the_plan_as_it_was() -> None:
    leaves = plan_ended.model_copy(update={"on": date(2027, 12, 31)})
    history = (plan_opened, cadence_set, plan_moved, plan_paused, leaves)
    (opened,) = given(*history).when(changed(open_, from_day=APRIL, seq=4), at=at(1, month=4), by="policy").facts
    assert opened == PlanOpened(
        person_id=AINO, team_id=TEAM, from_day=APRIL, interval_days=14, next_due_on=date(2027, 5, 4), seq=4
    ), "15 April falls into the pause until the 20th"
    days = [MONDAY, APRIL, date(2027, 5, 31), date(2027, 6, 1)]
    assert [team_on(day, *history, opened) for day in days] == [TEAM, TEAM, TEAM, OTHER_TEAM]
    assert plan.fold((*history, opened)).book.pauses == plan.fold(history).book.pauses


def team_on(day: date, *facts: PlanEvent) -> UUID | None:
    return plan.fold(facts).book.team_on(day)


def test_what_was_held_before_joining_again_is_the_team_s_of_then() -> None:
    ended = plan_ended.model_copy(update={"on": date(2027, 3, 5)})
    back = plan_opened.model_copy(update={"team_id": OTHER_TEAM, "from_day": date(2027, 3, 8), "seq": 4})
    history = (plan_opened, plan_moved, ended, back)
    days = [date(2027, 3, 1), date(2027, 3, 4), date(2027, 3, 8), date(2027, 6, 1)]
    assert [team_on(day, *history) for day in days] == [TEAM, TEAM, OTHER_TEAM, OTHER_TEAM]
    later = back.model_copy(update={"from_day": date(2027, 3, 15), "seq": 5})
    assert team_on(date(2027, 3, 8), *history, later) == TEAM
    in_another = back.model_copy(update={"team_id": TEAM, "from_day": date(2027, 3, 7), "seq": 5})
    assert team_on(date(2027, 3, 8), *history, in_another) == TEAM


def test_a_move_still_ahead_outlives_another_first_day() -> None:
    earlier = plan_opened.model_copy(update={"from_day": date(2027, 2, 22), "seq": 3})
    days = [date(2027, 2, 20), date(2027, 3, 1), date(2027, 6, 1)]
    assert [team_on(day, plan_opened, plan_moved, earlier) for day in days] == [TEAM, TEAM, OTHER_TEAM]


def test_the_plan_moves_along() -> None:
    given(plan_opened).when(move, by="policy").then(plan_moved)
    given(plan_opened, plan_moved).when(changed(move, from_day=date(2027, 7, 1)), by="policy").then_nothing()
    given(plan_opened, plan_moved).when(changed(move, seq=3), by="policy").then_nothing()
    given(plan_opened, plan_ended).when(changed(move, seq=9), by="policy").then_nothing()
    before_the_last_day = changed(move, from_day=date(2027, 3, 31), seq=9)
    assert given(plan_opened, plan_ended).when(before_the_last_day, by="policy").facts
    given().when(move, by="policy").then_rejected("unknown-plan")


def test_another_move_of_the_same_day_counts() -> None:
    back = changed(move, team_id=TEAM, seq=3)
    (moved,) = given(plan_opened, plan_moved).when(back, by="policy").facts
    assert moved == PlanMoved(person_id=AINO, team_id=TEAM, from_day=date(2027, 6, 1), seq=3)
    (missed,) = (
        given(plan_opened, plan_moved, moved)
        .when(FlagMissing(person_id=AINO, due_on=date(2027, 6, 2)), at=at(2, 18, month=6), by="deadline")
        .facts
    )
    assert isinstance(missed, CoachingMissed)
    assert missed.team_id == TEAM


def test_an_ended_plan_names_what_is_still_booked() -> None:
    given(plan_opened, session_noted, next_noted).when(end, by="policy").then(plan_ended)
    given(plan_opened).when(changed(end, seq=1), by="policy").then_nothing()
    given(plan_opened, plan_ended).when(changed(end, seq=9), by="policy").then_nothing()
    given().when(end, by="policy").then_rejected("unknown-plan")


# The rhythm


def test_the_rhythm_is_set() -> None:
    given(plan_opened).when(monthly_less).then(cadence_set)
    given(plan_opened, cadence_set).when(monthly_less).then_nothing()


def test_everybody_is_coached_once_a_month_at_least_and_a_week_apart() -> None:
    given(plan_opened).when(changed(monthly_less, interval_days=32)).then_rejected("too-rare")
    given(plan_opened).when(changed(monthly_less, interval_days=6)).then_rejected("too-often")
    for just in (31, 7):
        assert given(plan_opened).when(changed(monthly_less, interval_days=just)).rejected is None


@pytest.mark.parametrize("command", [monthly_less, pause])
def test_a_rhythm_is_of_an_open_plan(command: Any) -> None:
    given().when(command).then_rejected("unknown-plan")
    given(need_raised).when(command).then_rejected("plan-not-open")
    given(plan_opened, plan_ended).when(command, at=at(1, month=4)).then_rejected("plan-not-open")


@pytest.mark.parametrize("command", [monthly_less, pause])
def test_it_is_open_until_the_last_day_when_that_is_known(command: Any) -> None:
    assert given(plan_opened, plan_ended).when(command, at=at(31)).facts


def test_the_next_one_is_due_an_interval_after_the_newest() -> None:
    older = CountSession(person_id=AINO, session_id=NEXT_SESSION, held_on=date(2027, 3, 10), needs=())
    (counted,) = given(plan_opened, session_counted).when(older, at=at(19), by="policy").facts
    assert isinstance(counted, CoachingCounted)
    assert counted.next_due_on == session_counted.next_due_on


def test_nothing_is_due_today_or_before() -> None:
    late = at(20, month=5)
    (faster,) = given(plan_opened).when(monthly_less, at=late).facts
    assert faster == CadenceSet(person_id=AINO, team_id=TEAM, interval_days=14, next_due_on=date(2027, 5, 21))


def test_a_due_day_in_a_pause_waits_an_interval_after_it() -> None:
    given(plan_opened, session_counted, session_noted, next_noted).when(pause, at=at(20)).then(plan_paused)
    given(plan_opened, session_counted, plan_paused).when(pause).then_nothing()


@pytest.mark.parametrize(("held_on", "due"), [(2, date(2027, 5, 20)), (22, date(2027, 4, 21))])
def test_the_pause_holds_from_its_first_day_to_its_last(held_on: int, due: date) -> None:
    counted = CountSession(person_id=AINO, session_id=SESSION, held_on=date(2027, 3, held_on), needs=())
    (fact,) = given(plan_opened, plan_paused).when(counted, at=at(25), by="policy").facts
    assert isinstance(fact, CoachingCounted)
    assert fact.next_due_on == due


def test_who_comes_back_early_is_coached_earlier() -> None:
    earlier = changed(pause, until_day=date(2027, 4, 10))
    (paused,) = given(plan_opened, session_counted, plan_paused).when(earlier, at=at(2, month=4)).facts
    assert due_of(paused) == date(2027, 4, 17)
    reversed_ = changed(pause, until_day=date(2027, 3, 1))
    given(plan_opened).when(reversed_).then_rejected("dates-reversed")


def test_who_stays_away_for_longer_has_been_away_since_the_pause_began() -> None:
    longer = changed(pause, from_day=date(2027, 4, 20), until_day=date(2027, 4, 30))
    (paused,) = given(plan_opened, session_counted, plan_paused).when(longer, at=at(19, month=4)).facts
    assert isinstance(paused, PlanPaused)
    assert (paused.from_day, paused.until_day, paused.next_due_on) == (
        pause.from_day,
        longer.until_day,
        date(2027, 5, 30),
    )
    given(plan_opened, session_counted, plan_paused, paused).when(longer, at=at(19, month=4)).then_nothing()
    (planned_anew,) = given(plan_opened, session_counted, plan_paused).when(longer, at=at(20)).facts
    assert isinstance(planned_anew, PlanPaused)
    assert planned_anew.from_day == longer.from_day, "a pause that has not begun is put off"


def test_a_second_pause_leaves_the_first_one_standing() -> None:
    in_may = PausePlan(person_id=AINO, from_day=date(2027, 5, 10), until_day=date(2027, 5, 31), reason="leave")
    (paused,) = given(plan_opened, session_counted, plan_paused).when(in_may, at=at(20)).facts
    assert due_of(paused) == date(2027, 6, 30), "17 April waits until 20 May, which waits until 30 June"


def test_a_pause_names_the_sessions_still_ahead_of_it() -> None:
    begun = pause.model_copy(update={"from_day": date(2027, 3, 15)})
    (paused,) = given(plan_opened, session_noted, next_noted).when(begun, at=at(18, 11)).facts
    assert isinstance(paused, PlanPaused)
    assert paused.session_ids == (NEXT_SESSION,)


def test_a_pause_takes_a_year_at_most() -> None:
    with pytest.raises(ValidationError, match="365 days"):
        changed(pause, until_day=pause.from_day + timedelta(days=366))


# What was missed


def test_a_due_day_without_a_session_is_told() -> None:
    given(plan_opened).when(flag, at=ON_THE_EVENING, by="deadline").then(coaching_missed)


def test_it_is_told_once_and_again_an_interval_later() -> None:
    given(plan_opened, coaching_missed).when(flag, at=ON_THE_EVENING, by="deadline").then_nothing()
    again = changed(flag, due_on=coaching_missed.next_due_on)
    (missed,) = given(plan_opened, coaching_missed).when(again, at=at(30, 18, month=4), by="deadline").facts
    assert due_of(missed) == date(2027, 5, 30)


def test_what_is_due_later_is_not_missed() -> None:
    given(plan_opened, session_counted).when(flag, at=ON_THE_EVENING, by="deadline").then_nothing()
    given(plan_opened, plan_ended).when(flag, at=ON_THE_EVENING, by="deadline").then(coaching_missed)
    left = plan_ended.model_copy(update={"on": date(2027, 3, 30)})
    given(plan_opened, left).when(flag, at=ON_THE_EVENING, by="deadline").then_nothing()
    given(need_raised).when(flag, at=ON_THE_EVENING, by="deadline").then_nothing()
    given().when(flag, at=ON_THE_EVENING, by="deadline").then_rejected("unknown-plan")


def test_another_rhythm_after_a_missed_day_begins_there() -> None:
    (faster,) = given(plan_opened, coaching_missed).when(monthly_less, at=at(1, month=4)).facts
    assert due_of(faster) == date(2027, 4, 14)
    counted = CountSession(person_id=AINO, session_id=SESSION, held_on=date(2027, 3, 30), needs=())
    (fact,) = given(plan_opened, coaching_missed).when(counted, at=at(1, month=4), by="policy").facts
    assert due_of(fact) == date(2027, 4, 29), "a session written down late makes the missed day good"


def test_a_pause_told_after_the_due_day_was_flagged_covers_it() -> None:
    march = PausePlan(person_id=AINO, from_day=date(2027, 3, 20), until_day=date(2027, 4, 10), reason="leave")
    (told_before,) = given(plan_opened).when(march, at=at(20)).facts
    (told_after,) = given(plan_opened, coaching_missed).when(march, at=at(2, month=4)).facts
    assert due_of(told_after) == due_of(told_before) == date(2027, 5, 10)
    back = changed(march, until_day=date(2027, 3, 30))
    (paused,) = given(plan_opened, coaching_missed, told_after).when(back, at=at(2, month=4)).facts
    assert due_of(paused) == coaching_missed.next_due_on, "31 March is missed again"


def rhythm_after(*facts: PlanEvent, counted: date, on: date, session_id: UUID = NEXT_SESSION) -> CoachingCounted:
    told = CountSession(person_id=AINO, session_id=session_id, held_on=counted, needs=())
    (fact,) = given(*facts).when(told, at=at(on.day, month=on.month), by="policy").facts
    assert isinstance(fact, CoachingCounted)
    return fact


def missed_on(due_on: date, *facts: PlanEvent) -> CoachingMissed:
    told = changed(flag, due_on=due_on)
    (fact,) = given(*facts).when(told, at=at(due_on.day, 18, month=due_on.month), by="deadline").facts
    assert isinstance(fact, CoachingMissed)
    return fact


def test_an_older_session_written_down_late_brings_no_second_flag() -> None:
    counted = session_counted.model_copy(update={"next_due_on": APRIL})
    facts: tuple[PlanEvent, ...] = (plan_opened, cadence_set, counted)
    facts = (*facts, missed_on(APRIL, *facts))
    assert due_of(*facts) == date(2027, 4, 15)
    late = rhythm_after(*facts, counted=date(2027, 3, 16), on=date(2027, 4, 2))
    assert late.next_due_on == date(2027, 4, 15), "it is older than the one that the missed day was reckoned from"
    newer = rhythm_after(*facts, late, counted=date(2027, 3, 20), on=date(2027, 4, 2), session_id=SERIES_IDS[0])
    assert newer.next_due_on == date(2027, 4, 3)


def test_a_missed_day_is_missed_again_when_the_session_that_made_it_good_is_voided() -> None:
    facts = (plan_opened, coaching_missed)
    made_good = rhythm_after(*facts, counted=date(2027, 3, 20), on=date(2027, 4, 1))
    assert made_good.next_due_on == date(2027, 4, 19)
    void = UncountSession(person_id=AINO, session_id=NEXT_SESSION)
    (uncounted,) = given(*facts, made_good).when(void, at=at(2, month=4), by="policy").facts
    assert due_of(uncounted) == coaching_missed.next_due_on
    flagged = given(*facts, made_good, uncounted).when(
        changed(flag, due_on=date(2027, 4, 3)), at=at(3, 18, month=4), by="deadline"
    )
    flagged.then_nothing()


def test_another_rhythm_does_not_flag_a_missed_day_anew() -> None:
    rarer = SetCadence(person_id=AINO, interval_days=31)
    (set_,) = given(plan_opened, coaching_missed).when(rarer, at=at(31, 19)).facts
    assert due_of(set_) == date(2027, 5, 1), "31 days after the missed day, not after the first one"
    facts = (plan_opened, coaching_missed, cadence_set.model_copy(update={"next_due_on": date(2027, 4, 14)}))
    late = rhythm_after(*facts, counted=date(2027, 3, 5), on=date(2027, 4, 1))
    assert late.next_due_on == date(2027, 4, 14), "the new rhythm would have missed 19 March"


def test_a_missed_day_after_a_pause_stays_missed_by_a_session_from_before_the_pause() -> None:
    counted = session_counted.model_copy(update={"next_due_on": date(2027, 5, 20)})
    facts: tuple[PlanEvent, ...] = (plan_opened, plan_paused, counted)
    facts = (*facts, missed_on(date(2027, 5, 20), *facts))
    late = rhythm_after(*facts, counted=date(2027, 3, 25), on=date(2027, 5, 21))
    assert late.next_due_on == due_of(*facts) == date(2027, 6, 19)
