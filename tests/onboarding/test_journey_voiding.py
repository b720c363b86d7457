"""Wrong records taken back."""

from datetime import date
from uuid import UUID

from services.onboarding.deciders.journey import (
    RecordCheck,
    RecordCoaching,
    RecordMonitoring,
    VoidRecord,
    journey,
)
from services.onboarding.events.shapes import Requirement
from services.onboarding.events.stage import RecordVoided, StageTailored
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    BASICS_DONE,
    IN_BASICS,
    IN_BILLING,
    IN_FIRST_RESPONSE,
    READY_TO_SIGN_OFF,
    J,
    basics_started,
    coached,
    contact_met,
    contact_taken,
    exam_failed,
    exam_passed,
    good_answers,
    heard_once,
    heard_twice,
    journey_started,
    journey_stopped,
    listen_met,
    listened,
    met,
    monitored,
    session_recorded,
    session_voided,
    stage_started,
    talk_met,
)
from tests.onboarding.plan import (
    AINO,
    CONTACT,
    EXAM,
    HEARD_AGAIN,
    HEARD_THIRD,
    LISTENED,
    RETAKE,
    SESSION,
    TEAM,
    TUESDAY,
    at,
    basics,
    first_contact,
    first_response,
)

given = Scenario(journey).given


def void(record_id: UUID) -> VoidRecord:
    return VoidRecord(person_id=AINO, record_id=record_id, reason="It was Onni's.")


def voided(
    record_id: UUID, kind: str, stage: str, requirement: str | None = None, open_left: int | None = None
) -> RecordVoided:
    return RecordVoided(
        person_id=AINO,
        team_id=TEAM,
        journey_no=1,
        record_id=record_id,
        kind=kind,
        stage=stage,
        requirement=requirement,
        open_left=open_left,
        reason="It was Onni's.",
    )


def test_a_voided_record_opens_again_what_it_had_met() -> None:
    given(*IN_FIRST_RESPONSE, session_recorded, talk_met).when(void(SESSION), at=at(19)).then(session_voided)
    expected = voided(HEARD_AGAIN, "monitoring", "first-response", "listen-twice", 2)
    given(*READY_TO_SIGN_OFF).when(void(HEARD_AGAIN), at=at(19)).then(expected)


def test_what_was_not_met_yet_is_not_open_again() -> None:
    expected = voided(HEARD_AGAIN, "monitoring", "first-response", None, 4)
    given(*IN_FIRST_RESPONSE, heard_once).when(void(HEARD_AGAIN), at=at(19)).then(expected)


def test_the_count_begins_without_the_voided_record() -> None:
    history = (*IN_FIRST_RESPONSE, heard_once, voided(HEARD_AGAIN, "monitoring", "first-response", None, 4))
    third = RecordMonitoring(person_id=AINO, monitoring_id=HEARD_THIRD, observed_on=date(2027, 3, 19))
    given(*history).when(third, at=at(19)).then(heard_twice)


def test_the_right_record_is_made_under_a_new_id() -> None:
    again = RecordCoaching(
        person_id=AINO, ref=UUID(int=99), form="coach", topics=("crm-search",), held_on=date(2027, 3, 18)
    )
    given(*IN_FIRST_RESPONSE, session_recorded, talk_met, session_voided).when(again, at=at(19)).then(
        coached(UUID(int=99), first_response, "talk", date(2027, 3, 18)),
        met(first_response, first_response.requirements[1], date(2027, 3, 18), 3),
    )


def test_a_passed_check_is_open_again() -> None:
    expected = voided(RETAKE, "check", "first-response", "systems", 2)
    given(*READY_TO_SIGN_OFF).when(void(RETAKE), at=at(19)).then(expected)


def test_a_check_that_the_stage_asks_for_no_more_is_not_open_again() -> None:
    gone = StageTailored(**J, stage="first-response", add=(), drop=("systems",), open_left=1, reason="Knows them.")
    expected = voided(RETAKE, "check", "first-response", None, 1)
    given(*READY_TO_SIGN_OFF, gone).when(void(RETAKE), at=at(19)).then(expected)
    other = Requirement(code="systems", kind="monitor", count=1, focus="Under an old name.")
    instead = gone.model_copy(update={"add": (other,), "open_left": 2})
    heard = monitored(UUID(int=98), first_response, "systems", date(2027, 3, 19))
    history = (*READY_TO_SIGN_OFF, instead, heard, met(first_response, other, date(2027, 3, 19), 1))
    given(*history).when(void(RETAKE), at=at(19)).then(expected)


