"""What was done with the hire, counted once each: contacts followed, coaching; and a wrong record taken back."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.journey.following import met_on, with_what_follows
from services.onboarding.deciders.journey.state import (
    NO_JOURNEY_UNDERWAY,
    Course,
    Journey,
    Record,
    RecordKind,
    Underway,
    course_of,
    underway,
)
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.shapes import COACHING_FORM, COACHING_REF
from services.onboarding.events.stage import CoachingRecorded, MonitoringRecorded, RecordVoided
from shared.core.decider import Asked, Command, Rejected, example, if_unknown
from shared.core.event import Personal
from shared.core.replacing import replace
from shared.core.types import Code, Day, Text300, Text600

KNOWN_OTHERWISE = {"record-exists": "a record of another kind has this id"}
RECORDING_REFUSED = NO_JOURNEY_UNDERWAY | KNOWN_OTHERWISE


class RecordMonitoring(Command):
    """Tell that somebody has followed the hire's contacts."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        monitoring_id="0195b1c0-0000-7000-8000-0000000000e2",
        requirement="listen",
        observed_on="2027-02-26",
        note="Greets warmly; looks for the customer's number too long.",
    )
    refused = RECORDING_REFUSED | {
        "in-the-future": "only what has happened is recorded",
        "requirement-unknown": "the stage does not ask for this",
    }
    person_id: UUID
    monitoring_id: UUID
    requirement: Code | None = None
    observed_on: Day
    note: Annotated[Text600 | None, Personal("person_id")] = None


class RecordCoaching(Command):
    """Tell that the hire was coached, sparred with or trained."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        ref="0195b1c0-0000-7000-8000-0000000000f1",
        form="coach",
        topics=["crm-search"],
        held_on="2027-02-26",
    )
    refused = RECORDING_REFUSED | {
        "in-the-future": "only what has happened is recorded",
    }
    person_id: UUID
    ref: Annotated[UUID, COACHING_REF]
    form: Annotated[Literal["coach", "spar", "train"], COACHING_FORM]
    topics: Annotated[tuple[Code, ...], Field(max_length=20)]
    held_on: Day


class VoidRecord(Command):
    """Take back a wrong record; the right one is made under a new id."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        record_id="0195b1c0-0000-7000-8000-0000000000e2",
        reason="Written for the wrong person.",
    )
    refused = if_unknown("journey") | {"record-unknown": "there is no such record in this person's journeys"}
    person_id: UUID
    record_id: UUID
    reason: Annotated[Text300, Personal("person_id")]


def place_of(record_id: UUID, kind: RecordKind, journey: Journey, asked: Asked) -> Underway | None:
    """Where a record goes; None when it is known already, or when a machine tells it outside the stages.

    A first contact has its id from elsewhere: once voided, it is told anew under the same one.
    """
    course = course_of(journey)
    if known_as := course.known_ids.get(record_id):
        if asked.by_person and known_as != kind:
            raise Rejected.only(KNOWN_OTHERWISE)
        if kind != "first-contact" or course.record(record_id):
            return None
    if not asked.by_person and not isinstance(journey, Underway):
        return None
    return underway(journey)


def refuse_future(day: date, asked: Asked) -> None:
    """A machine's day comes from a fact, in the offset it had there: it is not judged again."""
    if asked.by_person and day > asked.day:
        raise Rejected("in-the-future", "only what has happened is recorded")


def record_monitoring(command: RecordMonitoring, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    here = place_of(command.monitoring_id, "monitoring", journey, asked)
    if here is None:
        return []
    requirement = _monitoring_for(command.requirement, here)
    refuse_future(command.observed_on, asked)
    fact = MonitoringRecorded(
        **here.course.fields,
        stage=here.open.code,
        requirement=requirement,
        monitoring_id=command.monitoring_id,
        observed_on=command.observed_on,
        note=command.note,
    )
    return with_what_follows(journey, [fact], asked.day)


def _monitoring_for(named: str | None, here: Underway) -> str | None:
    """The requirement it counts for: the named one while it is unmet, otherwise the first unmet one."""
    asked_for = [each.code for each in here.stage.requirements if each.kind == "monitor"]
    if named is not None and named not in asked_for:
        raise Rejected("requirement-unknown", f"{here.open.code} asks for no monitoring called {named}")
    if named in here.left:
        return named
    first = here.unmet("monitor")
    return first.code if first else None


def record_coaching(command: RecordCoaching, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    here = place_of(command.ref, "coaching", journey, asked)
    if here is None:
        return []
    refuse_future(command.held_on, asked)
    requirement = here.unmet(command.form)
    fact = CoachingRecorded(
        **here.course.fields,
        stage=here.open.code,
        ref=command.ref,
        form=command.form,
        topics=command.topics,
        held_on=command.held_on,
        requirement=requirement.code if requirement else None,
    )
    return with_what_follows(journey, [fact], asked.day)


def void_record(command: VoidRecord, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    course = course_of(journey)
    record = course.record(command.record_id)
    if record is None:
        if command.record_id in course.known_ids or not asked.by_person:
            return []
        raise Rejected("record-unknown", "there is no such record in this person's journeys")
    return [_voided(command, record, journey, course)]


def _voided(command: VoidRecord, record: Record, journey: Journey, course: Course) -> RecordVoided:
    """`stage` is where something is open again, otherwise where the record was made."""
    reopened, stage, left = None, record.stage, None
    if isinstance(journey, Underway):
        reopened = _reopened(record, journey)
        if reopened is not None or _is_here(record, journey):
            stage = journey.open.code
            left = len(journey.left) + (reopened is not None)
    return RecordVoided(
        person_id=command.person_id,
        team_id=course.team_id,
        journey_no=record.journey_no,
        record_id=record.id,
        kind=record.kind,
        stage=stage,
        requirement=reopened,
        open_left=left,
        reason=command.reason,
    )


def _is_here(record: Record, journey: Underway) -> bool:
    return (record.journey_no, record.stage) == (journey.course.journey_no, journey.open.code)


def _reopened(record: Record, journey: Underway) -> str | None:
    """The requirement or check of the open stage that is not done any more without this record."""
    if record.kind == "check":
        asked_for = record.code in [check.code for check in journey.stage.checks]
        return record.code if record.passed and asked_for and _is_here(record, journey) else None
    others = tuple(each for each in journey.course.records if each != record)
    without = replace(journey, course=replace(journey.course, records=others))
    for requirement in journey.stage.requirements:
        met, still = requirement.code in journey.open.done, met_on(without, requirement, date.min)
        if met and still is None:
            return requirement.code
    return None
