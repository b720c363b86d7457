"""Surveys and exams: answers, scores, needs, and when an exam may be taken again."""

from typing import Any
from uuid import UUID

import pytest

from services.onboarding.deciders.journey import Answer, RecordCheck, journey
from services.onboarding.events.shapes import Check, Question, TopicScore
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    IN_BASICS,
    IN_BILLING,
    IN_FIRST_RESPONSE,
    READY_TO_SIGN_OFF,
    basics_completed,
    basics_started,
    coached,
    contact_met,
    contact_taken,
    exam_failed,
    exam_passed,
    first_response_started,
    good_answers,
    journey_started,
    listen_met,
    listened,
    session_recorded,
    survey_answers,
    survey_passed,
    talk_met,
    weak_answers,
)
from tests.onboarding.plan import AINO, EXAM, RETAKE, SESSION, SURVEY, at, basics, first_response, systems

given = Scenario(journey).given

answer_survey = RecordCheck(person_id=AINO, attempt_id=SURVEY, check="confidence", answers=survey_answers)
take_exam = RecordCheck(person_id=AINO, attempt_id=EXAM, check="systems", answers=weak_answers)
retake_exam = RecordCheck(person_id=AINO, attempt_id=RETAKE, check="systems", answers=good_answers)


def answered(command: RecordCheck, *points: int) -> RecordCheck:
    codes = [answer.question for answer in command.answers]
    answers = tuple(Answer(question=code, points=each) for code, each in zip(codes, points, strict=True))
    return command.model_copy(update={"answers": answers})


def test_a_survey_passes_and_its_weak_topics_are_needs() -> None:
    passed = survey_passed.model_copy(update={"open_left": 2})
    given(*IN_BASICS).when(answer_survey, at=at(9), actor=AINO).then(passed)


def test_a_survey_passes_however_unsure_the_hire_is() -> None:
    passed = survey_passed.model_copy(
        update={
            "open_left": 2,
            "score": 20,
            "topics": (TopicScore(topic="systems", percent=20), TopicScore(topic="talking", percent=20)),
            "needs": ("systems", "talking"),
        }
    )
    given(*IN_BASICS).when(answered(answer_survey, 1, 1), at=at(9)).then(passed)


def test_sixty_percent_of_a_survey_is_no_need() -> None:
    passed = survey_passed.model_copy(
        update={
            "open_left": 2,
            "topics": (TopicScore(topic="systems", percent=60), TopicScore(topic="talking", percent=60)),
            "needs": (),
        }
    )
    given(*IN_BASICS).when(answered(answer_survey, 3, 3), at=at(9)).then(passed)


def test_a_suggestion_is_kept() -> None:
    suggested = answer_survey.model_copy(update={"suggestion": "Show the search first."})
    passed = survey_passed.model_copy(update={"open_left": 2, "suggestion": "Show the search first."})
    given(*IN_BASICS).when(suggested, at=at(9), actor=AINO).then(passed)


def test_the_last_check_ends_the_stage() -> None:
    given(*IN_BASICS, contact_taken, contact_met, listened, listen_met).when(answer_survey, at=at(9)).then(
        survey_passed, basics_completed, first_response_started
    )


def test_an_exam_under_its_mark_fails_with_the_topics_that_did() -> None:
    given(*IN_FIRST_RESPONSE).when(take_exam, at=at(16)).then(exam_failed)


def test_an_exam_is_taken_again_after_coaching() -> None:
    given(*IN_FIRST_RESPONSE, exam_failed).when(retake_exam, at=at(17)).then_rejected("coaching-first")
    history = (*IN_FIRST_RESPONSE, exam_failed, session_recorded, talk_met)
    given(*history).when(retake_exam, at=at(19)).then(exam_passed)


def test_any_form_of_coaching_opens_the_way_to_a_retake() -> None:
    sparred = coached(SESSION, first_response, None, at(18).date(), form="spar")
    expected = exam_passed.model_copy(update={"open_left": 3})
    given(*IN_FIRST_RESPONSE, exam_failed, sparred).when(retake_exam, at=at(19)).then(expected)


def test_coaching_before_the_failure_opens_no_way() -> None:
    history = (*IN_FIRST_RESPONSE, session_recorded, talk_met, exam_failed)
    given(*history).when(retake_exam, at=at(19)).then_rejected("coaching-first")


def test_every_failure_asks_for_coaching_anew() -> None:
    second = exam_failed.model_copy(update={"attempt_id": UUID(int=98), "attempt_no": 2})
    history = (*IN_FIRST_RESPONSE, exam_failed, session_recorded, talk_met, second)
    given(*history).when(retake_exam, at=at(19)).then_rejected("coaching-first")


def test_a_free_retake_needs_no_coaching() -> None:
    free = first_response.model_copy(update={"checks": (systems.model_copy(update={"retake": "free"}),)})
    plan = journey_started.model_copy(update={"stages": (basics, free)})
    history = (plan, *IN_FIRST_RESPONSE[1:], exam_failed)
    given(*history).when(retake_exam, at=at(17)).then(exam_passed.model_copy(update={"open_left": 3}))


def test_a_check_is_passed_once() -> None:
    again = retake_exam.model_copy(update={"attempt_id": UUID(int=98)})
    given(*READY_TO_SIGN_OFF).when(again, at=at(20)).then_rejected("already-passed")


