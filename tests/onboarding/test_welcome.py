"""The kit made ready, the person welcomed, the plan gone through."""

from datetime import date
from typing import Any

import pytest

from services.onboarding.deciders.welcome import (
    FlagKitMissing,
    IntroducePlan,
    PrepareWelcome,
    ReadyKitItem,
    ReopenKitItem,
    WelcomeHire,
    welcome,
)
from services.onboarding.events.welcome import (
    HireWelcomed,
    KitCompleted,
    KitFoundIncomplete,
    KitItemReadied,
    KitItemReopened,
    PlanIntroduced,
    WelcomeEvent,
    WelcomePrepared,
)
from shared.testing.scenario import Scenario
from tests.onboarding.aino import journey_started, journey_stopped
from tests.onboarding.plan import AINO, GOAL, KIT, MONDAY, SANNA, TEAM, TUESDAY, at

given = Scenario(welcome).given

prepare = PrepareWelcome(person_id=AINO, team_id=TEAM, journey_no=1, starts_on=MONDAY, final_goal=GOAL, kit=KIT, seq=1)
prepared = WelcomePrepared(
    person_id=AINO, team_id=TEAM, journey_no=1, starts_on=MONDAY, final_goal=GOAL, kit=KIT, seq=1
)
kit_completed = KitCompleted(person_id=AINO, team_id=TEAM, journey_no=1, completed_on=date(2027, 3, 4))


def readied(item: str, left: int) -> KitItemReadied:
    return KitItemReadied(person_id=AINO, team_id=TEAM, item=item, left=left)


headset, gift, badge = readied("headset", 2), readied("gift", 1), readied("badge", 0)
ALL_READY: tuple[WelcomeEvent, ...] = (prepared, headset, gift, badge, kit_completed)


def test_a_started_journey_is_prepared_for() -> None:
    given().when(prepare, by="policy").then(prepared)


def test_an_empty_kit_is_complete_at_once() -> None:
    nothing = prepare.model_copy(update={"kit": ()})
    given().when(nothing, at=at(4), by="policy").then(prepared.model_copy(update={"kit": ()}), kit_completed)


def test_preparing_again_or_from_an_older_fact_changes_nothing() -> None:
    given(prepared).when(prepare, by="policy").then_nothing()
    older = prepare.model_copy(update={"seq": 0, "starts_on": date(2027, 3, 1)})
    given(prepared).when(older, by="policy").then_nothing()


NEXT_MONDAY = date(2027, 3, 15)
later = prepare.model_copy(update={"seq": 2, "starts_on": NEXT_MONDAY})
prepared_later = prepared.model_copy(update={"seq": 2, "starts_on": NEXT_MONDAY})


def test_another_first_day_keeps_what_is_ready() -> None:
    given(prepared, headset).when(later, by="policy").then(prepared_later)
    given(prepared, headset, prepared_later).when(ready("gift"), at=at(4)).then(gift)


def test_another_first_day_of_a_complete_kit_finds_it_complete() -> None:
    given(*ALL_READY).when(later, at=at(4), by="policy").then(prepared_later, kit_completed)


def test_another_journey_starts_the_story_again() -> None:
    second = prepare.model_copy(update={"journey_no": 2, "seq": 30})
    expected = prepared.model_copy(update={"journey_no": 2, "seq": 30})
    given(*ALL_READY, welcomed, introduced).when(second, by="policy").then(expected)
    given(*ALL_READY, welcomed, introduced, expected).when(ready("headset"), at=at(4)).then(headset)
    given(*ALL_READY, welcomed, introduced, expected).when(welcome_hire, at=at(8)).then_rejected("kit-incomplete")


def ready(item: str) -> ReadyKitItem:
    return ReadyKitItem(person_id=AINO, item=item)


def reopen(item: str, reason: str | None = None) -> ReopenKitItem:
    return ReopenKitItem(person_id=AINO, item=item, reason=reason)