def test_a_voided_failure_asks_for_no_coaching_and_is_no_attempt() -> None:
    failure_voided = voided(EXAM, "check", "first-response", None, 4)
    given(*IN_FIRST_RESPONSE, exam_failed).when(void(EXAM), at=at(16)).then(failure_voided)
    retake = RecordCheck(person_id=AINO, attempt_id=RETAKE, check="systems", answers=good_answers)
    given(*IN_FIRST_RESPONSE, exam_failed, failure_voided).when(retake, at=at(16)).then(
        exam_passed.model_copy(update={"attempt_no": 1, "open_left": 3})
    )


def test_a_voided_failure_leaves_the_passed_retake_alone() -> None:
    expected = voided(EXAM, "check", "first-response", None, 1)
    given(*READY_TO_SIGN_OFF).when(void(EXAM), at=at(19)).then(expected)


def test_voided_coaching_does_not_open_the_way_to_a_retake() -> None:
    history = (*IN_FIRST_RESPONSE, exam_failed, session_recorded, talk_met, session_voided)
    retake = RecordCheck(person_id=AINO, attempt_id=RETAKE, check="systems", answers=good_answers)
    given(*history).when(retake, at=at(19)).then_rejected("coaching-first")


def test_a_voided_first_contact_is_open_again() -> None:
    expected = voided(CONTACT, "first-contact", "basics", "own-contact", 3)
    given(*IN_BASICS, contact_taken, contact_met).when(void(CONTACT), at=at(9)).then(expected)


def test_a_first_contact_of_an_earlier_stage_opens_what_it_met_in_the_open_one() -> None:
    with_contact = first_response.model_copy(update={"requirements": (first_contact,)})
    plan = journey_started.model_copy(update={"stages": (basics, with_contact)})
    begun = stage_started(with_contact, 2, TUESDAY, date(2027, 3, 23))
    history = (plan, *BASICS_DONE[1:], begun, met(first_response, first_contact, TUESDAY, 1))
    expected = voided(CONTACT, "first-contact", "first-response", "own-contact", 2)
    given(*history).when(void(CONTACT), at=at(10)).then(expected)


def test_a_completed_stage_stays_completed() -> None:
    given(*IN_FIRST_RESPONSE).when(void(LISTENED), at=at(10)).then(voided(LISTENED, "monitoring", "basics"))
    given(*IN_FIRST_RESPONSE).when(void(CONTACT), at=at(10)).then(voided(CONTACT, "first-contact", "basics"))
    given(*IN_BILLING).when(void(RETAKE), at=at(23)).then(voided(RETAKE, "check", "first-response"))
    given(*ALL_DONE).when(void(SESSION), at=at(3, month=4)).then(voided(SESSION, "coaching", "first-response"))


def test_a_record_of_an_earlier_journey_is_voided_under_its_number() -> None:
    second = journey_started.model_copy(update={"journey_no": 2})
    begun = basics_started.model_copy(update={"journey_no": 2})
    history = (*IN_BASICS, listened, listen_met, journey_stopped, second, begun)
    given(*history).when(void(LISTENED), at=at(20)).then(voided(LISTENED, "monitoring", "basics"))


def test_voiding_twice_changes_nothing() -> None:
    history = (*IN_FIRST_RESPONSE, session_recorded, talk_met, session_voided)
    given(*history).when(void(SESSION), at=at(19)).then_nothing()


def test_only_a_record_can_be_voided() -> None:
    given(*IN_FIRST_RESPONSE).when(void(UUID(int=99)), at=at(19)).then_rejected("record-unknown")
    given(*IN_FIRST_RESPONSE).when(void(UUID(int=99)), at=at(19), by="policy").then_nothing()


def test_nothing_is_voided_for_somebody_without_a_journey() -> None:
    given().when(void(SESSION), by="policy").then_rejected("unknown-journey")
