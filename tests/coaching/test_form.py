"""A form is drafted freely, and published only when a good conversation can be held with it."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.coaching.deciders.form import (
    AddQuestion,
    ChangeQuestion,
    RemoveQuestion,
    StartForm,
    form,
)
from services.coaching.deciders.form.starters import MONTHLY, STARTERS
from services.coaching.events.form import (
    FormPublished,
    FormQuestion,
    FormStarted,
    QuestionAdded,
    QuestionChanged,
    QuestionRemoved,
)
from shared.testing.scenario import Scenario
from tests.coaching.cast import FORM, OTHER_FORM, changed
from tests.coaching.forms import asks, publish, published, retire, retired, start, started

given = Scenario(form).given


def add(question: FormQuestion, after: str | None = None) -> AddQuestion:
    return AddQuestion(form_id=FORM, question=question, after=after)


def change(question: FormQuestion) -> ChangeQuestion:
    return ChangeQuestion(form_id=FORM, question=question)


def remove(code: str) -> RemoveQuestion:
    return RemoveQuestion(form_id=FORM, code=code)


# Starting


def test_a_form_starts_with_the_questions_of_its_starter() -> None:
    given().when(start).then(started)


@pytest.mark.parametrize("starter", ["monthly", "onboarding", "sparring"])
def test_a_starter_can_be_published_as_it_is(starter: Any) -> None:
    with_it = started.model_copy(update={"starter": starter, "questions": STARTERS[starter]})
    assert given(with_it).when(publish).rejected is None


def test_the_same_start_changes_nothing_at_any_time() -> None:
    for history in ([started], [started, published], [started, published, retired]):
        given(*history).when(start).then_nothing()


def test_another_form_with_the_same_id_is_refused() -> None:
    given(started).when(changed(start, name="Another")).then_rejected("form-exists")
    given(started).when(changed(start, starter="blank")).then_rejected("form-exists")


def test_a_copy_begins_with_what_the_other_form_asks() -> None:
    copy = StartForm(form_id=OTHER_FORM, name="Turku talk", starter="copy", copy_of=FORM)
    copied = FormStarted(form_id=OTHER_FORM, name="Turku talk", starter="copy", copy_of=FORM, questions=MONTHLY)
    given().when(copy, copied=(started, published)).then(copied)
    given().when(copy, copied=(started, published, retired)).then(copied)
    given(copied).when(copy).then_nothing()
    given(copied).when(changed(copy, copy_of=UUID(int=99))).then_rejected("form-exists")


def test_only_a_published_form_is_copied() -> None:
    copy = StartForm(form_id=OTHER_FORM, name="Turku talk", starter="copy", copy_of=FORM)
    given().when(copy).then_rejected("form-unpublished")
    given().when(copy, copied=(started,)).then_rejected("form-unpublished")


@pytest.mark.parametrize("told", [{"starter": "copy"}, {"starter": "blank", "copy_of": OTHER_FORM}])
def test_a_copy_says_of_what(told: Any) -> None:
    with pytest.raises(ValidationError, match="copy_of"):
        StartForm(form_id=FORM, name="Talk", **told)


# Drafting


def test_a_question_is_added_after_another_or_at_the_end() -> None:
    new = asks("new")
    for after in (None, "expected", "never-asked"):
        given(started).when(add(new, after)).then(QuestionAdded(form_id=FORM, question=new, after=after))
    codes = [question.code for question in MONTHLY]
    assert order(QuestionAdded(form_id=FORM, question=new, after="expected")) == [codes[0], "new", *codes[1:]]
    assert order(QuestionAdded(form_id=FORM, question=new, after="never-asked")) == [*codes, "new"]


def order(*drafted: QuestionAdded | QuestionChanged | QuestionRemoved) -> list[str]:
    """The codes of a version, in the order of asking."""
    (fact,) = given(started, *drafted).when(publish).facts
    assert isinstance(fact, FormPublished)
    return [question.code for question in fact.questions]


def test_a_question_is_there_once() -> None:
    given(started).when(add(MONTHLY[0])).then_nothing()
    given(started).when(add(asks("expected"))).then_rejected("code-repeated")


def test_a_form_asks_forty_questions_at_most() -> None:
    many = started.model_copy(update={"questions": tuple(asks(f"q{n}") for n in range(40))})
    given(many).when(add(asks("one-more"))).then_rejected("too-many-questions")
    given(many).when(remove("q7")).then(QuestionRemoved(form_id=FORM, code="q7"))


def test_a_choice_is_between_two_things_at_least() -> None:
    one = asks("which", kind="choice", choices=("Calls",))
    given(started).when(add(one)).then_rejected("choices-missing")
    two = asks("which", kind="choice", choices=("Calls", "Chats"))
    given(started).when(add(two)).then(QuestionAdded(form_id=FORM, question=two))
    given(started).when(change(one.model_copy(update={"code": "expected"}))).then_rejected("choices-missing")


def test_only_scored_questions_weigh() -> None:
    given(started).when(add(asks("how", weight=3))).then_rejected("weight-not-scored")
    given(started).when(change(asks("expected", weight=3))).then_rejected("weight-not-scored")
    scored = asks("how", kind="yes-no", weight=3)
    given(started).when(add(scored)).then(QuestionAdded(form_id=FORM, question=scored))


def test_a_question_is_put_in_another_way() -> None:
    other = MONTHLY[0].model_copy(update={"text": "What do we expect of you now?"})
    reworded = QuestionChanged(form_id=FORM, question=other)
    given(started).when(change(other)).then(reworded)
    assert order(reworded) == [question.code for question in MONTHLY]
    given(started, reworded).when(change(other)).then_nothing()
    given(started).when(change(asks("never-asked"))).then_rejected("question-unknown")


def test_a_question_is_removed_once() -> None:
    removed = QuestionRemoved(form_id=FORM, code="anything")
    given(started).when(remove("anything")).then(removed)
    given(started, removed).when(remove("anything")).then_nothing()


# Publishing


def test_a_version_says_how_much_differs_from_the_last_one() -> None:
    given(started).when(publish).then(published)
    added = QuestionAdded(form_id=FORM, question=asks("new"))
    second = published.model_copy(update={"version": 2, "questions": (*MONTHLY, asks("new")), "changed": 1})
    given(started, published, added).when(publish).then(second)


def test_nothing_new_is_not_published_again() -> None:
    given(started, published).when(publish).then_nothing()
    removed, back = QuestionRemoved(form_id=FORM, code="anything"), QuestionAdded(form_id=FORM, question=MONTHLY[-1])
    given(started, published, removed, back).when(publish).then_nothing()
    given(started, published, retired).when(publish).then_nothing()


@pytest.mark.parametrize("code", ["expected", "went-well", "hard", "will-do"])
def test_every_section_is_talked_through(code: str) -> None:
    given(started, QuestionRemoved(form_id=FORM, code=code)).when(publish).then_rejected("section-missing")


def test_an_insight_question_must_be_answered() -> None:
    optional = tuple(question.model_copy(update={"required": False}) for question in MONTHLY)
    soft = started.model_copy(update={"questions": optional})
    given(soft).when(publish).then_rejected("insight-missing")
    given(started.model_copy(update={"questions": ()})).when(publish).then_rejected("section-missing")


def test_the_monthly_talk_begins_with_one_question_that_asks_for_insight_and_cannot_do_without() -> None:
    (insight,) = (question.code for question in MONTHLY if question.kind == "insight" and question.required)
    given(started, QuestionRemoved(form_id=FORM, code=insight)).when(publish).then_rejected("insight-missing")


def test_little_by_little_or_with_a_reason_for_a_fresh_start() -> None:
    three = [QuestionRemoved(form_id=FORM, code=code) for code in ("acted", "seen", "anything")]
    fourth = QuestionAdded(form_id=FORM, question=asks("new"))
    (little,) = given(started, published, *three).when(publish).facts
    assert isinstance(little, FormPublished)
    assert (little.version, little.changed) == (2, 3)
    given(started, published, *three, fourth).when(publish).then_rejected("too-many-changes")
    afresh = changed(publish, fresh_start="The service has another goal now.")
    (second,) = given(started, published, *three, fourth).when(afresh).facts
    assert isinstance(second, FormPublished)
    assert (second.version, second.changed, second.fresh_start) == (2, 4, "The service has another goal now.")


# The end


def test_a_form_is_retired_once() -> None:
    given(started).when(retire).then(retired)
    given(started, published).when(retire).then(retired)
    given(started, published, retired).when(retire).then_nothing()


@pytest.mark.parametrize("command", [add(asks("new")), change(asks("expected")), remove("expected")])
def test_a_retired_form_is_drafted_no_more(command: Any) -> None:
    given(started, published, retired).when(command).then_rejected("form-over")


def test_a_retired_draft_is_not_published() -> None:
    given(started, retired).when(publish).then_rejected("form-over")


@pytest.mark.parametrize("command", [add(asks("new")), change(asks("new")), remove("new"), publish, retire])
def test_a_form_is_started_first(command: Any) -> None:
    given().when(command).then_rejected("unknown-form")
