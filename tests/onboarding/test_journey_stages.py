"""Stages signed off, replanned and found late; what follows when one ends."""

from datetime import date
from typing import Any

import pytest

from services.onboarding.deciders.journey import (
    MarkStalled,
    RecordCheck,
    ReplanStage,
    SignOffStage,
    journey,
)
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.stage import JourneyStalled, StageReplanned
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    IN_BASICS,
    IN_BILLING,
    IN_FIRST_RESPONSE,
    READY_TO_SIGN_OFF,
    basics_completed,
    basics_started,
    billing_coached,
    billing_completed,
    billing_signed,
    billing_started,
    billing_talk_met,
    billing_verified,
    contact_met,
    contact_taken,
    first_response_completed,
    first_response_verified,
    journey_completed,
    journey_started,
    journey_stopped,
    listen_met,
    listened,
    met,
    sign_off_met,
    stage_started,
    survey_answers,
    survey_passed,
)
from tests.onboarding.plan import AINO, SANNA, SURVEY, TEAM, TUESDAY, at, basics, billing, first_contact, first_response

given = Scenario(journey).given

verify = SignOffStage(person_id=AINO, stage="first-response", evidence="Two contacts without help.")
verify_billing = SignOffStage(person_id=AINO, stage="billing", evidence="Ten billing contacts alone.")


def test_a_sign_off_ends_the_stage_and_starts_the_next() -> None:
    given(*READY_TO_SIGN_OFF).when(verify, at=at(22), actor=SANNA).then(
        first_response_verified, sign_off_met, first_response_completed, billing_started
    )


def test_the_last_stage_ends_the_journey() -> None:
    given(*IN_BILLING, billing_coached, billing_talk_met).when(verify_billing, at=at(2, month=4)).then(
        billing_verified, billing_signed, billing_completed, journey_completed
    )


def test_a_credited_stage_is_passed_over() -> None:
    credited = journey_started.model_copy(update={"credited": ("billing",)})
    given(credited, *READY_TO_SIGN_OFF[1:]).when(verify, at=at(22)).then(
        first_response_verified,
        sign_off_met,
        first_response_completed,
        journey_completed.model_copy(update={"completed_on": date(2027, 3, 22), "working_days": 10}),
    )
    in_the_middle = journey_started.model_copy(update={"credited": ("first-response",)})
    answer = RecordCheck(person_id=AINO, attempt_id=SURVEY, check="confidence", answers=survey_answers)
    given(in_the_middle, basics_started, contact_taken, contact_met, listened, listen_met).when(answer, at=at(9)).then(
        survey_passed, basics_completed, stage_started(billing, 3, TUESDAY, date(2027, 3, 23))
    )


def test_a_stage_that_is_met_when_it_starts_ends_at_once() -> None:
    only_contact = first_response.model_copy(update={"requirements": (first_contact,), "checks": ()})
    plan = journey_started.model_copy(update={"stages": (basics, only_contact)})
    two = {"stages_total": 2}
    begun = basics_started.model_copy(update=two)
    answer = RecordCheck(person_id=AINO, attempt_id=SURVEY, check="confidence", answers=survey_answers)
    given(plan, begun, contact_taken, contact_met, listened, listen_met).when(answer, at=at(9)).then(
        survey_passed,
        basics_completed,
        stage_started(only_contact, 2, TUESDAY, date(2027, 3, 23)).model_copy(update=two),
        met(first_response, first_contact, TUESDAY, 0),
        first_response_completed.model_copy(update={"completed_on": TUESDAY, "working_days": 0}),
        journey_completed.model_copy(update={"completed_on": TUESDAY, "working_days": 1}),
    )


def test_nothing_else_may_be_open_at_a_sign_off() -> None:
    outcome = given(*IN_FIRST_RESPONSE).when(verify, at=at(19))
    outcome.then_rejected("requirements-open")
    assert outcome.rejected is not None
    assert outcome.rejected.reason == "still open: listen-twice, talk, systems"


def test_the_hire_does_not_sign_off_the_own_stage() -> None:
    given(*READY_TO_SIGN_OFF).when(verify, at=at(22), actor=AINO).then_rejected("own-sign-off")


