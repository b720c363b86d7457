"""How the onboarding went, and journeys that end before their goal."""

from datetime import date
from typing import Any

import pytest

from services.onboarding.deciders.journey import AskReview, ReviewJourney, StopJourney, journey
from services.onboarding.events.journey import JourneyEvent, JourneyReviewed, ReviewAsked
from services.onboarding.events.structure import PersonJoinedTeam, PersonLeft
from shared.testing.scenario import Scenario
from tests.onboarding.aino import (
    ALL_DONE,
    IN_BASICS,
    IN_FIRST_RESPONSE,
    journey_started,
    journey_stopped,
    support,
    support_arranged,
)
from tests.onboarding.plan import AINO, MONDAY, SANNA, TEAM, at

given = Scenario(journey).given

review = ReviewJourney(person_id=AINO, side="hire", rating=4, went_well="There was always somebody to ask.")
reviewed = JourneyReviewed(
    person_id=AINO,
    team_id=TEAM,
    journey_no=1,
    side="hire",
    rating=4,
    went_well="There was always somebody to ask.",
)
by_supervisor = review.model_copy(update={"side": "supervisor"})
reviewed_by_supervisor = reviewed.model_copy(update={"side": "supervisor"})


@pytest.mark.parametrize("history", [IN_FIRST_RESPONSE, ALL_DONE, (*IN_BASICS, journey_stopped)])
def test_both_sides_review_once_there_is_something_to_review(history: tuple[JourneyEvent, ...]) -> None:
    given(*history).when(review, at=at(12, month=4), actor=AINO).then(reviewed)
    given(*history).when(by_supervisor, at=at(12, month=4), actor=SANNA).then(reviewed_by_supervisor)


@pytest.mark.parametrize("history", [(journey_started,), IN_BASICS])
def test_before_a_stage_is_completed_it_is_too_early(history: tuple[JourneyEvent, ...]) -> None:
    given(*history).when(review, at=at(9), actor=AINO).then_rejected("too-early")


def test_each_side_speaks_for_itself() -> None:
    given(*ALL_DONE).when(review, at=at(12, month=4), actor=SANNA).then_rejected("side-mismatch")
    given(*ALL_DONE).when(by_supervisor, at=at(12, month=4), actor=AINO).then_rejected("side-mismatch")


def test_the_same_review_again_changes_nothing() -> None:
    given(*ALL_DONE, reviewed).when(review, at=at(13, month=4), actor=AINO).then_nothing()
    given(*ALL_DONE, reviewed).when(by_supervisor, at=at(13, month=4), actor=SANNA).then(reviewed_by_supervisor)


def test_another_review_is_given_anew() -> None:
    better = review.model_copy(update={"rating": 5, "suggestion": "Show the search first."})
    expected = reviewed.model_copy(update={"rating": 5, "suggestion": "Show the search first."})
    given(*ALL_DONE, reviewed).when(better, at=at(13, month=4), actor=AINO).then(expected)


def test_a_new_journey_is_reviewed_for_itself() -> None:
    second = journey_started.model_copy(update={"journey_no": 2})
    stopped = journey_stopped.model_copy(update={"journey_no": 2, "stage": None})
    expected = reviewed.model_copy(update={"journey_no": 2})
    given(*ALL_DONE, reviewed, second, stopped).when(review, at=at(30, month=4), actor=AINO).then(expected)


joined = PersonJoinedTeam(person_id=AINO, team_id=TEAM, display_name="Aino", role_code="agent", joined_on=MONDAY)
left = PersonLeft(person_id=AINO, team_id=TEAM, last_day=date(2027, 3, 31), reason="own-choice")
ask = AskReview(person_id=AINO, journey_no=1)
review_asked = ReviewAsked(person_id=AINO, team_id=TEAM, journey_no=1)


def test_the_hire_is_asked_after_the_end() -> None:
    given(*ALL_DONE).when(ask, at=at(12, 18, month=4), by="deadline").then(review_asked)
    given(*ALL_DONE, reviewed_by_supervisor).when(ask, at=at(12, 18, month=4), by="deadline").then(review_asked)


