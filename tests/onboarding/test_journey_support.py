"""Who sits beside the hire at the first contact."""

from datetime import timedelta

from services.onboarding.deciders.journey import (
    ArrangeFirstContactSupport,
    journey,
)
from shared.testing.scenario import Scenario
from tests.onboarding.aino import ALL_DONE, IN_BASICS, journey_started, journey_stopped, support, support_arranged
from tests.onboarding.plan import AINO, OTHER_TEAM, SANNA, TEAM, TUULA, at, changed

given = Scenario(journey).given

arrange = ArrangeFirstContactSupport(
    person_id=AINO, supporter_id=TUULA, supporter_team_id=TEAM, starts_at=at(9, 13), minutes=120
)


def test_support_is_arranged_before_the_first_day_or_after_it() -> None:
    given(journey_started).when(arrange, at=at(5)).then(support_arranged)
    given(*IN_BASICS).when(arrange, at=at(8)).then(support_arranged)


def test_arranging_the_same_support_again_changes_nothing() -> None:
    given(*IN_BASICS, support_arranged).when(arrange, at=at(8)).then_nothing()
    given(*ALL_DONE).when(arrange, at=at(3, month=4)).then_nothing()


def test_another_arrangement_tells_the_one_it_replaces() -> None:
    sanna = changed(arrange, supporter_id=SANNA, supporter_team_id=OTHER_TEAM, starts_at=at(10, 9))
    arranged = support_arranged.model_copy(
        update={
            "supporter_id": SANNA,
            "supporter_team_id": OTHER_TEAM,
            "starts_at": at(10, 9),
            "previous": support,
        }
    )
    given(*IN_BASICS, support_arranged).when(sanna, at=at(8)).then(arranged)


def test_only_other_minutes_are_another_arrangement_too() -> None:
    longer = support_arranged.model_copy(update={"minutes": 180, "previous": support})
    given(*IN_BASICS, support_arranged).when(changed(arrange, minutes=180), at=at(8)).then(longer)


def test_the_hire_does_not_support_the_hire() -> None:
    given(*IN_BASICS).when(changed(arrange, supporter_id=AINO), at=at(8)).then_rejected("supporter-is-hire")


def test_support_is_arranged_for_a_time_to_come_within_half_a_year() -> None:
    given(*IN_BASICS).when(arrange, at=at(9, 14)).then_rejected("in-the-past")
    last = at(8) + timedelta(weeks=26)
    arranged = support_arranged.model_copy(update={"starts_at": last})
    given(*IN_BASICS).when(changed(arrange, starts_at=last), at=at(8)).then(arranged)
    after = changed(arrange, starts_at=last + timedelta(minutes=1))
    given(*IN_BASICS).when(after, at=at(8)).then_rejected("beyond-horizon")


def test_support_is_for_an_open_journey() -> None:
    given().when(arrange).then_rejected("unknown-journey")
    given(*IN_BASICS, journey_stopped).when(arrange, at=at(8)).then_rejected("not-underway")
