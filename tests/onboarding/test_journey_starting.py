"""Starting a journey, moving its first day, following the person, opening the first stage."""

from datetime import date
from typing import Any

import pytest

from services.onboarding.deciders.journey import (
    StartJourney,
    journey,
)
from services.onboarding.events.preview import PreviewAcknowledged, PreviewShown
from services.onboarding.events.structure import PersonJoinedTeam, PersonLeft, PersonMovedTeam
from services.onboarding.events.template import TemplateRetired
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    IN_BASICS,
    journey_started,
    journey_stopped,
    start_moved,
)
from tests.onboarding.plan import (
    AINO,
    CANDIDATE,
    MONDAY,
    OTHER_TEAM,
    SANNA,
    TEAM,
    TEMPLATE,
    at,
    changed,
    template_drafted,
    template_published,
)

given = Scenario(journey).given

joined = PersonJoinedTeam(person_id=AINO, team_id=TEAM, display_name="Aino", role_code="agent", joined_on=MONDAY)
moved = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=OTHER_TEAM, from_day=date(2027, 3, 1))
left = PersonLeft(person_id=AINO, team_id=TEAM, last_day=date(2027, 3, 31), reason="own-choice")
shown = PreviewShown(
    candidate_id=CANDIDATE,
    material_id=TEMPLATE,
    version=1,
    role_code="agent",
    measures=("on-time",),
    shown_on=date(2027, 3, 1),
)
shown_of_sales = shown.model_copy(update={"role_code": "chat-sales"})
acknowledged = PreviewAcknowledged(candidate_id=CANDIDATE, version=1, understood=("on-time",))

start = StartJourney(
    person_id=AINO, template_id=TEMPLATE, starts_on=MONDAY, supervisor_id=SANNA, candidate_id=CANDIDATE
)
SEEN: dict[str, Any] = {
    "person": [joined],
    "template": [template_drafted, template_published],
    "preview": [shown, acknowledged],
}
WITHOUT_PREVIEW: dict[str, Any] = {"person": [joined], "template": [template_drafted, template_published]}


def test_a_journey_keeps_the_template_as_it_was_published() -> None:
    given().when(start, at=at(2), **SEEN).then(journey_started)


def test_a_waiver_takes_the_place_of_the_preview() -> None:
    waived = changed(start, candidate_id=None, preview_waiver="Comes back after two years.")
    expected = journey_started.model_copy(update={"preview_waived": True})
    given().when(waived, at=at(2), **WITHOUT_PREVIEW).then(expected)


def test_nothing_is_waived_when_the_preview_was_acknowledged() -> None:
    both = changed(start, preview_waiver="To be sure.")
    given().when(both, at=at(2), **SEEN).then(journey_started)


def test_the_preview_of_another_job_is_waived_like_none() -> None:
    waived = changed(start, preview_waiver="Knows the work of the agents.")
    expected = journey_started.model_copy(update={"preview_waived": True})
    given().when(waived, at=at(2), **SEEN | {"preview": [shown_of_sales, acknowledged]}).then(expected)


def test_the_team_is_the_one_of_the_first_day() -> None:
    expected = journey_started.model_copy(update={"team_id": OTHER_TEAM, "starts_on": date(2027, 3, 15)})
    later = changed(start, starts_on=date(2027, 3, 15))
    moved_before = moved.model_copy(update={"from_day": date(2027, 3, 12)})
    given().when(later, at=at(2), **SEEN | {"person": [joined, moved_before]}).then(expected)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (SEEN | {"person": []}, "unknown-person"),
        (SEEN | {"person": [joined, left]}, "unknown-person"),
        (SEEN | {"template": []}, "template-unpublished"),
        (
            SEEN | {"template": [template_drafted, template_published, TemplateRetired(template_id=TEMPLATE)]},
            "template-unpublished",
        ),
        (SEEN | {"preview": []}, "preview-missing"),
        (SEEN | {"preview": [shown]}, "preview-missing"),
        (SEEN | {"preview": [shown_of_sales, acknowledged]}, "preview-missing"),
    ],
)
def test_a_journey_needs_a_person_a_plan_and_an_honest_preview(seen: dict[str, Any], code: str) -> None:
    given().when(start, at=at(2), **seen).then_rejected(code)


def test_without_a_candidate_and_a_waiver_the_preview_is_missing() -> None:
    given().when(changed(start, candidate_id=None), at=at(2), **WITHOUT_PREVIEW).then_rejected("preview-missing")


def test_a_journey_starts_a_week_ago_at_the_earliest() -> None:
    given().when(start, at=at(15), **SEEN).then(journey_started)
    given().when(start, at=at(16), **SEEN).then_rejected("starts-in-past")


def test_stages_known_from_before_are_credited_in_the_order_of_the_plan() -> None:
    again = changed(start, credited=("first-response", "basics"))
    expected = journey_started.model_copy(update={"credited": ("basics", "first-response")})
    given().when(again, at=at(2), **SEEN).then(expected)


def test_only_stages_of_the_plan_are_credited() -> None:
    given().when(changed(start, credited=("sales",)), at=at(2), **SEEN).then_rejected("stage-unknown")


def test_something_is_left_to_be_onboarded_to() -> None:
    everything = changed(start, credited=("basics", "first-response", "billing"))
    given().when(everything, at=at(2), **SEEN).then_rejected("nothing-left")


def test_starting_twice_with_the_same_fields_changes_nothing() -> None:
    given(journey_started).when(start, at=at(2), **SEEN).then_nothing()
    given(*IN_BASICS).when(start, at=at(9), **SEEN).then_nothing()
    given(*ALL_DONE).when(start, at=at(9, month=4), **SEEN).then_nothing()


def test_starting_again_after_the_first_day_was_moved_changes_nothing() -> None:
    given(journey_started, start_moved).when(start, at=at(2), **SEEN).then_nothing()


def test_a_person_has_one_open_journey() -> None:
    slower = changed(start, pace=60)
    given(journey_started).when(slower, at=at(2), **SEEN).then_rejected("journey-open")
    given(*IN_BASICS).when(slower, at=at(9), **SEEN).then_rejected("journey-open")


def test_a_new_role_is_a_new_journey_after_the_first_is_completed() -> None:
    anew = changed(start, starts_on=date(2027, 6, 7))
    expected = journey_started.model_copy(update={"journey_no": 2, "starts_on": date(2027, 6, 7)})
    given(*ALL_DONE).when(anew, at=at(1, month=6), **SEEN).then(expected)


def test_a_stopped_journey_may_be_started_again_with_the_same_fields() -> None:
    expected = journey_started.model_copy(update={"journey_no": 2})
    given(*IN_BASICS, journey_stopped).when(start, at=at(9), **SEEN).then(expected)


def test_all_journeys_of_a_person_are_one_stream() -> None:
    assert journey.stream(start) == f"onboarding.journey-{AINO}"
