"""A stage asks one person for more, or less, than the template does."""

from datetime import date
from typing import Any

import pytest

from services.onboarding.deciders.journey import BeginStages, MarkStalled, RecordMonitoring, TailorStage, journey
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.shapes import Requirement, RequirementKind
from services.onboarding.events.stage import StageTailored
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    BASICS_DONE,
    IN_BASICS,
    IN_BILLING,
    IN_FIRST_RESPONSE,
    basics_completed,
    basics_started,
    contact_met,
    contact_taken,
    exam_failed,
    exam_passed,
    first_response_started,
    heard_once,
    journey_started,
    journey_stopped,
    listen_met,
    listened,
    met,
    monitored,
    session_recorded,
    stage_started,
    talk_met,
)
from tests.onboarding.plan import (
    AINO,
    HEARD_AGAIN,
    MONDAY,
    TEAM,
    TUESDAY,
    at,
    basics,
    billing,
    first_contact,
    first_response,
    listen,
    listen_twice,
    sign_off,
)

given = Scenario(journey).given

spar = Requirement(code="spar-listening", kind="spar", count=1, focus="Listening before searching.")


def tailor(stage: str, add: tuple[Requirement, ...] = (), drop: tuple[str, ...] = ()) -> TailorStage:
    return TailorStage(person_id=AINO, stage=stage, add=add, drop=drop, reason="As the person is.")


def tailored(
    stage: str, add: tuple[Requirement, ...] = (), drop: tuple[str, ...] = (), open_left: int | None = None
) -> StageTailored:
    return StageTailored(
        person_id=AINO,
        team_id=TEAM,
        journey_no=1,
        stage=stage,
        add=add,
        drop=drop,
        open_left=open_left,
        reason="As the person is.",
    )


def test_the_open_stage_asks_for_more() -> None:
    expected = tailored("first-response", add=(spar,), open_left=5)
    given(*IN_FIRST_RESPONSE).when(tailor("first-response", add=(spar,)), at=at(25)).then(expected)


def test_what_was_added_is_open_from_then_on() -> None:
    history = (*IN_FIRST_RESPONSE, tailored("first-response", add=(spar,), open_left=5))
    outcome = given(*history).when(
        MarkStalled(person_id=AINO, stage="first-response", due_on=date(2027, 3, 23)), by="deadline"
    )
    assert _open(outcome.facts[0]) == ("listen-twice", "talk", "sign-off", "spar-listening", "systems")


def _open(fact: Any) -> tuple[str, ...]:
    return tuple(fact.open)


def test_the_open_stage_asks_for_less() -> None:
    expected = tailored("first-response", drop=("talk", "systems"), open_left=2)
    given(*IN_FIRST_RESPONSE).when(tailor("first-response", drop=("talk", "systems")), at=at(25)).then(expected)


no_contacts = basics.model_copy(update={"supported": (), "first_contact_by_day": None, "requirements": (listen,)})
none_yet = no_contacts.model_copy(update={"code": "tools"})
CLOSED: tuple[JourneyEvent, ...] = (
    journey_started.model_copy(update={"stages": (no_contacts, none_yet, first_response, billing)}),
    stage_started(no_contacts, 1, MONDAY, date(2027, 3, 10)),
)


def test_a_first_contact_is_added_where_some_contact_is_open_by_then() -> None:
    for stage in ("basics", "tools"):
        given(*CLOSED).when(tailor(stage, add=(first_contact,)), at=at(9)).then_rejected("no-contact-open")
    supported = tailored("first-response", add=(first_contact,))
    given(*CLOSED).when(tailor("first-response", add=(first_contact,)), at=at(9)).then(supported)
    alone = billing.model_copy(update={"supported": ()})
    unlocked_before = journey_started.model_copy(update={"stages": (no_contacts, first_response, alone)})
    given(unlocked_before, *CLOSED[1:]).when(tailor("billing", add=(first_contact,)), at=at(9)).then(
        tailored("billing", add=(first_contact,))
    )


def test_a_credited_stage_has_opened_contacts_to_those_before_it_too() -> None:
    credited = CLOSED[0].model_copy(update={"credited": ("first-response",)})
    given(credited, *CLOSED[1:]).when(tailor("tools", add=(first_contact,)), at=at(9)).then(
        tailored("tools", add=(first_contact,))
    )


def test_a_first_contact_that_was_taken_may_be_asked_for_anywhere() -> None:
    given(*CLOSED, contact_taken).when(tailor("tools", add=(first_contact,)), at=at(9)).then(
        tailored("tools", add=(first_contact,))
    )


