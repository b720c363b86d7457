"""The form that is talked through: what is answered, and the score it gives."""

from decimal import Decimal
from typing import Any

import pytest

from services.coaching.events.form import FormQuestion
from services.coaching.events.session import SessionHeld
from services.coaching.events.shapes import Answer
from shared.store.desk import FACT_LIMIT
from tests.coaching.cast import OTHER_FORM, changed
from tests.coaching.forms import FORMS, asks, published, retired, started
from tests.coaching.holding import booked, hold
from tests.coaching.sessions import (
    ANSWERS,
    session_held,
)

# The form


def test_the_newest_version_is_talked_through_whatever_was_booked() -> None:
    second = published.model_copy(update={"version": 2})
    booked.when(hold, form=(*FORMS, second)).then(session_held.model_copy(update={"form_version": 2}))
    booked.when(hold, form=(*FORMS, retired)).then(session_held)
    booked.when(hold, form=(started,)).then_rejected("form-unpublished")
    booked.when(hold, form=()).then_rejected("form-unpublished")


def test_another_form_may_be_talked_through() -> None:
    other = published.model_copy(update={"form_id": OTHER_FORM})
    booked.when(changed(hold, form_id=OTHER_FORM), form=(started, other)).then(
        session_held.model_copy(update={"form_id": OTHER_FORM})
    )


def test_forty_questions_are_answered_at_length_in_one_fact() -> None:
    """The longest texts there may be, of the longest signs there are: what is stored can be published."""
    codes = [f"question-{number}" for number in range(40)]
    long = published.model_copy(update={"questions": tuple(map(asks, codes))})
    answers = tuple(Answer(question=code, text="\N{SMILING FACE WITH OPEN MOUTH}" * 2000) for code in codes)
    told = changed(hold, answers=answers)
    expected = session_held.model_copy(update={"answers": answers, "score": None})
    booked.when(told, form=(started, long)).then(expected)
    assert len(expected.model_dump_json().encode()) < FACT_LIMIT


def without(code: str) -> tuple[Answer, ...]:
    return tuple(answer for answer in ANSWERS if answer.question != code)


@pytest.mark.parametrize("code", ["expected", "last-goals", "next-time", "will-do"])
def test_what_is_required_is_answered_or_passed_over(code: str) -> None:
    booked.when(changed(hold, answers=without(code))).then_rejected("answer-missing")
    empty = (*without(code), Answer(question=code))
    booked.when(changed(hold, answers=empty)).then_rejected("answer-missing")
    passed_over = (*without(code), Answer(question=code, not_asked=True))
    assert booked.when(changed(hold, answers=passed_over)).facts


def test_only_what_is_asked_is_answered_and_once() -> None:
    unknown = (*ANSWERS, Answer(question="never-asked", text="x"))
    booked.when(changed(hold, answers=unknown)).then_rejected("answer-unknown")
    twice = (*ANSWERS, Answer(question="expected", text="x"))
    booked.when(changed(hold, answers=twice)).then_rejected("answer-unknown")


QUESTIONS = (
    *published.questions,
    asks("agree", kind="agree-5", weight=3),
    asks("yes", kind="yes-no", weight=2),
    asks("calls", kind="number"),
    asks("channel", kind="choice", choices=("Calls", "Chats")),
)


def with_answers(*answers: Answer, questions: tuple[FormQuestion, ...] = QUESTIONS) -> Any:
    form = (started, published.model_copy(update={"questions": questions}))
    return booked.when(changed(hold, answers=(*without("acted"), *answers)), form=form)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(question="agree", value=Decimal(0)),
        Answer(question="agree", value=Decimal(6)),
        Answer(question="agree", value=Decimal("2.5")),
        Answer(question="agree", text="rather"),
        Answer(question="yes", value=Decimal(2)),
        Answer(question="calls", text="many"),
        Answer(question="channel", text="Letters"),
        Answer(question="channel", value=Decimal(1)),
        Answer(question="anything", value=Decimal(1)),
        Answer(question="yes", value=Decimal(1), not_asked=True),
        Answer(question="anything", text="x", not_asked=True),
    ],
)
def test_an_answer_fits_its_question(answer: Answer) -> None:
    with_answers(answer).then_rejected("answer-out-of-scale")


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ({}, None),
        ({"calls": 40}, None),
        ({"agree": 5}, 100),
        ({"agree": 1}, 0),
        ({"agree": 3, "yes": 1}, 70),
        ({"agree": 3, "yes": 0}, 30),
        ({"acted": 4, "agree": 2, "yes": 1}, 58),
        ({"acted": 2, "yes": 1}, 75),
    ],
)
def test_the_score_is_the_share_of_the_weight_that_was_answered(answers: dict[str, int], score: int | None) -> None:
    """58: one time 3/4, three times 1/4, two times 1, of six, is 58.3; nothing unanswered counts against it."""
    (held,) = with_answers(*(Answer(question=code, value=Decimal(value)) for code, value in answers.items())).facts
    assert isinstance(held, SessionHeld)
    assert held.score == score


def test_a_half_is_rounded_up() -> None:
    questions = (*published.questions, asks("a", kind="agree-5", weight=1), asks("b", kind="yes-no", weight=1))
    answers = Answer(question="a", value=Decimal(2)), Answer(question="b", value=Decimal(0))
    (held,) = with_answers(*answers, questions=questions).facts
    assert isinstance(held, SessionHeld)
    assert held.score == 13, "12.5"


def test_what_was_passed_over_does_not_weigh() -> None:
    (held,) = with_answers(
        Answer(question="agree", not_asked=True), Answer(question="yes", value=Decimal(1)), Answer(question="channel")
    ).facts
    assert isinstance(held, SessionHeld)
    assert held.score == 100
