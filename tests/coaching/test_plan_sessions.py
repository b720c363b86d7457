"""What is booked and held, and what somebody wants to learn."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.coaching.deciders.plan import (
    ChangeCoach,
    CountSession,
    DropBooking,
    MeetNeeds,
    NoteBooking,
    NoteWhatMatters,
    PlanSeries,
    RaiseNeed,
    UncountSession,
    plan,
)
from services.coaching.events.plan import CoachChanged, CoachingCounted, NeedRaised, SeriesPlanned
from services.coaching.events.shapes import NeedRef
from shared.core.ids import derive
from shared.testing.scenario import Scenario
from tests.coaching.cast import (
    AINO,
    DANI,
    FORM,
    NEED,
    NEXT_SESSION,
    OTHER_NEED,
    SANNA,
    SESSION,
    at,
    changed,
)
from tests.coaching.forms import FORMS, retired
from tests.coaching.plans import (
    FIRST_STARTS,
    SERIES_IDS,
    coach_changed,
    need_met,
    need_raised,
    next_dropped,
    next_noted,
    next_orphaned,
    other_raised,
    plan_ended,
    plan_opened,
    plan_paused,
    series_planned,
    session_counted,
    session_noted,
    session_uncounted,
    what_matters,
)

given = Scenario(plan).given
HELSINKI = ZoneInfo("Europe/Helsinki")

series = PlanSeries(
    person_id=AINO,
    coach_id=SANNA,
    form_id=FORM,
    first=at(4, 10),
    every_days=28,
    count=3,
    minutes=45,
    place="site",
)
HERE = datetime(2027, 3, 2, 9, tzinfo=HELSINKI)
change_coach = ChangeCoach(person_id=AINO, coach_id=DANI, from_day=date(2027, 3, 18))
note = NoteBooking(person_id=AINO, session_id=SESSION, starts_at=at(18, 10), seq=1)
drop = DropBooking(person_id=AINO, session_id=NEXT_SESSION, seq=3)
CRM, STRESS = NeedRef(need_id=NEED, topic="crm-search"), NeedRef(need_id=OTHER_NEED, topic="stress-tolerance")
count = CountSession(person_id=AINO, session_id=SESSION, held_on=date(2027, 3, 18), needs=(CRM,))
uncount = UncountSession(person_id=AINO, session_id=SESSION)
raise_need = RaiseNeed(person_id=AINO, need_id=NEED, topic="crm-search", origin="check", note="Cannot find customers.")
meet = MeetNeeds(person_id=AINO, needs=(CRM, STRESS), ref=SESSION)
note_what_matters = NoteWhatMatters(person_id=AINO, text="To be the one others ask about billing.")


# A series


def test_a_series_keeps_its_time_of_day_when_the_clocks_change() -> None:
    (planned,) = given(plan_opened).when(series, at=HERE, form=FORMS).facts
    assert planned == series_planned
    assert isinstance(planned, SeriesPlanned)
    assert [slot.starts_at.isoformat() for slot in planned.sessions] == [
        "2027-03-04T10:00:00+02:00",
        "2027-04-01T10:00:00+03:00",
        "2027-04-29T10:00:00+03:00",
    ]
    assert tuple(slot.session_id for slot in planned.sessions) == SERIES_IDS


def test_a_time_that_a_day_lacks_is_an_hour_later() -> None:
    by_night = changed(series, first=datetime.fromisoformat("2027-03-21T03:30:00+02:00"), every_days=7, count=2)
    (planned,) = given(plan_opened).when(by_night, at=HERE, form=FORMS).facts
    assert isinstance(planned, SeriesPlanned)
    assert planned.sessions[1].starts_at.isoformat() == "2027-03-28T04:30:00+03:00"


def test_a_time_that_a_day_has_twice_is_the_first_of_them() -> None:
    by_night = changed(series, first=datetime.fromisoformat("2027-10-24T03:30:00+03:00"), every_days=7, count=2)
    summer = datetime(2027, 8, 2, 9, tzinfo=HELSINKI)
    (planned,) = given(plan_opened).when(by_night, at=summer, form=FORMS).facts
    assert isinstance(planned, SeriesPlanned)
    assert planned.sessions[1].starts_at.isoformat() == "2027-10-31T03:30:00+03:00"


def test_the_same_series_is_planned_once() -> None:
    given(plan_opened, series_planned).when(series, at=HERE, form=FORMS).then_nothing()
    (second,) = given(plan_opened, series_planned).when(changed(series, place="remote"), at=HERE, form=FORMS).facts
    assert isinstance(second, SeriesPlanned)
    assert second.series_no == 2
    assert second.sessions[0].session_id == derive("session", AINO, FIRST_STARTS[0], 2)
    other_days = changed(series, every_days=21)
    assert given(plan_opened, series_planned).when(other_days, at=HERE, form=FORMS).facts


def test_a_series_that_was_cancelled_may_be_planned_again() -> None:
    dropped = [next_dropped.model_copy(update={"session_id": session_id}) for session_id in SERIES_IDS]
    facts = given(plan_opened, series_planned, *dropped).when(series, at=HERE, form=FORMS).facts
    assert [fact.series_no for fact in facts if isinstance(fact, SeriesPlanned)] == [2]
    given(plan_opened, series_planned, *dropped[1:]).when(series, at=HERE, form=FORMS).then_nothing()


def test_no_session_of_a_series_falls_into_a_pause() -> None:
    given(plan_opened, plan_paused).when(series, at=HERE, form=FORMS).then_rejected("plan-not-open")
    given(plan_opened, series_planned, plan_paused).when(series, at=HERE, form=FORMS).then_nothing()
    around = changed(series, first=at(31, 10), every_days=21, count=2)
    assert given(plan_opened, plan_paused).when(around, at=HERE, form=FORMS).facts, "31 March and 21 April"


def test_what_a_series_needs() -> None:
    given(plan_opened).when(series, at=HERE).then_rejected("form-unpublished")
    given(plan_opened).when(series, at=HERE, form=(*FORMS, retired)).then_rejected("form-unpublished")
    alone = changed(series, coach_id=AINO)
    given(plan_opened).when(alone, at=HERE, form=FORMS).then_rejected("coach-is-employee")
    given(plan_opened).when(series, at=at(5), form=FORMS).then_rejected("in-the-past")
    far = changed(series, count=8)
    given(plan_opened).when(far, at=HERE, form=FORMS).then_rejected("beyond-horizon")
    assert given(plan_opened).when(changed(series, count=7), at=HERE, form=FORMS).facts


@pytest.mark.parametrize("command", [series, change_coach])
def test_sessions_are_planned_in_an_open_plan(command: Any) -> None:
    given().when(command).then_rejected("unknown-plan")
    given(plan_opened, plan_ended).when(command).then_rejected("plan-not-open")


# Another coach


def test_another_coach_takes_what_is_booked_from_that_day() -> None:
    booked = (plan_opened, session_noted, next_noted)
    given(*booked).when(change_coach).then(coach_changed)
    given(*booked, coach_changed).when(change_coach).then_nothing()
    later = changed(change_coach, from_day=date(2027, 3, 19))
    given(*booked).when(later).then(
        CoachChanged(person_id=AINO, coach_id=DANI, from_day=date(2027, 3, 19), session_ids=(NEXT_SESSION,))
    )


def test_what_was_booked_since_is_handed_over_too() -> None:
    first = coach_changed.model_copy(update={"session_ids": (SESSION,)})
    given(plan_opened, session_noted, first, next_noted).when(change_coach).then(coach_changed)


def test_nobody_coaches_themselves() -> None:
    given(plan_opened).when(changed(change_coach, coach_id=AINO)).then_rejected("coach-is-employee")


# Bookings


def test_bookings_are_noted_in_the_order_of_their_stream() -> None:
    given(plan_opened).when(note, by="policy").then(session_noted)
    given(plan_opened, session_noted).when(note, by="policy").then_nothing()
    moved = changed(note, starts_at=at(22, 10), seq=4)
    given(plan_opened, session_noted).when(moved, by="policy").then(
        session_noted.model_copy(update={"starts_at": at(22, 10), "seq": 4})
    )


def test_a_dropped_booking_stays_dropped() -> None:
    given(plan_opened, next_noted).when(drop, by="policy").then(next_dropped)
    given(plan_opened, next_noted, next_dropped).when(drop, by="policy").then_nothing()
    late = NoteBooking(person_id=AINO, session_id=NEXT_SESSION, starts_at=at(15, 10, month=4), seq=2)
    given(plan_opened, next_dropped).when(late, by="policy").then_nothing()


def test_a_booking_after_the_last_day_is_an_orphan() -> None:
    late = NoteBooking(person_id=AINO, session_id=NEXT_SESSION, starts_at=at(15, 10, month=4), seq=2)
    given(plan_opened, plan_ended).when(late, by="policy").then(next_orphaned)
    given(plan_opened, plan_ended, next_orphaned).when(late, by="policy").then_nothing()
    given(need_raised).when(late, by="policy").then(next_orphaned)
    given(plan_opened, plan_ended).when(note, by="policy").then(session_noted)


@pytest.mark.parametrize("command", [note, drop, uncount, meet])
def test_a_person_never_heard_of_has_no_plan(command: Any) -> None:
    given().when(command, by="policy").then_rejected("unknown-plan")


# Counting


def test_a_session_counts_once_and_meets_its_open_needs() -> None:
    given(plan_opened, need_raised).when(count, at=at(18, 11), by="policy").then(session_counted, need_met)
    given(plan_opened, session_counted).when(count, at=at(18, 11), by="policy").then_nothing()
    given(plan_opened, need_raised, need_met).when(count, at=at(18, 11), by="policy").then(session_counted)


def test_a_session_may_be_told_before_the_plan_or_after_its_end() -> None:
    early = session_counted.model_copy(update={"team_id": None})
    given().when(count, at=at(18, 11), by="policy").then(early)
    (fact,) = given(plan_opened, plan_ended).when(count, at=at(18, 11), by="policy").facts
    assert isinstance(fact, CoachingCounted)


def test_a_voided_session_counts_no_more_and_never_again() -> None:
    given(plan_opened, session_counted).when(uncount, at=at(19), by="policy").then(session_uncounted)
    voided = (plan_opened, session_counted, session_uncounted)
    given(*voided).when(uncount, at=at(19), by="policy").then_nothing()
    given(*voided).when(count, at=at(19), by="policy").then_nothing()
    given(plan_opened).when(uncount, by="policy").then_nothing()


def test_without_a_first_day_the_day_of_asking_begins_the_interval() -> None:
    early = session_counted.model_copy(update={"team_id": None})
    (fact,) = given(early).when(uncount, at=at(19), by="policy").facts
    assert fact == session_uncounted.model_copy(update={"team_id": None, "next_due_on": date(2027, 4, 18)})


# Needs, and what matters


def test_a_need_is_raised_once() -> None:
    given(plan_opened).when(raise_need).then(need_raised)
    given(plan_opened, need_raised).when(raise_need).then_nothing()
    given(plan_opened, need_raised, need_met).when(raise_need).then_nothing()
    given().when(raise_need).then(NeedRaised(**dict(need_raised) | {"team_id": None}))
    given(plan_opened, plan_ended).when(raise_need).then(need_raised)
    given(plan_opened, plan_ended).when(raise_need, at=at(1, month=4)).then_nothing()


def test_needs_that_are_open_are_met() -> None:
    given(plan_opened, need_raised).when(meet).then(need_met)
    both = need_met.model_copy(update={"need_id": OTHER_NEED, "topic": "stress-tolerance"})
    given(plan_opened, need_raised, other_raised).when(meet).then(need_met, both)
    given(plan_opened, need_raised, need_met).when(meet).then_nothing()


def test_a_need_is_named_once() -> None:
    with pytest.raises(ValidationError, match="twice"):
        MeetNeeds(person_id=AINO, needs=(CRM, CRM), ref=UUID(int=1))


def test_what_matters_is_written_down_anew() -> None:
    given(plan_opened).when(note_what_matters).then(what_matters)
    given(plan_opened, what_matters).when(note_what_matters).then_nothing()
    given().when(note_what_matters).then_rejected("unknown-plan")
