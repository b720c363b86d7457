"""What has to be ready for whom, and who was welcomed."""

from datetime import date
from typing import Any

from services.onboarding.events.shapes import KitItem
from services.onboarding.readmodels import welcome_list
from services.onboarding.readmodels.welcome_list import Welcome
from shared.core.event import Event
from shared.testing.interleavings import folded, history
from tests.onboarding.histories import (
    WELCOME_STREAM,
    badge_readied,
    gift_missing,
    gift_readied,
    gift_reopened,
    headset_readied,
    hire_welcomed,
    last_readied,
    of_onni,
    prepared_anew,
    prepared_for_later,
    welcome_prepared,
)
from tests.onboarding.organisation import AINO_STREAM, ONNI, ONNI_STREAM, TEAM_STREAM
from tests.onboarding.plan import AINO, KIT, MONDAY, SANNA, TEAM, TUESDAY, at
from tests.services.reading import Reading

STREAM = f"onboarding.welcome-{AINO}"
THURSDAY = date(2027, 3, 4)


def welcome(*facts: Event) -> Welcome:
    (found,) = folded(welcome_list.read_model, history(STREAM, *facts, at=at(4)))[Welcome].values()
    assert isinstance(found, Welcome)
    return found


def test_the_whole_welcome() -> None:
    assert folded(welcome_list.read_model, WELCOME_STREAM)[Welcome][AINO] == Welcome(
        person_id=AINO,
        journey_no=1,
        starts_on=MONDAY,
        kit=KIT,
        readied={"headset": THURSDAY, "gift": THURSDAY, "badge": THURSDAY},
        flagged=(),
        welcomed_on=MONDAY,
        introduced_on=MONDAY,
    )


def test_an_item_is_ticked_and_the_tick_taken_back() -> None:
    assert welcome(welcome_prepared, gift_readied).readied == {"gift": THURSDAY}
    assert welcome(welcome_prepared, gift_readied, gift_reopened).readied == {}


def test_what_is_missing_stays_flagged_until_it_is_ready() -> None:
    assert welcome(welcome_prepared, gift_missing).flagged == ("gift",)
    assert welcome(welcome_prepared, gift_missing, badge_readied).flagged == ("gift",)
    assert welcome(welcome_prepared, gift_missing, last_readied).flagged == ()


def test_another_first_day_keeps_what_is_ready() -> None:
    later = welcome(welcome_prepared, headset_readied, gift_missing, prepared_for_later)
    assert (later.starts_on, later.readied, later.flagged) == (TUESDAY, {"headset": THURSDAY}, ())


def test_another_journey_starts_the_story_again() -> None:
    assert welcome(welcome_prepared, headset_readied, hire_welcomed, prepared_anew) == welcome(prepared_anew)


def line(code: str, **changed: Any) -> dict[str, Any]:
    item: KitItem = next(each for each in KIT if each.code == code)
    return {
        "person_id": str(AINO),
        "item": code,
        "team_id": str(TEAM),
        "kind": item.kind,
        "title": item.title,
        "needed_by_day": item.needed_by_day,
        "ready": False,
        "readied_on": None,
        "starts_on": "2027-03-08",
        "missing_flagged": False,
        "welcomed_on": None,
        "introduced_on": None,
        **changed,
    }


async def test_the_list_has_a_line_for_each_item(reading: Reading) -> None:
    facts = history(STREAM, welcome_prepared, headset_readied, gift_missing, hire_welcomed, at=at(4))
    await reading.told(TEAM_STREAM, AINO_STREAM, facts)
    assert await reading.items("welcome-list", "S", SANNA) == [
        line("badge", welcomed_on="2027-03-08"),
        line("gift", welcomed_on="2027-03-08", missing_flagged=True),
        line("headset", welcomed_on="2027-03-08", ready=True, readied_on="2027-03-04"),
    ]


async def test_the_list_is_filtered(reading: Reading) -> None:
    onnis = history(f"onboarding.welcome-{ONNI}", *of_onni(prepared_for_later))
    await reading.told(TEAM_STREAM, AINO_STREAM, ONNI_STREAM, onnis, history(STREAM, welcome_prepared, gift_readied))
    assert (await reading.item("welcome-list", ready=True))["item"] == "gift"
    assert len(await reading.items("welcome-list", ready=False)) == 5
    assert {each["person_id"] for each in await reading.items("welcome-list", starts_from=TUESDAY)} == {str(ONNI)}
    assert len(await reading.items("welcome-list", team_id=TEAM)) == 6


async def test_pages_follow_one_another_over_the_items(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, AINO_STREAM, history(STREAM, welcome_prepared))
    first = (await reading.get("welcome-list", limit=2)).json()
    assert [each["item"] for each in first["items"]] == ["badge", "gift"]
    cursor = first["next"].partition("after=")[2]
    rest = (await reading.get("welcome-list", limit=2, after=cursor)).json()
    assert ([each["item"] for each in rest["items"]], rest["next"]) == (["headset"], None)


async def test_only_those_who_prepare_see_the_list(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, AINO_STREAM, WELCOME_STREAM)
    for role in "ATPMNC":
        assert (await reading.get("welcome-list", role, AINO)).status_code == 404
    assert (await reading.get("welcome-list", "S", ONNI, team_id=TEAM)).status_code == 404


async def test_who_left_is_expected_no_more(reading: Reading) -> None:
    onnis = history(f"onboarding.welcome-{ONNI}", *of_onni(welcome_prepared))
    await reading.told(TEAM_STREAM, ONNI_STREAM, onnis)
    assert len(await reading.items("welcome-list")) == 3
    reading.it_is(at(1, month=4))
    assert await reading.items("welcome-list") == []
