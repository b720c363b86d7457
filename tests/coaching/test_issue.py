"""An issue cannot be withdrawn or forgotten: it ends resolved, with an outcome."""

from datetime import date
from typing import Any

import pytest

from services.coaching.deciders.issue import (
    BackIssue,
    EscalateIssue,
    RaiseIssue,
    ResolveIssue,
    TakeUpIssue,
    issue,
)
from services.coaching.events.issue import IssueTakenUp
from shared.store.codec import Codec
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, DANI, ONNI, SANNA, TEAM, TUULA, at, changed
from tests.coaching.people_matters import (
    BY,
    ISSUE,
    escalated_again,
    issue_backed,
    issue_escalated,
    issue_raised,
    issue_resolved,
    issue_taken_up,
)

given = Scenario(issue).given

raise_ = RaiseIssue(
    issue_id=ISSUE,
    team_id=TEAM,
    about="person",
    person_id=ONNI,
    kind="collaboration",
    text="Hands over contacts without a note.",
    address_by=BY,
)
back = BackIssue(issue_id=ISSUE)
take_up = TakeUpIssue(issue_id=ISSUE, handler_id=DANI, plan="Talks with both on Thursday.")
resolve = ResolveIssue(issue_id=ISSUE, outcome="corrected", note="Notes are written now.")
escalate = EscalateIssue(issue_id=ISSUE, address_by=BY)


def test_an_issue_is_raised_once() -> None:
    given().when(raise_, actor=AINO).then(issue_raised)
    given(issue_raised).when(raise_, actor=AINO).then_nothing()
    given(issue_raised, issue_taken_up, issue_resolved).when(raise_, actor=AINO).then_nothing()
    given(issue_raised).when(raise_, actor=TUULA).then_rejected("issue-exists")


def test_an_issue_is_addressed_within_a_fortnight() -> None:
    given().when(changed(raise_, address_by=date(2027, 3, 16)), actor=AINO).then_rejected("deadline-too-late")
    given().when(raise_, actor=AINO, at=at(16)).then_rejected("in-the-past")
    given().when(raise_, actor=AINO, at=at(15)).then(issue_raised)


def test_an_issue_about_a_person_says_whom() -> None:
    given().when(changed(raise_, person_id=None), actor=AINO).then_rejected("person-missing")
    about_all = changed(raise_, about="practice", person_id=None)
    given().when(about_all, actor=AINO).then(issue_raised.model_copy(update={"about": "practice", "person_id": None}))


def test_others_stand_behind_it_once_each() -> None:
    given(issue_raised).when(back, actor=TUULA).then(issue_backed)
    given(issue_raised, issue_backed).when(back, actor=TUULA).then_nothing()
    given(issue_raised).when(back, actor=AINO).then_nothing()
    given(issue_raised, issue_backed).when(back, actor=SANNA).then(
        issue_backed.model_copy(update={"backer_id": SANNA, "times": 2})
    )
    given(issue_raised, issue_backed, issue_taken_up, issue_resolved).when(back, actor=TUULA).then_nothing()
    given(issue_raised, issue_taken_up, issue_resolved).when(back, actor=TUULA).then_rejected("issue-over")


def test_who_was_erased_has_stood_behind_it_too() -> None:
    erased = [issue_backed.model_copy(update={"backer_id": None, "times": n}) for n in (1, 2)]
    given(issue_raised, *erased).when(back, actor=SANNA).then(
        issue_backed.model_copy(update={"backer_id": SANNA, "times": 3})
    )


def test_somebody_deals_with_it() -> None:
    given(issue_raised).when(take_up).then(issue_taken_up)
    given(issue_raised, issue_taken_up).when(take_up).then_nothing()
    other = changed(take_up, handler_id=SANNA)
    given(issue_raised, issue_taken_up).when(other).then(issue_taken_up.model_copy(update={"handler_id": SANNA}))
    given(issue_raised, issue_taken_up, issue_resolved).when(take_up).then_nothing()
    given(issue_raised, issue_taken_up, issue_resolved).when(other).then_rejected("issue-over")
    given(issue_raised).when(changed(take_up, handler_id=ONNI)).then_rejected("handler-is-subject")
    given(issue_raised, issue_taken_up).when(other, actor=ONNI).then_rejected("handler-is-subject")


