"""Starting a journey, moving its first day, following the person to another team, opening the first stage."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.journey.following import stage_started
from services.onboarding.deciders.journey.state import (
    Completed,
    Journey,
    NotStarted,
    Start,
    Stopped,
    Underway,
    Waiting,
    course_of,
)
from services.onboarding.deciders.person import Employed, known, person
from services.onboarding.deciders.person import stream_of as person_stream
from services.onboarding.deciders.preview import Acknowledged, Preview, preview
from services.onboarding.deciders.preview import stream_of as preview_stream
from services.onboarding.deciders.template import Published, template
from services.onboarding.deciders.template import stream_of as template_stream
from services.onboarding.events.journey import JourneyEvent, JourneyMoved, JourneyStarted, StartMoved
from services.onboarding.events.shapes import PACE
from services.onboarding.events.stage import StageStarted
from services.onboarding.events.template import TemplatePublished
from shared.core.decider import Asked, Command, Look, LookUps, Rejected, Seen, example, if_unknown
from shared.core.types import Code, Day, Text200

LATE_START = timedelta(days=7)


class StartJourney(Command):
    """Give a person the newest published plan; `credited` stages are known from before."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        template_id="0195b1c0-0000-7000-8000-0000000000a1",
        starts_on="2027-02-26",
        supervisor_id="0195b1c0-0000-7000-8000-000000000002",
        candidate_id="0195b1c0-0000-7000-8000-0000000000c1",
        pace=100,
        credited=[],
    )
    refused = {
        "journey-open": "the person's present journey is to be completed or stopped first",
        "nothing-left": "every stage is credited: there is nothing to be onboarded to",
        "preview-missing": "no preview of this job was acknowledged, and nothing says why not",
        "stage-unknown": "there is no stage of this name",
        "starts-in-past": "a journey starts a week ago at the earliest",
        "template-unpublished": "there is no such plan template to start with",
        "unknown-person": "a journey is for somebody who has joined a team",
    }
    person_id: UUID
    template_id: UUID
    starts_on: Day
    supervisor_id: UUID
    candidate_id: UUID | None = None
    preview_waiver: Text200 | None = None
    pace: Annotated[int, Field(ge=20, le=100), PACE] = 100
    credited: Annotated[tuple[Code, ...], Field(max_length=11)] = ()


class MoveStart(Command):
    """Agree on another first day, while the plan has not been gone through."""

    model_config = example(person_id="0195b1c0-0000-7000-8000-000000000001", starts_on="2027-03-15")
    refused = if_unknown("journey") | {
        "already-begun": "the first day can be moved until the plan was gone through",
        "starts-in-past": "a journey starts a week ago at the earliest",
    }
    person_id: UUID
    starts_on: Day


class MoveJourney(Command):
    """Let the journey follow the person to another team."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        from_day="2027-06-01",
        seq=3,
    )
    refused = if_unknown("journey") | if_unknown("person")
    person_id: UUID
    from_day: Day
    seq: int


class BeginStages(Command):
    """Open the first stage, now that the plan was gone through."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        journey_no=1,
        on="2027-02-26",
    )
    refused = if_unknown("journey")
    person_id: UUID
    journey_no: int
    on: Day


def look_ups_to_start(command: StartJourney) -> LookUps:
    looks = {
        "person": Look(person, person_stream(command.person_id)),
        "template": Look(template, template_stream(command.template_id)),
    }
    if command.candidate_id is not None:
        looks["preview"] = Look(preview, preview_stream(command.candidate_id))
    return looks


def start_journey(command: StartJourney, journey: Journey, seen: Seen, asked: Asked) -> Sequence[JourneyEvent]:
    start = Start(
        command.template_id,
        command.starts_on,
        command.supervisor_id,
        command.pace,
        frozenset(command.credited),
    )
    match journey:
        case Waiting() | Underway() | Completed() if journey.course.start == start:
            return []
        case Waiting() | Underway():
            raise Rejected("journey-open", "the person's present journey is to be completed or stopped first")
        case NotStarted():
            number = 1
        case Completed() | Stopped():
            number = journey.course.journey_no + 1
        case _:
            assert_never(journey)
    return [_started(command, number, seen, asked)]


def _started(command: StartJourney, number: int, seen: Seen, asked: Asked) -> JourneyStarted:
    if not isinstance(seen.person, Employed):
        raise Rejected("unknown-person", "a journey is for somebody who has joined a team")
    if not isinstance(seen.template, Published):
        raise Rejected("template-unpublished", "there is no such plan template to start with")
    plan = seen.template.newest
    acknowledged = command.candidate_id is not None and _is_acknowledged(seen.preview, plan.role_code)
    if not acknowledged and command.preview_waiver is None:
        raise Rejected("preview-missing", "no preview of this job was acknowledged, and nothing says why not")
    _refuse_late(command.starts_on, asked)
    return JourneyStarted(
        person_id=command.person_id,
        team_id=seen.person.team_on(max(command.starts_on, asked.day)),
        journey_no=number,
        template_id=command.template_id,
        template_version=plan.version,
        role_code=plan.role_code,
        final_goal=plan.final_goal,
        starts_on=command.starts_on,
        supervisor_id=command.supervisor_id,
        preview_waived=not acknowledged,
        pace=command.pace,
        credited=_credited(command.credited, plan),
        kit=plan.kit,
        stages=plan.stages,
    )


def _is_acknowledged(preview: Preview, role_code: str) -> bool:
    """The preview of another job says nothing about this one."""
    return isinstance(preview, Acknowledged) and preview.shown.role_code == role_code


def _credited(codes: Sequence[str], plan: TemplatePublished) -> tuple[str, ...]:
    known = [stage.code for stage in plan.stages]
    if unknown := [code for code in codes if code not in known]:
        raise Rejected("stage-unknown", f"the plan has no stage called {', '.join(unknown)}")
    credited = tuple(code for code in known if code in codes)
    if len(credited) == len(known):
        raise Rejected("nothing-left", "every stage is credited: there is nothing to be onboarded to")
    return credited


def move_start(command: MoveStart, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    course = course_of(journey)
    if course.starts_on == command.starts_on:
        return []
    if not isinstance(journey, Waiting):
        raise Rejected("already-begun", "the first day can be moved until the plan was gone through")
    _refuse_late(command.starts_on, asked)
    return [StartMoved(**course.fields, starts_on=command.starts_on, final_goal=course.final_goal, kit=course.kit)]


def move_journey(command: MoveJourney, journey: Journey, seen: Seen, asked: Asked) -> Sequence[JourneyEvent]:
    """To the team of the day from which the move counts, which a later move may have made another one; an ended journey
    stays with the team it ended in."""
    course = course_of(journey)
    if not isinstance(journey, Waiting | Underway) or command.seq <= course.seq:
        return []
    team_id = known(seen.person).team_on(max(command.from_day, asked.day))
    if team_id == course.team_id:
        return []
    fields = course.fields | {"team_id": team_id}
    return [JourneyMoved(**fields, seq=command.seq)]


def begin_stages(command: BeginStages, journey: Journey) -> Sequence[StageStarted]:
    course = course_of(journey)
    if not isinstance(journey, Waiting) or course.journey_no != command.journey_no:
        return []
    return [stage_started(course, course.ahead[0], command.on)]


def _refuse_late(starts_on: date, asked: Asked) -> None:
    if starts_on < asked.day - LATE_START:
        raise Rejected("starts-in-past", "a journey starts a week ago at the earliest")