@pytest.mark.parametrize(
    "history",
    [
        (*ALL_DONE, reviewed),
        (*ALL_DONE, review_asked),
        (*ALL_DONE, journey_started.model_copy(update={"journey_no": 2})),
        IN_FIRST_RESPONSE,
    ],
)
def test_the_hire_is_asked_once_and_only_when_it_is_still_open(history: tuple[JourneyEvent, ...]) -> None:
    given(*history).when(ask, at=at(12, 18, month=4), by="deadline").then_nothing()


def test_who_has_left_by_then_is_not_asked() -> None:
    after_the_end = left.model_copy(update={"last_day": date(2027, 4, 9)})
    asked_then: dict[str, Any] = {"at": at(12, 18, month=4), "by": "deadline"}
    given(*ALL_DONE).when(ask, **asked_then, person=[joined, after_the_end]).then_nothing()
    given(*ALL_DONE).when(ask, **asked_then, person=[joined, after_the_end, joined]).then(review_asked)
    on_the_day = left.model_copy(update={"last_day": date(2027, 4, 12)})
    given(*ALL_DONE).when(ask, **asked_then, person=[joined, on_the_day]).then(review_asked)


def test_another_journey_is_not_asked_about() -> None:
    other = AskReview(person_id=AINO, journey_no=2)
    given(*ALL_DONE).when(other, at=at(12, 18, month=4), by="deadline").then_nothing()


stop = StopJourney(person_id=AINO, reason="left", on=date(2027, 3, 31))


def test_a_journey_stops_in_its_open_stage() -> None:
    given(*IN_BASICS).when(stop, at=at(10)).then(journey_stopped)
    given(*IN_BASICS).when(stop, at=at(10), by="policy", person=[joined, left]).then(journey_stopped)


def test_a_journey_stops_before_its_first_stage() -> None:
    given(journey_started).when(stop, at=at(5)).then(journey_stopped.model_copy(update={"stage": None}))


def test_support_that_is_still_ahead_is_told_to_be_needless() -> None:
    given(*IN_BASICS, support_arranged).when(stop, at=at(8)).then(
        journey_stopped.model_copy(update={"support": support})
    )
    given(*IN_BASICS, support_arranged).when(stop, at=at(10)).then(journey_stopped)


def test_stopping_twice_changes_nothing() -> None:
    given(*IN_BASICS, journey_stopped).when(stop, at=at(10)).then_nothing()


def test_what_is_not_open_is_not_stopped() -> None:
    given().when(stop).then_rejected("not-underway")
    given(*ALL_DONE).when(stop, at=at(3, month=4)).then_rejected("not-underway")
    given().when(stop, by="policy", person=[joined, left]).then_nothing()
    given(*ALL_DONE).when(stop, at=at(3, month=4), by="policy", person=[joined, left]).then_nothing()


def test_a_leaving_that_was_taken_back_does_not_stop_the_next_journey() -> None:
    next_one = (*ALL_DONE, journey_started.model_copy(update={"journey_no": 2}))
    given(*next_one).when(stop, at=at(5, month=4), by="policy", person=[joined, left, joined]).then_nothing()
    dated_anew = left.model_copy(update={"last_day": date(2027, 4, 30)})
    leaves_later = [joined, left, joined, dated_anew]
    given(*next_one).when(stop, at=at(5, month=4), by="policy", person=leaves_later).then_nothing()
    stop_later = stop.model_copy(update={"on": date(2027, 4, 30)})
    stopped = journey_stopped.model_copy(update={"journey_no": 2, "stage": None, "on": date(2027, 4, 30)})
    given(*next_one).when(stop_later, at=at(5, month=4), by="policy", person=leaves_later).then(stopped)


@pytest.mark.parametrize("command", [review, ask])
def test_nothing_is_asked_about_a_journey_that_never_started(command: Any) -> None:
    given().when(command).then_rejected("unknown-journey")
