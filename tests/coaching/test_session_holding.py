"""The conversation, written down whole; and what may be said of it afterwards."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.coaching.deciders.session import (
    AcknowledgeSession,
    AddRemark,
    HoldSession,
    RemindAcknowledgement,
    VoidSession,
)
from services.coaching.events.shapes import ActionReview
from tests.coaching.booking import given
from tests.coaching.cast import (
    AINO,
    DANI,
    ONNI,
    OTHER_ACTION,
    OTHER_FORM,
    SANNA,
    SESSION,
    TUULA,
    at,
    changed,
)
from tests.coaching.holding import Asking, action, booked, hold
from tests.coaching.sessions import (
    REMARK,
    STARTS,
    acknowledged,
    action_agreed,
    action_done,
    action_dropped,
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

void = VoidSession(session_id=SESSION, reason="Written down for the wrong person.")
acknowledge = AcknowledgeSession(session_id=SESSION, comment="The new script helps too.")
remind = RemindAcknowledgement(session_id=SESSION)
remark = AddRemark(session_id=SESSION, remark_id=REMARK, text="It was the other script.")


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


def test_nothing_is_made_up_for_long_after() -> None:
    earlier = changed(hold, held_at=STARTS - timedelta(days=14))
    assert booked.when(earlier, at=STARTS).facts, "they talked before the booked time"
    booked.when(earlier, at=STARTS + timedelta(days=1)).then_rejected("in-the-past")
    assert booked.when(hold, at=STARTS + timedelta(days=60)).facts, "written down late, and held when it was booked"


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
    nothing_else = changed(hold, actions=())
    booked.when(nothing_else, reviewed=[(other_agreed, finished)]).then_rejected("action-missing")


@pytest.mark.parametrize("field", ["actions", "needs", "reviewed", "progress", "passed_on", "messages"])
def test_nothing_is_named_twice(field: str) -> None:
    with pytest.raises(ValidationError, match="twice"):
        changed(hold, **{field: getattr(hold, field) * 2})


# Afterwards


def test_what_is_agreed_has_an_id_of_its_own() -> None:
    for known in ((action_agreed,), (action_agreed, action_dropped)):
        booked.when(hold, agreed=[known]).then_rejected("action-exists")
        Asking(session_held).when(hold, agreed=[known]).then_nothing()
        Asking(session_held, voided).when(hold, agreed=[known]).then_nothing()


def test_the_employee_acknowledges_it_once() -> None:
    held = given(session_booked, session_held)
    held.when(acknowledge, actor=AINO).then(acknowledged)
    held.when(acknowledge, actor=SANNA).then_rejected("not-the-employee")
    given(session_booked, session_held, acknowledged).when(acknowledge, actor=AINO).then_nothing()
    given(session_booked, session_held, acknowledged, voided).when(acknowledge, actor=AINO).then_nothing()
    given(session_booked, session_held, voided).when(acknowledge, actor=AINO).then_rejected("session-over")


def test_a_comment_is_kept_also_when_it_comes_after_the_acknowledgement() -> None:
    bare = acknowledged.model_copy(update={"comment": None})
    given(session_booked, session_held, bare).when(acknowledge, actor=AINO).then(acknowledged)
    both = given(session_booked, session_held, bare, acknowledged)
    both.when(acknowledge, actor=AINO).then_nothing()
    both.when(changed(acknowledge, comment=None), actor=AINO).then_nothing()
    other = changed(acknowledge, comment="And the team helps.")
    both.when(other, actor=AINO).then(acknowledged.model_copy(update={"comment": other.comment}))
    both.when(other, actor=SANNA).then_rejected("not-the-employee")
    given(session_booked, session_held, acknowledged, voided).when(other, actor=AINO).then_rejected("session-over")


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


def test_nobody_voids_what_another_wrote_down_about_them() -> None:
    given(session_booked, session_held).when(void, actor=AINO, at=at(19)).then_rejected("own-session")
    given(session_booked, session_held, voided).when(void, actor=AINO, at=at(19)).then_nothing()


@pytest.mark.parametrize(("command", "actor"), [(void, SANNA), (acknowledge, AINO), (remark, AINO)])
def test_a_conversation_is_held_first(command: Any, actor: UUID) -> None:
    given().when(command, actor=actor).then_rejected("unknown-session")
    given(session_booked).when(command, actor=actor).then_rejected("not-held")
    given(session_booked, cancelled).when(command, actor=actor).then_rejected("session-over")
