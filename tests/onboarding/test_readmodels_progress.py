"""How far every hire is: one row a person, from five streams."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.onboarding.readmodels import onboarding_progress
from services.onboarding.readmodels.journeys import Journey
from services.onboarding.readmodels.onboarding_progress import Arrival, Hire, ProgressRecord
from shared.core.event import Event
from shared.testing.interleavings import folded, history
from tests.onboarding.aino import BASICS_DONE, IN_BASICS, contact_taken, journey_started, journey_stopped
from tests.onboarding.histories import (
    JOURNEY_EVENTS,
    JOURNEY_STREAM,
    ONNI_JOURNEY,
    WELCOME_STREAM,
    contact_voided,
    gift_readied,
    gift_reopened,
    headset_readied,
    hire_welcomed,
    journey_moved,
    listened_voided,
    plan_introduced,
    prepared_anew,
    prepared_for_later,
    replanned,
    stage_tailored,
    stalled,
    start_moved,
    welcome_prepared,
)
from tests.onboarding.organisation import AINO_STREAM, ONNI, ONNI_STREAM, TEAM_STREAM
from tests.onboarding.plan import (
    AINO,
    CONTACT,
    EXAM,
    GOAL,
    LISTENED,
    MONDAY,
    OTHER_TEAM,
    RETAKE,
    SANNA,
    SESSION,
    TEAM,
    TEMPLATE,
    TUESDAY,
    TUULA,
    at,
)
from tests.services.reading import Reading

STREAM = f"onboarding.journey-{AINO}"
WAITING = Journey(
    person_id=AINO,
    journey_no=1,
    team_then=TEAM,
    template_id=TEMPLATE,
    template_version=1,
    starts_on=MONDAY,
    final_goal=GOAL,
    stages_total=3,
    pace=100,
    credited=(),
    state="waiting",
)
BASICS = replace(
    WAITING,
    state="underway",
    stage="basics",
    stage_title="Basics",
    stage_order=1,
    stage_due_on=date(2027, 3, 10),
    open_left=3,
)
COMPLETED = replace(
    WAITING,
    state="completed",
    stage="billing",
    stage_title="Billing",
    stage_order=3,
    stage_due_on=date(2027, 4, 9),
    open_left=0,
    supporter_id=TUULA,
    support_at=at(9, 13),
    unlocked=("data-change", "basic-enquiry", "billing"),
    hire_rating=4,
    supervisor_rating=5,
    review_asked=True,
)


def journey(*facts: Event) -> Journey:
    (found,) = folded(onboarding_progress.read_model, history(STREAM, *facts))[Journey].values()
    assert isinstance(found, Journey)
    return found


def test_a_journey_from_its_plan_to_its_reviews() -> None:
    assert journey(journey_started) == WAITING
    assert journey(*IN_BASICS) == BASICS
    assert journey(*JOURNEY_EVENTS) == COMPLETED


def test_a_journey_is_moved_in_time_and_to_another_team() -> None:
    assert journey(journey_started, start_moved) == replace(WAITING, starts_on=TUESDAY)
    assert journey(journey_started, journey_moved) == replace(WAITING, team_then=OTHER_TEAM)


def test_the_first_contact_and_the_same_taken_back() -> None:
    taken = replace(BASICS, first_contact_id=CONTACT, first_contact_on=TUESDAY, first_contact_day=2, in_time=True)
    assert journey(*IN_BASICS, contact_taken) == taken
    assert journey(*IN_BASICS, contact_taken, contact_voided) == BASICS
    assert journey(*IN_BASICS, contact_taken, contact_voided, contact_taken) == taken


@pytest.mark.parametrize(("fact", "left"), [(listened_voided, 2), (stage_tailored, 2), (contact_voided, 3)])
def test_what_is_left_open_is_as_told_last(fact: Event, left: int) -> None:
    assert journey(*IN_BASICS, fact).open_left == left


def test_a_stage_stalls_until_it_is_replanned_completed_or_stopped() -> None:
    late = (*IN_BASICS, stalled)
    assert journey(*late) == replace(BASICS, stalled=True)
    assert journey(*late, replanned) == replace(BASICS, stage_due_on=date(2027, 4, 9))
    assert not journey(*late, BASICS_DONE[-1]).stalled
    assert journey(*late, journey_stopped) == replace(BASICS, state="stopped")


def test_a_later_journey_takes_the_place_of_the_one_before() -> None:
    later = journey_started.model_copy(update={"journey_no": 2, "credited": ("basics",), "pace": 60})
    assert journey(*JOURNEY_EVENTS, later) == replace(WAITING, journey_no=2, credited=("basics",), pace=60)


def arrival(*facts: Event) -> Arrival:
    (found,) = folded(onboarding_progress.read_model, history("onboarding.welcome", *facts))[Arrival].values()
    assert isinstance(found, Arrival)
    return found


def test_the_kit_counts_down_and_up() -> None:
    assert arrival(welcome_prepared) == Arrival(AINO, 1, kit_left=3)
    assert arrival(welcome_prepared, headset_readied, gift_readied).kit_left == 1
    assert arrival(welcome_prepared, headset_readied, gift_readied, gift_reopened).kit_left == 2
    assert arrival(welcome_prepared, headset_readied, prepared_for_later).kit_left == 2, "what is ready stays so"
    welcomed = arrival(welcome_prepared, headset_readied, hire_welcomed, plan_introduced)
    assert (welcomed.welcomed_on, welcomed.introduced_on) == (MONDAY, MONDAY)
    assert arrival(welcome_prepared, headset_readied, hire_welcomed, prepared_anew) == Arrival(AINO, 2, kit_left=3)


def test_records_and_the_name_have_rows_of_their_own() -> None:
    rows = folded(onboarding_progress.read_model, JOURNEY_STREAM + AINO_STREAM)
    assert rows[Hire] == {AINO: Hire(AINO, "Aino")}
    records = rows[ProgressRecord]
    assert len(records) == 8
    version = next(n for n, fact in enumerate(JOURNEY_EVENTS, 1) if getattr(fact, "attempt_id", None) == EXAM)
    record = ProgressRecord(AINO, EXAM, journey_no=1, stage="first-response")
    assert records[AINO, EXAM] == replace(
        record, kind="check", code="systems", needs=("crm-search",), version=version, voided=True
    )
    coached = replace(record, record_id=SESSION, kind="coaching", code="talk")
    assert replace(records[AINO, SESSION], version=0) == coached
    assert records[AINO, LISTENED].kind == "monitoring"
    assert not records[AINO, RETAKE].voided


async def test_the_whole_row_is_answered(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, AINO_STREAM, WELCOME_STREAM, JOURNEY_STREAM)
    expected: dict[str, Any] = {
        "person_id": str(AINO),
        "display_name": "Aino",
        "team_id": str(TEAM),
        "journey_no": 1,
        "team_then": str(TEAM),
        "template_id": str(TEMPLATE),
        "template_version": 1,
        "starts_on": "2027-03-08",
        "final_goal": GOAL,
        "pace": 100,
        "credited": [],
        "kit_left": 0,
        "welcomed_on": "2027-03-08",
        "introduced_on": "2027-03-08",
        "state": "completed",
        "stage": "billing",
        "stage_title": "Billing",
        "stage_order": 3,
        "stages_total": 3,
        "stage_due_on": "2027-04-09",
        "open_left": 0,
        "stalled": False,
        "first_contact_on": None,
        "first_contact_day": None,
        "in_time": None,
        "supporter_id": str(TUULA),
        "support_at": "2027-03-09T11:00:00Z",
        "unlocked": ["data-change", "basic-enquiry", "billing"],
        "needs": ["systems"],
        "coached": 2,
        "monitored": 3,
        "hire_rating": 4,
        "supervisor_rating": 5,
        "review_asked": True,
    }
    assert await reading.item("onboarding-progress", "A", AINO) == expected


async def test_a_welcome_of_another_journey_is_not_shown(reading: Reading) -> None:
    anew = history(f"onboarding.welcome-{AINO}", welcome_prepared, hire_welcomed, prepared_anew)
    await reading.told(TEAM_STREAM, AINO_STREAM, anew, history(STREAM, *IN_BASICS))
    found = await reading.item("onboarding-progress")
    assert (found["kit_left"], found["welcomed_on"]) == (None, None)


async def test_progress_is_filtered(reading: Reading) -> None:
    late = history(STREAM, *IN_BASICS, stalled)
    await reading.told(TEAM_STREAM, AINO_STREAM, ONNI_STREAM, late, ONNI_JOURNEY)
    assert (await reading.item("onboarding-progress", state="stopped"))["person_id"] == str(ONNI)
    assert (await reading.item("onboarding-progress", stalled=True))["person_id"] == str(AINO)
    assert len(await reading.items("onboarding-progress", team_id=TEAM)) == 2
    assert await reading.items("onboarding-progress", team_id=OTHER_TEAM) == []


async def test_supervisors_see_their_teams_and_hires_themselves(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, AINO_STREAM, ONNI_STREAM, JOURNEY_STREAM, ONNI_JOURNEY)
    assert len(await reading.items("onboarding-progress", "S", SANNA)) == 2
    assert (await reading.item("onboarding-progress", "A", ONNI))["needs"] == ["crm-search"]
    assert await reading.items("onboarding-progress", "S", TEMPLATE) == []
    reading.it_is(at(1, month=4))
    assert [each["person_id"] for each in await reading.items("onboarding-progress")] == [str(AINO)], "Onni left"
