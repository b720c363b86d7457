"""The first own contact: who sits beside the hire, and when it was taken."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.journey.following import stretched, with_what_follows
from services.onboarding.deciders.journey.records import RECORDING_REFUSED, place_of
from services.onboarding.deciders.journey.state import (
    NO_JOURNEY_UNDERWAY,
    Arranged,
    Course,
    Journey,
    Underway,
    Waiting,
    course_of,
    not_underway,
)
from services.onboarding.events.journey import FirstContactSupportArranged, JourneyEvent, Support
from services.onboarding.events.stage import FirstContactTaken
from shared.core.calendar import DAY, working_days
from shared.core.decider import Asked, Command, Rejected, example
from shared.core.types import Code, Instant

HORIZON = timedelta(weeks=26)


class ArrangeFirstContactSupport(Command):
    """Name somebody who sits beside the hire at the first contact; asked anew, it is arranged anew."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        supporter_id="0195b1c0-0000-7000-8000-000000000003",
        supporter_team_id="0195b1c0-0000-7000-8000-0000000000b1",
        starts_at="2027-03-02T13:00:00+02:00",
        minutes=120,
    )
    refused = NO_JOURNEY_UNDERWAY | {
        "beyond-horizon": "nothing is booked more than 26 weeks ahead",
        "in-the-past": "support is arranged for a time to come",
        "supporter-is-hire": "somebody else sits beside the hire",
    }
    person_id: UUID
    supporter_id: UUID
    supporter_team_id: UUID
    starts_at: Instant
    minutes: Annotated[int, Field(ge=30, le=480)]


class RecordFirstContact(Command):
    """Tell that the hire has taken the first own contact, and who gave support."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        contact_id="0195b1c0-0000-7000-8000-0000000000d1",
        contact_type="data-change",
        taken_at="2027-02-26T13:10:00+02:00",
        supported_by="0195b1c0-0000-7000-8000-000000000003",
    )
    refused = RECORDING_REFUSED | {
        "contact-type-locked": "this type of contact is not open in the stage yet",
        "in-the-future": "the contact has not been taken yet",
        "support-missing": "nobody was arranged to sit beside the hire",
        "supporter-is-hire": "somebody else sits beside the hire",
    }
    person_id: UUID
    contact_id: UUID
    contact_type: Code
    taken_at: Instant
    supported_by: UUID


def arrange_first_contact_support(
    command: ArrangeFirstContactSupport, journey: Journey, asked: Asked
) -> Sequence[JourneyEvent]:
    course = course_of(journey)
    before = course.support
    support = Support(
        supporter_id=command.supporter_id,
        supporter_team_id=command.supporter_team_id,
        starts_at=command.starts_at,
    )
    if before == Arranged(support, command.minutes):
        return []
    if not isinstance(journey, Waiting | Underway):
        raise not_underway()
    _refuse_hire(command.supporter_id, command.person_id)
    _refuse_unbookable(command.starts_at, asked)
    return [
        FirstContactSupportArranged(
            **course.fields,
            **dict(support),
            minutes=command.minutes,
            previous=before.support if before else None,
        )
    ]


def _refuse_hire(supporter_id: UUID, hire_id: UUID) -> None:
    if supporter_id == hire_id:
        raise Rejected("supporter-is-hire", "somebody else sits beside the hire")


def _refuse_unbookable(starts_at: datetime, asked: Asked) -> None:
    if starts_at < asked.at:
        raise Rejected("in-the-past", "support is arranged for a time to come")
    if starts_at > asked.at + HORIZON:
        raise Rejected("beyond-horizon", "nothing is booked more than 26 weeks ahead")


def record_first_contact(command: RecordFirstContact, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    if course_of(journey).first_contact is not None:
        return []
    here = place_of(command.contact_id, "first-contact", journey, asked)
    if here is None:
        return []
    if asked.actor == str(command.person_id) and here.course.support is None:
        raise Rejected("support-missing", "nobody was arranged to sit beside the hire")
    _refuse_hire(command.supported_by, command.person_id)
    if command.contact_type not in here.course.unlocked | set(here.stage.supported):
        raise Rejected("contact-type-locked", f"{command.contact_type} is not open in {here.open.code} yet")
    if command.taken_at > asked.at:
        raise Rejected("in-the-future", "the contact has not been taken yet")
    return with_what_follows(journey, [_taken(command, here)], asked.day)


def _taken(command: RecordFirstContact, here: Underway) -> FirstContactTaken:
    course = here.course
    day = _journey_day(course.begun_on or here.open.started_on, command.taken_at.date())
    return FirstContactTaken(
        **course.fields,
        stage=here.open.code,
        contact_id=command.contact_id,
        contact_type=command.contact_type,
        taken_at=command.taken_at,
        supported_by=command.supported_by,
        journey_day=day,
        in_time=_in_time(course, day),
    )


def _journey_day(first: date, contact: date) -> int:
    """Working days from the first one to the contact, both counted; a contact before them is on day 1."""
    return max(1, working_days(first - DAY, contact))


def _in_time(course: Course, day: int) -> bool | None:
    """None when no stage of this person dates the first contact."""
    dated = [stretched(by_day, course.start.pace) for by_day in _by_days(course)]
    return day <= min(dated) if dated else None


def _by_days(course: Course) -> Iterator[int]:
    """The days of the template that date the first contact, less the credited days before them."""
    credited_days = 0
    for stage in course.stages.values():
        if stage.code in course.credited:
            credited_days += stage.target_days
        elif stage.first_contact_by_day is not None:
            yield max(1, stage.first_contact_by_day - credited_days)