def test_dropping_what_was_met_leaves_the_rest_open() -> None:
    expected = tailored("basics", drop=("own-contact",), open_left=2)
    given(*IN_BASICS, contact_taken, contact_met).when(tailor("basics", drop=("own-contact",)), at=at(9)).then(expected)


def test_dropping_the_last_open_thing_ends_the_stage() -> None:
    given(*IN_BASICS, contact_taken, contact_met, listened, listen_met).when(
        tailor("basics", drop=("confidence",)), at=at(9)
    ).then(tailored("basics", drop=("confidence",), open_left=0), basics_completed, first_response_started)


@pytest.mark.parametrize("history", [(journey_started,), IN_BASICS])
def test_a_stage_to_come_is_tailored_ahead(history: tuple[JourneyEvent, ...]) -> None:
    given(*history).when(tailor("first-response", add=(spar,)), at=at(9)).then(tailored("first-response", add=(spar,)))


def test_a_stage_starts_as_it_was_tailored() -> None:
    less = tailored("basics", add=(spar,), drop=("listen", "confidence"))
    asks = basics.model_copy(update={"requirements": (first_contact, spar), "checks": ()})
    begin = BeginStages(person_id=AINO, journey_no=1, on=MONDAY)
    given(journey_started, less).when(begin, by="policy").then(stage_started(asks, 1, MONDAY, date(2027, 3, 10)))


def test_a_first_contact_that_is_asked_for_later_is_met_at_once() -> None:
    without = basics.model_copy(update={"requirements": (basics.requirements[1],)})
    plan = journey_started.model_copy(update={"stages": (without, first_response, billing)})
    given(plan, basics_started, contact_taken).when(tailor("basics", add=(first_contact,)), at=at(10)).then(
        tailored("basics", add=(first_contact,), open_left=3), met(basics, first_contact, TUESDAY, 2)
    )


once = listen_twice.model_copy(update={"count": 1})


def test_a_requirement_replaced_by_a_smaller_one_counts_what_was_done() -> None:
    replace = tailor("first-response", add=(once,), drop=("listen-twice",))
    given(*IN_FIRST_RESPONSE, heard_once).when(replace, at=at(25)).then(
        tailored("first-response", add=(once,), drop=("listen-twice",), open_left=4),
        met(first_response, once, date(2027, 3, 15), 3),
    )


def test_a_requirement_replaced_by_a_bigger_one_is_open_again() -> None:
    listen = basics.requirements[1]
    bigger = listen.model_copy(update={"count": 2})
    replaced = tailored("basics", add=(bigger,), drop=("listen",), open_left=3)
    given(*IN_BASICS, listened, met(basics, listen, TUESDAY, 2)).when(
        tailor("basics", add=(bigger,), drop=("listen",)), at=at(9)
    ).then(replaced)
    second = RecordMonitoring(person_id=AINO, monitoring_id=HEARD_AGAIN, observed_on=TUESDAY)
    given(*IN_BASICS, listened, met(basics, listen, TUESDAY, 2), replaced).when(second, at=at(9)).then(
        monitored(HEARD_AGAIN, basics, "listen", TUESDAY), met(basics, bigger, TUESDAY, 2)
    )


def asked_under(code: str, kind: RequirementKind) -> Requirement:
    """Something else under a code that the stage has used before."""
    return Requirement(code=code, kind=kind, count=1, focus="Under an old name.")


@pytest.mark.parametrize(
    ("history", "code", "kind", "left"),
    [
        ((*IN_FIRST_RESPONSE, heard_once), "listen-twice", "coach", 4),
        ((*IN_FIRST_RESPONSE, session_recorded, talk_met), "talk", "monitor", 4),
        ((*IN_FIRST_RESPONSE, session_recorded, talk_met), "talk", "spar", 4),
        ((*IN_FIRST_RESPONSE, exam_failed), "systems", "monitor", 4),
        ((*IN_FIRST_RESPONSE, exam_passed), "systems", "train", 4),
    ],
)
def test_what_was_done_counts_for_nothing_else_under_the_same_code(
    history: tuple[JourneyEvent, ...], code: str, kind: RequirementKind, left: int
) -> None:
    other = asked_under(code, kind)
    given(*history).when(tailor("first-response", add=(other,), drop=(code,)), at=at(25)).then(
        tailored("first-response", add=(other,), drop=(code,), open_left=left)
    )