def until(day: date) -> TakeUpIssue:
    return changed(take_up, address_by=day)


def test_more_time_is_taken_once() -> None:
    (longer,) = given(issue_raised).when(until(date(2027, 3, 29))).facts
    assert isinstance(longer, IssueTakenUp)
    assert longer.address_by == date(2027, 3, 29)
    history = given(issue_raised, longer)
    history.when(until(date(2027, 3, 29))).then_nothing()
    history.when(until(date(2027, 3, 30)), at=at(10)).then_rejected("deadline-too-late")
    assert history.when(until(date(2027, 3, 20))).facts, "sooner is always possible"
    assert history.when(changed(take_up, plan="Another one.")).facts
    given(issue_raised).when(until(date(2027, 3, 30))).then_rejected("deadline-too-late")
    given(issue_raised).when(until(date(2027, 3, 4)), at=at(5)).then_rejected("in-the-past")


def test_an_issue_is_resolved_with_an_outcome() -> None:
    in_hand = given(issue_raised, issue_taken_up)
    in_hand.when(resolve, actor=DANI).then(issue_resolved)
    in_hand.when(resolve, actor=ONNI).then_rejected("handler-is-subject")
    in_hand.when(resolve, actor=SANNA).then_rejected("not-the-handler")
    given(issue_raised).when(resolve).then_rejected("not-taken-up")
    ended = given(issue_raised, issue_taken_up, issue_resolved)
    ended.when(resolve).then_nothing()
    ended.when(changed(resolve, outcome="moved-on")).then_rejected("issue-over")


def test_what_is_not_resolved_in_time_goes_up() -> None:
    given(issue_raised).when(escalate, by="deadline").then(issue_escalated)
    given(issue_raised, issue_taken_up).when(escalate, by="deadline").then(issue_escalated)
    given(issue_raised, issue_escalated).when(escalate, by="deadline").then_nothing()
    second = changed(escalate, address_by=issue_escalated.address_by)
    given(issue_raised, issue_escalated).when(second, by="deadline").then(escalated_again)
    third = changed(escalate, address_by=escalated_again.address_by)
    given(issue_raised, issue_escalated, escalated_again).when(third, by="deadline").then(
        escalated_again.model_copy(update={"address_by": date(2027, 4, 5)})
    )
    given(issue_raised, issue_taken_up, issue_resolved).when(escalate, by="deadline").then_nothing()


def test_who_takes_it_up_late_takes_it_from_where_it_is() -> None:
    given(issue_raised, issue_escalated).when(take_up, at=at(16)).then(
        issue_taken_up.model_copy(update={"address_by": issue_escalated.address_by})
    )


def test_what_was_taken_up_before_it_went_up_is_not_taken_up_anew() -> None:
    gone_up = given(issue_raised, issue_taken_up, issue_escalated)
    gone_up.when(take_up, at=at(16)).then_nothing()
    gone_up.when(until(issue_taken_up.address_by), at=at(16)).then_nothing()
    other = changed(take_up, plan="Asks the site to step in.")
    gone_up.when(other, at=at(16)).then(
        issue_taken_up.model_copy(update={"plan": other.plan, "address_by": issue_escalated.address_by})
    )


@pytest.mark.parametrize("command", [back, take_up, resolve, escalate])
def test_an_issue_is_raised_first(command: Any) -> None:
    given().when(command).then_rejected("unknown-issue")


def test_what_is_said_is_sealed_with_the_key_of_the_person_or_else_of_who_raised_it() -> None:
    keys: dict[str, set[str]] = {}

    class Noting:
        def seal(self, tenant: str, owner: str, stream: str, text: Any) -> Any:
            keys.setdefault(owner, set()).add(str(text))
            return text

        def open(self, tenant: str, sealed: str) -> str | None:
            return sealed

        def lookup(self, tenant: str, owner: str, text: str) -> bytes:
            return b""

    codec = Codec(Noting())
    codec.encode(issue_raised, "org", "a-stream")
    assert keys == {str(AINO): {str(AINO)}, str(ONNI): {"collaboration", "Hands over contacts without a note."}}
    keys.clear()
    codec.encode(issue_taken_up.model_copy(update={"person_id": None}), "org", "a-stream")
    assert keys == {str(AINO): {str(AINO), "Talks with both on Thursday."}}
