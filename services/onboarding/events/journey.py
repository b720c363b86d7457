"""What can have happened on the way from the first day to own contacts; within a stage: see stage.py."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.onboarding.events.shapes import PACE, RATING, KitItem, Stage
from services.onboarding.events.stage import StageEvent
from shared.core.event import Event, Personal, Shape
from shared.core.types import Instant


class Support(Shape):
    """Who sits beside the new person at the first contact, and when."""

    supporter_id: UUID
    supporter_team_id: UUID
    starts_at: Instant


class JourneyStarted(Event, name="onboarding.journey-started"):
    """A person has an onboarding plan of their own: the template as it was published, from a day on."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    template_id: UUID
    template_version: int
    role_code: str
    final_goal: str
    starts_on: date
    supervisor_id: UUID
    preview_waived: bool
    pace: Annotated[int, PACE]
    credited: tuple[str, ...]
    kit: tuple[KitItem, ...]
    stages: tuple[Stage, ...]


class StartMoved(Event, name="onboarding.start-moved"):
    """The first day is another one than was agreed."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    starts_on: date
    final_goal: str
    kit: tuple[KitItem, ...]


class JourneyMoved(Event, name="onboarding.journey-moved"):
    """The journey goes on in another team, because the person moved there."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    seq: int


class FirstContactSupportArranged(Event, name="onboarding.first-contact-support-arranged"):
    """Somebody will sit beside the new person at the first contact; an earlier arrangement is replaced."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    supporter_id: UUID
    supporter_team_id: UUID
    starts_at: Instant
    minutes: int
    previous: Support | None = None


class JourneyCompleted(Event, name="onboarding.journey-completed"):
    """The last stage is done: the person knows the job."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    role_code: str
    completed_on: date
    working_days: int


class JourneyReviewed(Event, name="onboarding.journey-reviewed"):
    """The new person, or the supervisor, has said how the onboarding went."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    side: str
    rating: Annotated[int, RATING]
    went_well: Annotated[str | None, Personal("person_id")]
    suggestion: Annotated[str | None, Personal("person_id")] = None


class ReviewAsked(Event, name="onboarding.review-asked"):
    """The new person was asked how the onboarding went, some days after its end."""

    person_id: UUID
    team_id: UUID
    journey_no: int


class JourneyStopped(Event, name="onboarding.journey-stopped"):
    """The journey ended before its goal; first contact support that still lies ahead is not needed any more."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str | None = None
    reason: Annotated[str | None, Personal("person_id")]
    on: date
    support: Support | None = None


JourneyEvent = (
    JourneyStarted
    | StartMoved
    | JourneyMoved
    | FirstContactSupportArranged
    | JourneyCompleted
    | JourneyReviewed
    | ReviewAsked
    | JourneyStopped
    | StageEvent
)