def test_under_the_code_of_a_check_monitoring_is_counted() -> None:
    other = asked_under("systems", "monitor")
    swap = tailored("first-response", add=(other,), drop=("systems", "listen-twice"), open_left=3)
    hear = RecordMonitoring(person_id=AINO, monitoring_id=HEARD_AGAIN, observed_on=date(2027, 3, 15))
    given(*IN_FIRST_RESPONSE, exam_failed, swap).when(hear, at=at(25)).then(
        monitored(HEARD_AGAIN, first_response, "systems", date(2027, 3, 15)),
        met(first_response, other, date(2027, 3, 15), 2),
    )


def test_tailoring_twice_changes_nothing() -> None:
    more = tailored("first-response", add=(spar,), open_left=5)
    less = tailored("first-response", drop=("talk",), open_left=4)
    swap = tailored("first-response", add=(once,), drop=("listen-twice",), open_left=4)
    history = (*IN_FIRST_RESPONSE, more, less, swap)
    given(*history).when(tailor("first-response", add=(spar,)), at=at(25)).then_nothing()
    given(*history).when(tailor("first-response", drop=("talk",)), at=at(25)).then_nothing()
    given(*history).when(tailor("first-response", add=(once,), drop=("listen-twice",)), at=at(25)).then_nothing()
    given(*history, journey_stopped).when(tailor("first-response", add=(spar,)), at=at(25)).then_nothing()


def test_tailoring_twice_changes_nothing_after_the_stage_either() -> None:
    swapped = tailored("basics", add=(once,), drop=("listen",))
    history = (journey_started, swapped, *BASICS_DONE[1:])
    given(*history).when(tailor("basics", add=(once,), drop=("listen",)), at=at(10)).then_nothing()
    taken_back = tailored("basics", drop=("listen-twice",))
    history = (journey_started, swapped, taken_back, *BASICS_DONE[1:])
    given(*history).when(tailor("basics", add=(once,), drop=("listen",)), at=at(10)).then_rejected("stage-passed")


def test_what_was_added_again_can_be_dropped_again() -> None:
    less = tailored("first-response", drop=("talk",), open_left=3)
    again = tailored("first-response", add=(first_response.requirements[1],), open_left=4)
    given(*IN_FIRST_RESPONSE, less, again).when(tailor("first-response", drop=("talk",)), at=at(25)).then(less)


def test_asking_for_no_change_changes_nothing() -> None:
    given(*IN_FIRST_RESPONSE).when(tailor("first-response"), at=at(25)).then_nothing()


another_sign_off = Requirement(code="second-sign-off", kind="sign-off", count=1, focus="Again.")
two_contacts = Requirement(code="two-contacts", kind="first-contact", count=2, focus="Twice.")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (tailor("sales", add=(spar,)), "stage-unknown"),
        (tailor("basics", add=(spar,)), "stage-passed"),
        (tailor("basics", add=(first_contact,)), "stage-passed"),
        (tailor("first-response", drop=("confidence",)), "requirement-unknown"),
        (tailor("first-response", drop=("sign-off",)), "sign-off-kept"),
        (tailor("first-response", add=(sign_off,), drop=("sign-off",)), "sign-off-kept"),
        (tailor("first-response", add=(once,)), "code-repeated"),
        (tailor("first-response", add=(listen_twice,)), "code-repeated"),
        (tailor("first-response", add=(spar, listen_twice)), "code-repeated"),
        (tailor("first-response", add=(spar, spar)), "code-repeated"),
        (tailor("first-response", add=(spar.model_copy(update={"code": "systems"}),)), "code-repeated"),
        (tailor("first-response", add=(another_sign_off,)), "count-not-one"),
        (tailor("first-response", add=(two_contacts,)), "count-not-one"),
    ],
)
def test_a_tailored_stage_can_still_be_gone_through(command: TailorStage, code: str) -> None:
    given(*IN_FIRST_RESPONSE).when(command, at=at(25)).then_rejected(code)


def test_a_credited_stage_is_behind_too() -> None:
    credited = journey_started.model_copy(update={"credited": ("billing",)})
    for asked in (spar, *billing.requirements):
        given(credited, basics_started).when(tailor("billing", add=(asked,)), at=at(9)).then_rejected("stage-passed")


def test_something_is_left_to_verify_a_stage_by() -> None:
    everything = tailor("basics", drop=("own-contact", "listen", "confidence"))
    given(*IN_BASICS).when(everything, at=at(9)).then_rejected("stage-unverified")


def test_an_ended_journey_is_not_tailored() -> None:
    given().when(tailor("basics", add=(spar,))).then_rejected("unknown-journey")
    given(*ALL_DONE).when(tailor("billing", add=(spar,)), at=at(3, month=4)).then_rejected("not-underway")
    given(*IN_BILLING, journey_stopped).when(tailor("billing", add=(spar,)), at=at(25)).then_rejected("not-underway")