def reopened(item: str, left: int, reason: str | None = None) -> KitItemReopened:
    return KitItemReopened(
        person_id=AINO, team_id=TEAM, journey_no=1, item=item, left=left, starts_on=MONDAY, reason=reason
    )


def test_what_is_left_is_counted() -> None:
    given(prepared).when(ready("headset"), at=at(4)).then(headset)
    given(prepared, headset).when(ready("gift"), at=at(4)).then(gift)


def test_the_last_item_completes_the_kit() -> None:
    given(prepared, headset, gift).when(ready("badge"), at=at(4)).then(badge, kit_completed)


def test_an_item_is_readied_and_reopened_once() -> None:
    given(prepared, headset).when(ready("headset"), at=at(4)).then_nothing()
    given(prepared).when(reopen("headset"), at=at(4)).then_nothing()


def test_a_tick_is_taken_back() -> None:
    given(*ALL_READY).when(reopen("gift", "Ticked by mistake."), at=at(4)).then(
        reopened("gift", 1, "Ticked by mistake.")
    )


def test_a_kit_is_completed_again_after_a_reopened_item() -> None:
    given(*ALL_READY, reopened("gift", 1)).when(ready("gift"), at=at(4)).then(readied("gift", 0), kit_completed)


def test_items_are_readied_and_reopened_after_the_welcome_too() -> None:
    given(prepared, headset, gift, welcomed).when(ready("badge"), at=at(4)).then(badge, kit_completed)
    given(prepared, headset, gift, welcomed, introduced).when(reopen("gift"), at=at(9)).then(reopened("gift", 2))


@pytest.mark.parametrize("command", [ready("chair"), reopen("chair")])
def test_only_items_of_the_kit_are_known(command: Any) -> None:
    given(prepared).when(command, at=at(4)).then_rejected("item-unknown")


flag = FlagKitMissing(person_id=AINO, journey_no=1)


def missing(*items: str) -> KitFoundIncomplete:
    return KitFoundIncomplete(person_id=AINO, team_id=TEAM, journey_no=1, missing=items)


WAITING = {"journey": [journey_started]}


def test_what_is_needed_on_arrival_and_missing_is_told() -> None:
    given(prepared, headset).when(flag, at=at(5, 12), by="deadline", **WAITING).then(missing("gift"))


def test_what_is_needed_later_is_not_missing_yet() -> None:
    given(prepared, headset, gift).when(flag, at=at(5, 12), by="deadline", **WAITING).then_nothing()


def test_it_is_told_once_until_something_else_is_missing() -> None:
    told: tuple[WelcomeEvent, ...] = (prepared, headset, missing("gift"))
    given(*told).when(flag, at=at(5, 12), by="deadline", **WAITING).then_nothing()
    without_headset = (*told, reopened("headset", 3))
    given(*without_headset).when(flag, at=at(5, 12), by="deadline", **WAITING).then(missing("headset", "gift"))
    lost_again = (*told, gift, reopened("gift", 2))
    given(*lost_again).when(flag, at=at(5, 12), by="deadline", **WAITING).then(missing("gift"))


def test_after_the_welcome_or_for_another_journey_nothing_is_told() -> None:
    given(prepared, welcomed).when(flag, at=at(8, 12), by="deadline", **WAITING).then_nothing()
    other = FlagKitMissing(person_id=AINO, journey_no=2)
    given(prepared).when(other, at=at(5, 12), by="deadline", **WAITING).then_nothing()


STOPPED: dict[str, Any] = {"journey": [journey_started, journey_stopped.model_copy(update={"stage": None})]}


def test_nothing_is_missing_for_a_stopped_journey() -> None:
    given(prepared).when(flag, at=at(5, 12), by="deadline", **STOPPED).then_nothing()


welcome_hire = WelcomeHire(person_id=AINO, welcomed_on=MONDAY)
welcomed = HireWelcomed(person_id=AINO, team_id=TEAM, journey_no=1, welcomed_on=MONDAY, missing=())
introduce = IntroducePlan(person_id=AINO, introduced_on=MONDAY, expectations="Real contacts early.")
introduced = PlanIntroduced(
    person_id=AINO,
    team_id=TEAM,
    journey_no=1,
    introduced_on=MONDAY,
    final_goal=GOAL,
    expectations="Real contacts early.",
)