def test_an_attempt_counts_once() -> None:
    given(*IN_FIRST_RESPONSE, exam_failed).when(take_exam, at=at(16)).then_nothing()
    given(*READY_TO_SIGN_OFF).when(retake_exam, at=at(20)).then_nothing()
    given(*ALL_DONE).when(take_exam, at=at(3, month=4)).then_nothing()


def test_only_checks_of_the_open_stage_are_taken() -> None:
    other = take_exam.model_copy(update={"attempt_id": UUID(int=98)})
    given(*IN_BASICS).when(take_exam, at=at(9)).then_rejected("check-unknown")
    given(*IN_BILLING).when(other, at=at(23)).then_rejected("check-unknown")


def test_nobody_records_the_own_exam() -> None:
    given(*IN_FIRST_RESPONSE).when(take_exam, at=at(16), actor=AINO).then_rejected("own-exam")


def test_a_check_is_taken_in_an_open_stage() -> None:
    given().when(answer_survey).then_rejected("unknown-journey")
    given(journey_started).when(answer_survey, at=at(8)).then_rejected("not-underway")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([("find", 5), ("change", 5)], "answer-missing"),
        ([("find", 5), ("change", 5), ("note", 5), ("greet", 5)], "answer-unknown"),
        ([("find", 5), ("change", 5), ("note", 5), ("note", 4)], "answer-unknown"),
        ([("find", 11), ("change", 5), ("note", 5)], "points-out-of-range"),
        ([("find", -1), ("change", 5), ("note", 5)], "points-out-of-range"),
        ([("find", 5), ("change", 5), ("note", 6)], "points-out-of-range"),
    ],
)
def test_each_question_is_answered_once_within_its_points(answers: list[tuple[str, int]], code: str) -> None:
    given_answers = tuple(Answer(question=question, points=points) for question, points in answers)
    command = take_exam.model_copy(update={"answers": given_answers})
    given(*IN_FIRST_RESPONSE).when(command, at=at(16)).then_rejected(code)


def test_an_exam_answer_may_be_worth_nothing() -> None:
    zero = exam_failed.model_copy(
        update={
            "score": 0,
            "topics": (TopicScore(topic="crm-search", percent=0), TopicScore(topic="contact-notes", percent=0)),
            "needs": ("crm-search", "contact-notes"),
        }
    )
    given(*IN_FIRST_RESPONSE).when(answered(take_exam, 0, 0, 0), at=at(16)).then(zero)


@pytest.mark.parametrize("points", [(0, 3), (6, 3)])
def test_a_survey_goes_from_one_to_five(points: tuple[int, int]) -> None:
    given(*IN_BASICS).when(answered(answer_survey, *points), at=at(9)).then_rejected("points-out-of-range")


@pytest.mark.parametrize(
    ("points", "most", "score", "passed"),
    [(159, 200, 80, True), (158, 200, 79, False), (4, 5, 80, True), (1, 8, 13, False), (0, 1, 0, False)],
)
def test_the_score_is_rounded_half_up_and_the_rounded_one_counts(
    points: int, most: int, score: int, passed: bool
) -> None:
    full, rest = divmod(most, 10)
    maxima = [10] * full + [rest] * bool(rest)
    questions = tuple(
        Question(code=f"q{number}", topic="all", text="How?", max_points=each) for number, each in enumerate(maxima)
    )
    check = Check(code="systems", kind="exam", pass_mark=80, retake="free", questions=questions)
    left = points
    answers: list[Answer] = []
    for question in questions:
        take = min(left, question.max_points)
        left -= take
        answers.append(Answer(question=question.code, points=take))
    stage = first_response.model_copy(update={"checks": (check,)})
    plan = journey_started.model_copy(update={"stages": (basics, stage)})
    command = take_exam.model_copy(update={"answers": tuple(answers)})
    outcome = given(plan, *IN_FIRST_RESPONSE[1:]).when(command, at=at(16))
    (fact,) = outcome.facts
    assert (fact.event_name, _score(fact)) == (f"onboarding.check-{'passed' if passed else 'failed'}", score)


def _score(fact: Any) -> int:
    return int(fact.score)


def test_an_exam_is_passed_with_a_weak_topic_left_to_go_on_with() -> None:
    passed = exam_passed.model_copy(
        update={
            "attempt_no": 1,
            "attempt_id": EXAM,
            "score": 80,
            "topics": (TopicScore(topic="crm-search", percent=95), TopicScore(topic="contact-notes", percent=20)),
            "needs": ("contact-notes",),
            "open_left": 3,
        }
    )
    given(*IN_FIRST_RESPONSE).when(answered(take_exam, 10, 9, 1), at=at(16)).then(passed)


def test_attempts_are_counted_per_journey() -> None:
    second = journey_started.model_copy(update={"journey_no": 2})
    begun = basics_started.model_copy(update={"journey_no": 2})
    again = answer_survey.model_copy(update={"attempt_id": UUID(int=98)})
    passed = survey_passed.model_copy(update={"journey_no": 2, "attempt_id": UUID(int=98), "open_left": 2})
    given(*ALL_DONE, second, begun).when(again, at=at(20)).then(passed)