def test_only_the_open_stage_is_signed_off() -> None:
    given(*READY_TO_SIGN_OFF).when(verify_billing, at=at(22)).then_rejected("stage-not-open")
    of_basics = verify.model_copy(update={"stage": "basics"})
    given(*IN_FIRST_RESPONSE).when(of_basics, at=at(22)).then_rejected("stage-not-open")


def test_a_stage_without_a_sign_off_is_never_signed_off() -> None:
    given(*IN_BASICS).when(verify.model_copy(update={"stage": "basics"}), at=at(9)).then_rejected("requirements-open")


def test_a_stage_is_signed_off_once() -> None:
    given(*IN_BILLING).when(verify, at=at(22)).then_nothing()
    given(*ALL_DONE).when(verify, at=at(22)).then_nothing()


replan = ReplanStage(person_id=AINO, stage="first-response", due_on=date(2027, 4, 30), reason="A week away.")
replanned = StageReplanned(
    person_id=AINO,
    team_id=TEAM,
    journey_no=1,
    stage="first-response",
    due_on=date(2027, 4, 30),
    reason="A week away.",
)


def test_the_open_stage_gets_another_due_day() -> None:
    given(*IN_FIRST_RESPONSE).when(replan, at=at(25)).then(replanned)


def test_replanning_to_the_same_day_changes_nothing() -> None:
    given(*IN_FIRST_RESPONSE, replanned).when(replan, at=at(25)).then_nothing()


def test_only_the_open_stage_is_replanned_and_for_days_to_come() -> None:
    given(*IN_FIRST_RESPONSE).when(replan.model_copy(update={"stage": "billing"}), at=at(25)).then_rejected(
        "stage-not-open"
    )
    yesterday = replan.model_copy(update={"due_on": date(2027, 3, 24)})
    given(*IN_FIRST_RESPONSE).when(yesterday, at=at(25)).then_rejected("in-the-past")
    today = replan.model_copy(update={"due_on": date(2027, 3, 25)})
    given(*IN_FIRST_RESPONSE).when(today, at=at(25)).then(replanned.model_copy(update={"due_on": date(2027, 3, 25)}))


stall = MarkStalled(person_id=AINO, stage="first-response", due_on=date(2027, 3, 23))
stalled = JourneyStalled(
    person_id=AINO,
    team_id=TEAM,
    journey_no=1,
    stage="first-response",
    due_on=date(2027, 3, 23),
    open=("listen-twice", "talk", "sign-off", "systems"),
)


def test_a_stage_past_its_due_day_stalls_the_journey() -> None:
    given(*IN_FIRST_RESPONSE).when(stall, at=at(23, 18), by="deadline").then(stalled)


@pytest.mark.parametrize(
    "history",
    [
        (*IN_FIRST_RESPONSE, stalled),
        (*IN_FIRST_RESPONSE, replanned),
        IN_BILLING,
        ALL_DONE,
        (*IN_FIRST_RESPONSE, journey_stopped),
    ],
)
def test_it_stalls_once_and_only_while_it_is_late(history: tuple[JourneyEvent, ...]) -> None:
    given(*history).when(stall, at=at(23, 18), by="deadline").then_nothing()


def test_a_replanned_stage_may_stall_again() -> None:
    later = MarkStalled(person_id=AINO, stage="first-response", due_on=date(2027, 4, 30))
    given(*IN_FIRST_RESPONSE, stalled, replanned).when(later, at=at(30, 18, month=4), by="deadline").then(
        stalled.model_copy(update={"due_on": date(2027, 4, 30)})
    )


def test_what_is_done_is_not_listed_as_open() -> None:
    given(*READY_TO_SIGN_OFF).when(stall, at=at(23, 18), by="deadline").then(
        stalled.model_copy(update={"open": ("sign-off",)})
    )


@pytest.mark.parametrize("command", [verify, replan])
def test_it_takes_an_open_stage(command: Any) -> None:
    given().when(command).then_rejected("unknown-journey")
    given(journey_started).when(command, at=at(8)).then_rejected("not-underway")


def test_nothing_stalls_for_somebody_without_a_journey() -> None:
    given().when(stall, by="deadline").then_rejected("unknown-journey")
