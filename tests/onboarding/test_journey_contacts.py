"""The first own contact, and who sits beside the hire."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from services.onboarding.deciders.journey import (
    RecordCheck,
    RecordFirstContact,
    VoidRecord,
    journey,
)
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.stage import FirstContactTaken, RecordVoided
from shared.core.calendar import add_working_days
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    IN_BASICS,
    IN_BILLING,
    IN_FIRST_RESPONSE,
    basics_completed,
    basics_started,
    contact_met,
    contact_taken,
    first_response_started,
    journey_started,
    journey_stopped,
    listen_met,
    listened,
    met,
    stage_started,
    support_arranged,
    survey_answers,
    survey_passed,
)
from tests.onboarding.plan import (
    AINO,
    CONTACT,
    MONDAY,
    SURVEY,
    TEAM,
    TUESDAY,
    TUULA,
    WINTER,
    at,
    basics,
    billing,
    changed,
    first_contact,
    first_response,
)

given = Scenario(journey).given

record = RecordFirstContact(
    person_id=AINO, contact_id=CONTACT, contact_type="data-change", taken_at=at(9, 13), supported_by=TUULA
)


def taken(**fields: Any) -> FirstContactTaken:
    return contact_taken.model_copy(update=fields)


def test_the_first_contact_meets_its_requirement() -> None:
    given(*IN_BASICS).when(record, at=at(9, 14)).then(contact_taken, contact_met)


def test_the_hire_tells_it_too_when_support_was_arranged() -> None:
    given(*IN_BASICS, support_arranged).when(record, at=at(9, 14), actor=AINO).then(contact_taken, contact_met)


def test_the_hire_does_not_take_it_alone() -> None:
    given(*IN_BASICS).when(record, at=at(9, 14), actor=AINO).then_rejected("support-missing")


def test_the_hire_is_not_the_own_supporter() -> None:
    alone = changed(record, supported_by=AINO)
    given(*IN_BASICS, support_arranged).when(alone, at=at(9, 14), actor=AINO).then_rejected("supporter-is-hire")
    given(*IN_BASICS).when(alone, at=at(9, 14)).then_rejected("supporter-is-hire")


def test_a_contact_type_that_is_neither_supported_nor_unlocked_is_locked() -> None:
    of_billing = changed(record, contact_type="billing")
    given(*IN_BASICS).when(of_billing, at=at(9, 14)).then_rejected("contact-type-locked")
    given(*IN_FIRST_RESPONSE[:3], basics_completed, first_response_started).when(
        of_billing, at=at(9, 14)
    ).then_rejected("contact-type-locked")


def test_an_unlocked_type_is_open_in_later_stages() -> None:
    without_contact = [fact for fact in IN_BILLING if fact not in (contact_taken, contact_met)]
    late = changed(record, taken_at=at(23, 10))
    given(*without_contact).when(late, at=at(23, 11)).then(
        taken(stage="billing", taken_at=at(23, 10), journey_day=12, in_time=False)
    )


def test_the_types_of_a_credited_stage_are_unlocked() -> None:
    credited = journey_started.model_copy(update={"credited": ("first-response",)})
    enquiry = changed(record, contact_type="basic-enquiry")
    given(credited, basics_started).when(enquiry, at=at(9, 14)).then(taken(contact_type="basic-enquiry"), contact_met)


def test_it_is_taken_once() -> None:
    other = changed(record, contact_id=UUID(int=99), taken_at=at(9, 15))
    given(*IN_BASICS, contact_taken, contact_met).when(record, at=at(9, 16)).then_nothing()
    given(*IN_BASICS, contact_taken, contact_met).when(other, at=at(9, 16)).then_nothing()
    given(*ALL_DONE).when(record, at=at(3, month=4)).then_nothing()


def test_it_is_not_told_before_it_happens() -> None:
    given(*IN_BASICS).when(record, at=at(9, 12)).then_rejected("in-the-future")


def test_it_is_taken_in_an_open_stage() -> None:
    given().when(record).then_rejected("unknown-journey")
    given(journey_started).when(record, at=at(9, 14)).then_rejected("not-underway")
    given(*IN_BASICS, journey_stopped).when(record, at=at(9, 14)).then_rejected("not-underway")


voided = RecordVoided(
    person_id=AINO,
    team_id=TEAM,
    journey_no=1,
    record_id=CONTACT,
    kind="first-contact",
    stage="basics",
    requirement="own-contact",
    open_left=3,
    reason="It was Onni's.",
)


def test_after_a_voided_one_the_right_one_is_recorded_under_a_new_id_or_the_same() -> None:
    right = changed(record, contact_id=UUID(int=99))
    history = (*IN_BASICS, contact_taken, contact_met, voided)
    given(*history).when(right, at=at(9, 14)).then(taken(contact_id=UUID(int=99)), contact_met)
    given(*history).when(record, at=at(9, 14)).then(contact_taken, contact_met)


def test_recorded_anew_it_is_taken_once_and_may_be_voided_again() -> None:
    history = (*IN_BASICS, contact_taken, contact_met, voided, contact_taken, contact_met)
    given(*history).when(record, at=at(9, 14)).then_nothing()
    void = VoidRecord(person_id=AINO, record_id=CONTACT, reason="It was Onni's.")
    given(*history).when(void, at=at(9, 14)).then(voided)
    given(*history, voided).when(void, at=at(9, 14)).then_nothing()
    given(*history, voided).when(record, at=at(9, 14)).then(contact_taken, contact_met)


def test_a_contact_counts_once_in_all_journeys_of_a_person() -> None:
    second = journey_started.model_copy(update={"journey_no": 2})
    begun = basics_started.model_copy(update={"journey_no": 2})
    given(*IN_BASICS, contact_taken, contact_met, journey_stopped, second, begun).when(
        record, at=at(9, 14)
    ).then_nothing()


@pytest.mark.parametrize(
    ("taken_at", "day", "in_time"),
    [
        (at(8, 9), 1, True),
        (at(9, 9), 2, True),
        (at(10, 9), 3, False),
        (at(13, 9), 5, False),
        (at(15, 9), 6, False),
        (at(5, 9), 1, True),
    ],
)
def test_days_are_counted_in_working_days_from_the_first_stage(taken_at: datetime, day: int, in_time: bool) -> None:
    contact = changed(record, taken_at=taken_at)
    expected = taken(taken_at=taken_at, journey_day=day, in_time=in_time)
    met_then = met(basics, first_contact, taken_at.date(), 2)
    given(*IN_BASICS).when(contact, at=at(16)).then(expected, met_then)


def test_a_part_time_hire_has_more_days_for_the_first_contact() -> None:
    part_time = journey_started.model_copy(update={"pace": 40})
    for day, in_time in ((12, True), (15, False)):
        contact = changed(record, taken_at=at(day))
        number = 5 if day == 12 else 6
        expected = taken(taken_at=at(day), journey_day=number, in_time=in_time)
        given(part_time, basics_started).when(contact, at=at(16)).then(
            expected, met(basics, first_contact, date(2027, 3, day), 2)
        )


def test_it_is_neither_late_nor_in_time_where_no_stage_dates_it() -> None:
    credited = journey_started.model_copy(update={"credited": ("basics",)})
    started = stage_started(first_response, 2, MONDAY, date(2027, 3, 22))
    given(credited, started).when(record, at=at(9, 14)).then(taken(stage="first-response", in_time=None))


@pytest.mark.parametrize(("by_day", "pace", "last_day"), [(20, 100, 8), (20, 50, 16), (5, 100, 1)])
def test_the_days_of_credited_stages_are_not_waited_for(by_day: int, pace: int, last_day: int) -> None:
    dated = billing.model_copy(update={"first_contact_by_day": by_day})
    credited = {"credited": ("basics", "first-response"), "stages": (basics, first_response, dated), "pace": pace}
    plan = journey_started.model_copy(update=credited)
    begun = stage_started(dated, 3, MONDAY, date(2027, 4, 5))
    for day, in_time in ((last_day, True), (last_day + 1, False)):
        taken_at = datetime.combine(add_working_days(MONDAY, day - 1), time(9), WINTER)
        contact = changed(record, contact_type="billing", taken_at=taken_at)
        given(plan, begun).when(contact, at=at(30)).then(
            taken(stage="billing", contact_type="billing", taken_at=taken_at, journey_day=day, in_time=in_time)
        )


def test_the_earliest_day_of_the_plan_counts() -> None:
    later = basics.model_copy(update={"first_contact_by_day": 3})
    earlier = first_response.model_copy(update={"first_contact_by_day": 1})
    plan = journey_started.model_copy(update={"stages": (later, earlier)})
    given(plan, basics_started).when(record, at=at(9, 14)).then(taken(in_time=False), contact_met)


def test_a_requirement_that_comes_after_the_first_contact_is_met_at_once() -> None:
    with_contact = first_response.model_copy(update={"requirements": (first_contact,)})
    without = basics.model_copy(update={"requirements": (), "supported": ("data-change",)})
    plan = journey_started.model_copy(update={"stages": (without, with_contact)})
    begun = stage_started(without, 1, MONDAY, date(2027, 3, 10)).model_copy(update={"stages_total": 2})
    history: tuple[JourneyEvent, ...] = (plan, begun, contact_taken)
    answer = RecordCheck(person_id=AINO, attempt_id=SURVEY, check="confidence", answers=survey_answers)
    given(*history).when(answer, at=at(9, 15)).then(
        survey_passed,
        basics_completed,
        stage_started(with_contact, 2, TUESDAY, date(2027, 3, 23)).model_copy(update={"stages_total": 2}),
        met(first_response, first_contact, TUESDAY, 1),
    )


def test_the_last_requirement_ends_the_stage() -> None:
    survey_first = survey_passed.model_copy(update={"open_left": 2})
    history = (*IN_BASICS, survey_first, listened, listen_met)
    given(*history).when(record, at=at(9, 14)).then(
        contact_taken, met(basics, first_contact, TUESDAY, 0), basics_completed, first_response_started
    )