def test_a_hire_is_welcomed_with_what_is_needed_on_arrival() -> None:
    given(prepared, headset, gift).when(welcome_hire, at=at(8)).then(welcomed)


def test_what_is_missing_is_accepted_in_words() -> None:
    given(prepared, headset).when(welcome_hire, at=at(8)).then_rejected("kit-incomplete")
    accepted = welcome_hire.model_copy(update={"missing_accepted": "The mug comes tomorrow."})
    given(prepared, headset).when(accepted, at=at(8)).then(welcomed.model_copy(update={"missing": ("gift",)}))


def test_a_hire_is_welcomed_once() -> None:
    given(*ALL_READY, welcomed).when(welcome_hire, at=at(8)).then_nothing()
    given(*ALL_READY, welcomed, introduced).when(welcome_hire, at=at(8)).then_nothing()


def test_the_plan_is_gone_through_after_the_welcome() -> None:
    given(*ALL_READY).when(introduce, at=at(8)).then_rejected("not-welcomed")
    given(*ALL_READY, welcomed).when(introduce, at=at(8), actor=SANNA).then(introduced)


def test_the_plan_is_not_gone_through_before_the_day_of_the_welcome() -> None:
    on_tuesday = welcomed.model_copy(update={"welcomed_on": TUESDAY})
    given(*ALL_READY, on_tuesday).when(introduce, at=at(9)).then_rejected("not-welcomed")
    that_day = introduce.model_copy(update={"introduced_on": TUESDAY})
    given(*ALL_READY, on_tuesday).when(that_day, at=at(9)).then(
        introduced.model_copy(update={"introduced_on": TUESDAY})
    )
    given(*ALL_READY, on_tuesday, prepared_later).when(introduce, at=at(9)).then_rejected("not-welcomed")


def test_the_plan_is_introduced_once() -> None:
    given(*ALL_READY, welcomed, introduced).when(introduce, at=at(8)).then_nothing()


def test_another_first_day_after_the_welcome_leaves_the_hire_welcomed() -> None:
    given(prepared, headset, gift, welcomed, prepared_later).when(introduce, at=at(8)).then(introduced)


def test_nobody_is_welcomed_to_a_stopped_journey() -> None:
    given(*ALL_READY).when(welcome_hire, at=at(8), **STOPPED).then_rejected("journey-stopped")
    given(*ALL_READY, welcomed).when(introduce, at=at(8), **STOPPED).then_rejected("journey-stopped")
    given(*ALL_READY, welcomed).when(welcome_hire, at=at(8), **STOPPED).then_nothing()
    given(*ALL_READY, welcomed, introduced).when(introduce, at=at(8), **STOPPED).then_nothing()


def test_what_has_not_happened_is_not_told() -> None:
    given(*ALL_READY).when(welcome_hire, at=at(7)).then_rejected("in-the-future")
    given(*ALL_READY, welcomed).when(introduce, at=at(7)).then_rejected("in-the-future")


@pytest.mark.parametrize("command", [ready("headset"), reopen("headset"), flag, welcome_hire, introduce])
def test_nobody_is_welcomed_who_is_not_expected(command: Any) -> None:
    given().when(command).then_rejected("unknown-welcome")


@pytest.mark.parametrize("command", [ready("headset"), reopen("headset"), welcome_hire, introduce])
def test_who_asks_before_the_policy_has_prepared_the_welcome_is_told_to_ask_again(command: Any) -> None:
    told = given().when(command).rejected
    assert told is not None
    assert told.reason == command.refused["unknown-welcome"]
    assert "ask again" in told.reason


def test_a_person_has_one_welcome_stream() -> None:
    assert welcome.stream(prepare) == f"onboarding.welcome-{AINO}"
