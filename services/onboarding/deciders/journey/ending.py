"""How the onboarding went, asked and told; and a journey that ends before its goal."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.journey.state import (
    NOT_UNDERWAY,
    Completed,
    Course,
    Journey,
    NotStarted,
    Review,
    Stopped,
    Underway,
    Waiting,
    course_of,
    not_underway,
)
from services.onboarding.deciders.person import Left, Person
from services.onboarding.events.journey import JourneyEvent, JourneyReviewed, JourneyStopped, ReviewAsked, Support
from services.onboarding.events.shapes import RATING
from shared.core.decider import Asked, Command, Rejected, Seen, example, if_unknown
from shared.core.event import Personal
from shared.core.types import Day, Text1000


class ReviewJourney(Command):
    """Say how the onboarding went, as the hire or as the supervisor; said anew, the newest counts."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        side="hire",
        rating=4,
        went_well="There was always somebody to ask.",
        suggestion="Show the search on the first day already.",
    )
    refused = if_unknown("journey") | {
        "side-mismatch": "the hire reviews as the hire, everybody else as the supervisor",
        "too-early": "there is something to review once a stage is completed",
    }
    person_id: UUID
    side: Literal["hire", "supervisor"]
    rating: Annotated[int, Field(ge=1, le=5), RATING]
    went_well: Annotated[Text1000, Personal("person_id")]
    suggestion: Annotated[Text1000 | None, Personal("person_id")] = None


class AskReview(Command):
    """Ask the hire how the onboarding went, unless it was told."""

    model_config = example(person_id="0195b1c0-0000-7000-8000-000000000001", journey_no=1)
    refused = if_unknown("journey")
    person_id: UUID
    journey_no: int


class StopJourney(Command):
    """End a journey before its goal."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        reason="role-changed",
        on="2027-04-30",
    )
    refused = NOT_UNDERWAY
    person_id: UUID
    reason: Annotated[Literal["left", "not-suitable", "role-changed", "other"], Personal("person_id")]
    on: Day


def review_journey(command: ReviewJourney, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    course = course_of(journey)
    if course.reviews.get(command.side) == Review(command.rating, command.went_well, command.suggestion):
        return []
    if isinstance(journey, Waiting | Underway) and not course.completed:
        raise Rejected("too-early", "there is something to review once a stage is completed")
    if (command.side == "hire") != (asked.actor == str(command.person_id)):
        raise Rejected("side-mismatch", "the hire reviews as the hire, everybody else as the supervisor")
    return [
        JourneyReviewed(
            **course.fields,
            side=command.side,
            rating=command.rating,
            went_well=command.went_well,
            suggestion=command.suggestion,
        )
    ]


def ask_review(command: AskReview, journey: Journey, seen: Seen, asked: Asked) -> Sequence[JourneyEvent]:
    course = course_of(journey)
    if not isinstance(journey, Completed) or course.journey_no != command.journey_no:
        return []
    if isinstance(seen.person, Left) and seen.person.last_day < asked.day:
        return []
    if course.review_asked or "hire" in course.reviews:
        return []
    return [ReviewAsked(**course.fields)]


def stop_journey(command: StopJourney, journey: Journey, seen: Seen, asked: Asked) -> Sequence[JourneyEvent]:
    if not asked.by_person and not _leaves(seen.person, command.on):
        return []
    match journey:
        case Stopped():
            return []
        case NotStarted() | Completed():
            if asked.by_person:
                raise not_underway()
            return []
        case Waiting() | Underway():
            stage = journey.open.code if isinstance(journey, Underway) else None
            return [
                JourneyStopped(
                    **journey.course.fields,
                    stage=stage,
                    reason=command.reason,
                    on=command.on,
                    support=_still_ahead(journey.course, asked),
                )
            ]
        case _:
            assert_never(journey)


def _leaves(person: Person, last_day: date) -> bool:
    """A leaving that was taken back, or dated anew, stops nothing any more."""
    return isinstance(person, Left) and person.last_day == last_day


def _still_ahead(course: Course, asked: Asked) -> Support | None:
    arranged = course.support
    return arranged.support if arranged and arranged.support.starts_at > asked.at else None
