"""What the description shows fits together: whoever sends the examples in this order is refused nothing."""

from datetime import date

import pytest

from services.onboarding.policies import POLICIES
from services.onboarding.service import service
from shared.web.examples import WRITTEN_ON
from tests.services.play import Play
from tests.services.shown import A_WEEK, shown, tried

AINO, SANNA = "0195b1c0-0000-7000-8000-000000000001", "0195b1c0-0000-7000-8000-000000000002"

TEAM = "form-team appoint-supervisor appoint-deputy join-team"
PREVIEW = "publish-material show-preview acknowledge-preview"
STARTED = f"{TEAM} {PREVIEW} draft-template publish-template start-journey"
INTRODUCED = f"{STARTED} ready-kit-item welcome-hire introduce-plan"
BASICS = f"{INTRODUCED} arrange-first-contact-support record-first-contact record-monitoring record-check"
WHOLE = f"{BASICS} replan-stage record-coaching sign-off-stage review-journey"
ASIDE = (
    f"{STARTED} move-start ready-kit-item reopen-kit-item stop-journey retire-template",
    f"{BASICS} tailor-stage void-record change-role record-leaving",
    f"{PREVIEW} withdraw-candidate retire-material",
    f"{TEAM} rename-team disband-team",
)
TO_ANOTHER_TEAM = {"move-to-team"}


def playing() -> Play:
    return Play(service.deciders, POLICIES, SANNA)


def play(steps: str, day: date = WRITTEN_ON, on: Play | None = None) -> dict[str, list[str]]:
    return tried(on or playing(), service.name, steps, {"review-journey": AINO}, day)


@pytest.mark.parametrize("day", A_WEEK, ids=str)
def test_a_hire_is_led_to_own_contacts_on_any_day_of_the_week(day: date) -> None:
    told = play(WHOLE, day)
    assert [step for step, facts in told.items() if not facts] == []
    assert told["record-check"] == ["CheckPassed", "StageCompleted", "StageStarted"]
    assert told["sign-off-stage"][-1] == "JourneyCompleted"


@pytest.mark.parametrize("steps", ASIDE)
def test_what_else_may_be_asked_on_the_way(steps: str) -> None:
    assert [step for step, facts in play(steps).items() if not facts] == []


def test_every_example_is_tried() -> None:
    steps = {step for way in (WHOLE, *ASIDE) for step in way.split()}
    assert steps | TO_ANOTHER_TEAM == set(shown(service.name))


@pytest.mark.parametrize("day", A_WEEK, ids=str)
def test_the_first_stage_is_not_overdue_when_it_opens(day: date) -> None:
    playing_on = playing()
    play(INTRODUCED, day, playing_on)
    assert playing_on.newest(f"onboarding.journey-{AINO}", "StageStarted").due_on > day


def test_nobody_is_introduced_to_the_plan_before_the_first_day() -> None:
    told = {step: dict(command) for step, command in shown(service.name).items()}
    starts_on = told["start-journey"]["starts_on"]
    assert told["join-team"]["joined_on"] == starts_on
    assert starts_on <= told["welcome-hire"]["welcomed_on"] <= told["introduce-plan"]["introduced_on"]
