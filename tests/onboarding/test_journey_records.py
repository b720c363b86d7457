"""Contacts followed, coaching, and wrong records taken back."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.onboarding.deciders.journey import (
    RecordCheck,
    RecordCoaching,
    RecordFirstContact,
    RecordMonitoring,
    journey,
)
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.shapes import Requirement
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    BASICS_DONE,
    IN_BASICS,
    IN_FIRST_RESPONSE,
    basics_completed,
    basics_started,
    coached,
    completed,
    contact_met,
    contact_taken,
    first_response_started,
    heard_once,
    heard_twice,
    journey_started,
    journey_stopped,
    listened,
    met,
    monitored,
    session_recorded,
    session_voided,
    stage_started,
    survey_answers,
    survey_passed,
    talk_met,
)
from tests.onboarding.plan import (
    AINO,
    CONTACT,
    HEARD_AGAIN,
    HEARD_THIRD,
    LISTENED,
    MONDAY,
    SESSION,
    TUESDAY,
    TUULA,
    at,
    basics,
    billing,
    first_response,
    talk,
)

given = Scenario(journey).given

listen_to = RecordMonitoring(person_id=AINO, monitoring_id=LISTENED, requirement="listen", observed_on=TUESDAY)
hear_again = RecordMonitoring(person_id=AINO, monitoring_id=HEARD_AGAIN, observed_on=date(2027, 3, 15))


def test_monitoring_counts_for_the_named_requirement() -> None:
    given(*IN_BASICS).when(listen_to, at=at(9)).then(listened, met(basics, listen_requirement(), TUESDAY, 2))


def listen_requirement() -> Any:
    return basics.requirements[1]


def test_unnamed_it_counts_for_the_first_unmet_one() -> None:
    given(*IN_FIRST_RESPONSE).when(hear_again, at=at(15)).then(heard_once)


def test_a_requirement_is_met_when_its_count_is_reached() -> None:
    third = RecordMonitoring(person_id=AINO, monitoring_id=HEARD_THIRD, observed_on=date(2027, 3, 19))
    given(*IN_FIRST_RESPONSE, heard_once).when(third, at=at(19)).then(
        heard_twice, met(first_response, first_response.requirements[0], date(2027, 3, 19), 3)
    )


def test_without_an_unmet_requirement_the_record_stands_alone() -> None:
    history = (*IN_BASICS, listened, met(basics, listen_requirement(), TUESDAY, 2))
    unnamed = hear_again.model_copy(update={"observed_on": TUESDAY})
    named = unnamed.model_copy(update={"requirement": "listen"})
    alone = monitored(HEARD_AGAIN, basics, None, TUESDAY)
    given(*history).when(unnamed, at=at(9)).then(alone)
    given(*history).when(named, at=at(9)).then(alone)


def test_named_or_not_it_counts_for_what_is_still_unmet() -> None:
    calls = Requirement(code="calls", kind="monitor", count=1, focus="Calls.")
    chats = Requirement(code="chats", kind="monitor", count=1, focus="Chats.")
    asks = basics.model_copy(update={"requirements": (calls, chats)})
    begun = (journey_started.model_copy(update={"stages": (asks, first_response)}), basics_started)
    heard = hear_again.model_copy(update={"observed_on": TUESDAY})
    to_calls, to_chats = (heard.model_copy(update={"requirement": code}) for code in ("calls", "chats"))
    for_calls, for_chats = (monitored(HEARD_AGAIN, asks, code, TUESDAY) for code in ("calls", "chats"))
    given(*begun).when(to_chats, at=at(9)).then(for_chats, met(asks, chats, TUESDAY, 2))
    history = (*begun, monitored(LISTENED, asks, "calls", TUESDAY), met(asks, calls, TUESDAY, 2))
    given(*history).when(to_calls, at=at(9)).then(for_chats, met(asks, chats, TUESDAY, 1))
    given(*history).when(heard, at=at(9)).then(for_chats, met(asks, chats, TUESDAY, 1))
    history = (*begun, monitored(LISTENED, asks, "chats", TUESDAY), met(asks, chats, TUESDAY, 2))
    given(*history).when(to_chats, at=at(9)).then(for_calls, met(asks, calls, TUESDAY, 1))


def test_only_a_monitoring_requirement_of_the_open_stage_can_be_named() -> None:
    for name in ("own-contact", "confidence", "listen-twice"):
        command = listen_to.model_copy(update={"requirement": name})
        given(*IN_BASICS).when(command, at=at(9)).then_rejected("requirement-unknown")


def test_a_note_stays_with_the_record() -> None:
    with_note = listen_to.model_copy(update={"note": "Greets warmly."})
    fact = listened.model_copy(update={"note": "Greets warmly."})
    given(*IN_BASICS).when(with_note, at=at(9)).then(fact, met(basics, listen_requirement(), TUESDAY, 2))


coach = RecordCoaching(person_id=AINO, ref=SESSION, form="coach", topics=("crm-search",), held_on=date(2027, 3, 18))


def test_coaching_counts_for_the_first_unmet_requirement_of_its_form() -> None:
    given(*IN_FIRST_RESPONSE, heard_once).when(coach, at=at(18)).then(session_recorded, talk_met)


def test_another_form_of_coaching_stands_alone() -> None:
    spar = coach.model_copy(update={"form": "spar"})
    given(*IN_FIRST_RESPONSE).when(spar, at=at(18)).then(
        coached(SESSION, first_response, None, date(2027, 3, 18), form="spar")
    )


def test_each_record_counts_once_also_after_it_is_voided() -> None:
    history = (*IN_FIRST_RESPONSE, heard_once, session_recorded, talk_met)
    given(*history).when(hear_again, at=at(19)).then_nothing()
    given(*history).when(coach, at=at(19)).then_nothing()
    given(*history, session_voided).when(coach, at=at(19), by="policy").then_nothing()
    given(*ALL_DONE).when(coach, at=at(19)).then_nothing()


def test_each_record_counts_once_in_all_journeys_of_a_person() -> None:
    second = journey_started.model_copy(update={"journey_no": 2})
    begun = basics_started.model_copy(update={"journey_no": 2})
    given(*ALL_DONE, second, begun).when(coach, at=at(19)).then_nothing()


ONE_ID: list[tuple[tuple[JourneyEvent, ...], Any]] = [
    ((contact_taken, contact_met), listen_to.model_copy(update={"monitoring_id": CONTACT})),
    ((contact_taken, contact_met), coach.model_copy(update={"ref": CONTACT, "held_on": TUESDAY})),
    (
        (contact_taken, contact_met),
        RecordCheck(person_id=AINO, attempt_id=CONTACT, check="confidence", answers=survey_answers),
    ),
    (
        (listened, met(basics, basics.requirements[1], TUESDAY, 2)),
        RecordFirstContact(
            person_id=AINO,
            contact_id=LISTENED,
            contact_type="data-change",
            taken_at=at(9, 13),
            supported_by=TUULA,
        ),
    ),
]


@pytest.mark.parametrize(("records", "command"), ONE_ID, ids=lambda each: type(each).__name__)
def test_a_record_does_not_go_under_the_id_of_another_kind(records: tuple[JourneyEvent, ...], command: Any) -> None:
    given(*IN_BASICS, *records).when(command, at=at(9, 14)).then_rejected("record-exists")
    given(*IN_BASICS, *records).when(command, at=at(9, 14), by="policy").then_nothing()


def test_what_has_not_happened_is_not_recorded() -> None:
    given(*IN_FIRST_RESPONSE).when(coach, at=at(17)).then_rejected("in-the-future")
    given(*IN_FIRST_RESPONSE).when(hear_again, at=at(14)).then_rejected("in-the-future")


def test_the_day_that_a_policy_brings_is_not_judged_again() -> None:
    given(*IN_FIRST_RESPONSE, heard_once).when(coach, at=at(17), by="policy").then(session_recorded, talk_met)


NOT_UNDERWAY: list[tuple[JourneyEvent, ...]] = [(journey_started,), (*IN_BASICS, journey_stopped), ALL_DONE]


@pytest.mark.parametrize("history", NOT_UNDERWAY)
@pytest.mark.parametrize("command", [listen_to, coach])
def test_outside_the_stages_a_person_is_refused_and_a_policy_answered_by_nothing(
    history: tuple[JourneyEvent, ...], command: Any
) -> None:
    new = command.model_copy(update={"ref" if command is coach else "monitoring_id": UUID(int=99)})
    given(*history).when(new, at=at(18)).then_rejected("not-underway")
    given(*history).when(new, at=at(18), by="policy").then_nothing()


def test_nothing_is_recorded_for_somebody_without_a_journey() -> None:
    for command in (listen_to, coach):
        given().when(command, at=at(18), by="policy").then_rejected("unknown-journey")


def test_the_last_requirement_ends_the_stage() -> None:
    survey_first = survey_passed.model_copy(update={"open_left": 1})
    given(*IN_BASICS, contact_taken, contact_met, survey_first).when(listen_to, at=at(9)).then(
        listened, met(basics, listen_requirement(), TUESDAY, 0), basics_completed, first_response_started
    )


def test_a_stage_does_not_end_before_it_began_however_late_a_record_is_heard_of() -> None:
    friday = date(2027, 3, 5)
    survey_first = survey_passed.model_copy(update={"open_left": 1})
    before = listen_to.model_copy(update={"observed_on": friday})
    given(*IN_BASICS, contact_taken, contact_met, survey_first).when(before, at=at(5), by="policy").then(
        monitored(LISTENED, basics, "listen", friday),
        met(basics, listen_requirement(), friday, 0),
        completed(basics, MONDAY, 0),
        stage_started(first_response, 2, MONDAY, date(2027, 3, 22)),
    )
    only_talk = first_response.model_copy(update={"requirements": (talk,), "checks": ()})
    begun = stage_started(only_talk, 2, date(2027, 3, 19), date(2027, 4, 2))
    plan = journey_started.model_copy(update={"stages": (basics, only_talk, billing)})
    held_before = coach.model_copy(update={"held_on": TUESDAY})
    given(plan, *BASICS_DONE[1:], begun).when(held_before, at=at(9), by="policy").then(
        coached(SESSION, only_talk, "talk", TUESDAY),
        met(only_talk, talk, TUESDAY, 0),
        completed(only_talk, date(2027, 3, 19), 0),
        stage_started(billing, 3, date(2027, 3, 19), date(2027, 4, 2)),
    )


def test_the_day_a_requirement_was_met_is_the_day_of_the_record() -> None:
    earlier = listen_to.model_copy(update={"observed_on": MONDAY})
    given(*IN_BASICS).when(earlier, at=at(9)).then(
        monitored(LISTENED, basics, "listen", MONDAY), met(basics, listen_requirement(), MONDAY, 2)
    )
