"""The conversation, written down whole; and what may be said of it afterwards."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.coaching.deciders.session import (
    AcknowledgeSession,
    ActionToAgree,
    AddRemark,
    HoldSession,
    MatterToPassOn,
    RemindAcknowledgement,
    VoidSession,
    session,
)
from services.coaching.events.form import FormQuestion
from services.coaching.events.session import SessionEvent, SessionHeld
from services.coaching.events.shapes import ActionReview, Answer, GoalValue, NeedRef
from shared.testing.scenario import Scenario
from tests.coaching.cast import (
    ACTION,
    AINO,
    DANI,
    GOAL,
    NEED,
    ONNI,
    OTHER_ACTION,
    OTHER_FORM,
    SANNA,
    SESSION,
    TUULA,
    at,
    changed,
)
from tests.coaching.sessions import (
    ANSWERS,
    ITEM,
    MESSAGE,
    REMARK,
    STARTS,
    acknowledged,
    action_done,
    cancelled,
    carried,
    other_agreed,
    other_carried,
    remarked,
    reminded,
    session_booked,
    session_held,
    session_moved,
    voided,
)
from tests.coaching.test_form import asks, published, retired, started

given = Scenario(session).given
FORMS = (started, published)
AT = at(18, 11)
action = ActionToAgree(
    action_id=ACTION, owner="employee", text="Tries the search by number first.", follow_up_on=date(2027, 4, 1)
)
hold = HoldSession(
    session_id=SESSION,
    held_at=STARTS,
    answers=ANSWERS,
    successes=("Stayed calm with a caller who was not.",),
    challenges=("The search is slow.",),
    actions=(action,),
    needs=(NeedRef(need_id=NEED, topic="crm-search"),),
    reviewed=(carried,),
    progress=(GoalValue(goal_id=GOAL, value=Decimal(3)),),
    passed_on=(MatterToPassOn(item_id=ITEM, text="The search is slow."),),
    messages=(MESSAGE,),
)
void = VoidSession(session_id=SESSION, reason="Written down for the wrong person.")
acknowledge = AcknowledgeSession(session_id=SESSION, comment="The new script helps too.")
remind = RemindAcknowledgement(session_id=SESSION)
remark = AddRemark(session_id=SESSION, remark_id=REMARK, text="It was the other script.")


class Asking:
    """Asked by the coach right after the talk, with the form published and the other action open."""

    def __init__(self, *facts: SessionEvent) -> None:
        self.scenario = given(session_booked, *facts)

    def when(self, command: HoldSession, *, actor: UUID = SANNA, **told: Any) -> Any:
        reviewed = [(other_agreed,) for _ in command.reviewed]
        asked: dict[str, Any] = {"at": AT, "actor": actor, "form": FORMS, "reviewed": reviewed}
        return self.scenario.when(command, **asked | told)


booked = Asking()


def test_a_conversation_is_written_down() -> None:
    booked.when(hold).then(session_held)


def test_whoever_held_it_stands_in_the_record() -> None:
    booked.when(hold, actor=DANI).then(session_held.model_copy(update={"coach_id": DANI}))
    booked.when(hold, actor=AINO).then_rejected("coach-is-employee")


def test_the_record_says_how_often_it_was_moved() -> None:
    held = session_held.model_copy(update={"moves": 1})
    Asking(session_moved).when(hold).then(held)


def test_the_same_record_is_written_once() -> None:
    Asking(session_held).when(hold).then_nothing()
    Asking(session_held).when(changed(hold, form_id=session_held.form_id), actor=DANI).then_nothing()
    Asking(session_held, voided).when(hold).then_nothing()
    Asking(session_held).when(changed(hold, successes=("Another.",))).then_rejected("session-held")
    Asking(session_held).when(changed(hold, form_id=OTHER_FORM)).then_rejected("session-held")
    Asking(session_held, voided).when(changed(hold, successes=("Another.",))).then_rejected("session-over")
    Asking(cancelled).when(hold).then_rejected("session-over")
    given().when(hold, actor=SANNA).then_rejected("unknown-session")


def test_nothing_is_written_down_ahead() -> None:
    booked.when(hold, at=STARTS).then(session_held)
    booked.when(hold, at=STARTS - timedelta(minutes=1)).then_rejected("held-in-future")


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


def without(code: str) -> tuple[Answer, ...]:
    return tuple(answer for answer in ANSWERS if answer.question != code)


@pytest.mark.parametrize("code", ["expected", "last-goals", "next-time", "went-well", "hard", "will-do"])
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


# What comes out of it


def test_every_conversation_names_a_success_and_agrees_on_something() -> None:
    booked.when(changed(hold, successes=())).then_rejected("success-missing")
    booked.when(changed(hold, actions=(), reviewed=())).then_rejected("action-missing")
    assert booked.when(changed(hold, actions=())).facts, "carried over is agreed too"
    assert booked.when(changed(hold, reviewed=())).facts
    done = (carried.model_copy(update={"outcome": "done", "follow_up_on": None}),)
    booked.when(changed(hold, actions=(), reviewed=done)).then_rejected("action-missing")


def test_what_is_agreed_is_looked_at_again_later() -> None:
    today = (changed_shape(action, follow_up_on=STARTS.date()),)
    booked.when(changed(hold, actions=today)).then_rejected("follow-up-in-past")
    carried_today = (changed_shape(carried, follow_up_on=STARTS.date()),)
    booked.when(changed(hold, reviewed=carried_today)).then_rejected("follow-up-in-past")
    never = (changed_shape(carried, follow_up_on=None),)
    booked.when(changed(hold, reviewed=never)).then_rejected("follow-up-missing")


def changed_shape(shape: Any, **fields: Any) -> Any:
    return shape.model_copy(update=fields)


def review(outcome: Any, **told: Any) -> HoldSession:
    return changed(hold, reviewed=(ActionReview(action_id=OTHER_ACTION, outcome=outcome, **told),))


def test_reviews_follow_the_rules_of_actions() -> None:
    ahead = other_agreed.model_copy(update={"follow_up_on": date(2027, 5, 1)})
    booked.when(hold, reviewed=[(ahead,)]).then_rejected("follow-up-missing")
    same_day = other_agreed.model_copy(update={"follow_up_on": carried.follow_up_on})
    assert booked.when(hold, reviewed=[(same_day,)]).facts, "the day stays as it is"
    often = [other_carried.model_copy(update={"times": n, "follow_up_on": date(2027, 3, 15)}) for n in (1, 2, 3)]
    booked.when(hold, reviewed=[(other_agreed, *often)]).then_rejected("carried-too-often")
    booked.when(review("dropped")).then_rejected("note-missing")
    assert booked.when(review("dropped", note="Replaced.")).facts
    assert booked.when(review("done")).facts


def test_only_what_was_agreed_with_the_person_is_looked_at() -> None:
    booked.when(hold, reviewed=[()]).then_rejected("unknown-action")
    of_onni = other_agreed.model_copy(update={"employee_id": ONNI})
    booked.when(hold, reviewed=[(of_onni,)]).then_rejected("unknown-action")
    finished = action_done.model_copy(update={"action_id": OTHER_ACTION})
    assert booked.when(hold, reviewed=[(other_agreed, finished)]).facts, "done meanwhile"


@pytest.mark.parametrize("field", ["actions", "needs", "reviewed", "progress", "passed_on", "messages"])
def test_nothing_is_named_twice(field: str) -> None:
    with pytest.raises(ValidationError, match="twice"):
        changed(hold, **{field: getattr(hold, field) * 2})


# Afterwards


def test_the_employee_acknowledges_it_once() -> None:
    held = given(session_booked, session_held)
    held.when(acknowledge, actor=AINO).then(acknowledged)
    held.when(acknowledge, actor=SANNA).then_rejected("not-the-employee")
    given(session_booked, session_held, acknowledged).when(acknowledge, actor=AINO).then_nothing()
    given(session_booked, session_held, acknowledged, voided).when(acknowledge, actor=AINO).then_nothing()
    given(session_booked, session_held, voided).when(acknowledge, actor=AINO).then_rejected("session-over")


def test_the_employee_is_reminded_once() -> None:
    given(session_booked, session_held).when(remind, by="deadline").then(reminded)
    for nothing in ([session_held, reminded], [session_held, acknowledged], [session_held, voided], [cancelled], []):
        given(session_booked, *nothing).when(remind, by="deadline").then_nothing()


@pytest.mark.parametrize("actor", [AINO, SANNA])
def test_both_add_remarks_for_ever(actor: UUID) -> None:
    much_later = at(1, month=10)
    given(session_booked, session_held, acknowledged).when(remark, at=much_later, actor=actor).then(remarked)
    given(session_booked, session_held, remarked).when(remark, actor=actor).then_nothing()
    given(session_booked, session_held, remarked, voided).when(remark, actor=actor).then_nothing()


def test_remarks_are_of_those_who_talked() -> None:
    given(session_booked, session_held).when(remark, actor=TUULA).then_rejected("not-a-party")
    by_dani = session_held.model_copy(update={"coach_id": DANI})
    given(session_booked, by_dani).when(remark, actor=SANNA).then_rejected("not-a-party")
    given(session_booked, by_dani).when(remark, actor=DANI).then(remarked)


def test_a_wrong_record_is_voided_with_what_was_agreed() -> None:
    within = STARTS + timedelta(days=14)
    given(session_booked, session_held).when(void, at=within).then(voided)
    given(session_booked, session_held).when(void, at=within + timedelta(minutes=1)).then_rejected("void-too-late")
    given(session_booked, session_held, voided).when(void, at=at(1, month=10)).then_nothing()
    given(session_booked, session_held, voided).when(remark, actor=AINO).then_rejected("session-over")


@pytest.mark.parametrize(("command", "actor"), [(void, SANNA), (acknowledge, AINO), (remark, AINO)])
def test_a_conversation_is_held_first(command: Any, actor: UUID) -> None:
    given().when(command, actor=actor).then_rejected("unknown-session")
    given(session_booked).when(command, actor=actor).then_rejected("not-held")
    given(session_booked, cancelled).when(command, actor=actor).then_rejected("session-over")
