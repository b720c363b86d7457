"""What can have happened while a new person is being expected: the kit, the welcome, the plan gone through."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.onboarding.events.shapes import KitItem
from shared.core.event import Event, Personal


class WelcomePrepared(Event, name="onboarding.welcome-prepared"):
    """It is known what must be ready for the new person, and by when."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    starts_on: date
    final_goal: str
    kit: tuple[KitItem, ...]
    seq: int


class KitItemReadied(Event, name="onboarding.kit-item-readied"):
    """One thing of the welcome kit is ready; `left` are still to be readied."""

    person_id: UUID
    team_id: UUID
    item: str
    left: int


class KitItemReopened(Event, name="onboarding.kit-item-reopened"):
    """A thing that was ticked as ready is not ready after all."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    item: str
    left: int
    starts_on: date
    reason: str | None = None


class KitCompleted(Event, name="onboarding.kit-completed"):
    """Everything of the welcome kit is ready."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    completed_on: date


class KitFoundIncomplete(Event, name="onboarding.kit-found-incomplete"):
    """The day before arrival something the new person needs on arriving was still missing."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    missing: tuple[str, ...]


class HireWelcomed(Event, name="onboarding.hire-welcomed"):
    """The new person has arrived and was welcomed; `missing` was knowingly not ready."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    welcomed_on: date
    missing: tuple[str, ...]


class PlanIntroduced(Event, name="onboarding.plan-introduced"):
    """The onboarding plan and its final goal were gone through with the new person."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    introduced_on: date
    final_goal: str
    expectations: Annotated[str | None, Personal("person_id")] = None


WelcomeEvent = (
    WelcomePrepared
    | KitItemReadied
    | KitItemReopened
    | KitCompleted
    | KitFoundIncomplete
    | HireWelcomed
    | PlanIntroduced
)
