"""What follows by itself from a fact: requirements met, the end of a stage, the next one, the end of the journey."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from typing import assert_never

from services.onboarding.deciders.journey.evolve import evolve
from services.onboarding.deciders.journey.state import Course, Journey, Underway
from services.onboarding.events.journey import JourneyCompleted, JourneyEvent
from services.onboarding.events.shapes import Requirement
from services.onboarding.events.stage import StageCompleted, StageRequirementMet, StageStarted
from shared.core.calendar import add_working_days, working_days

FULL_TIME = 100


def with_what_follows(journey: Journey, facts: Sequence[JourneyEvent], day: date) -> Sequence[JourneyEvent]:
    """The facts, and one after the other what they bring about on this day: what is heard late, on the first day of the
    open stage, which does not end before it began."""
    told = list(facts)
    journey = reduce(evolve, facts, journey)
    while isinstance(journey, Underway) and (fact := _next(journey, max(day, journey.open.started_on))):
        told.append(fact)
        journey = evolve(journey, fact)
    return told


def stretched(days: int, pace: int) -> int:
    """Working days of a full-time hire, in the working days of one at this pace."""
    return -(-days * FULL_TIME // pace)


def stage_started(course: Course, code: str, day: date) -> StageStarted:
    stage = course.stages[code]
    return StageStarted(
        **course.fields,
        stage=code,
        title=stage.title,
        goal=stage.goal,
        order=list(course.stages).index(code) + 1,
        stages_total=len(course.stages),
        started_on=day,
        due_on=add_working_days(day, stretched(stage.target_days, course.start.pace)),
        supported=stage.supported,
        requirements=stage.requirements,
        checks=tuple(check.code for check in stage.checks),
        open_left=len(stage.requirements) + len(stage.checks),
    )


def met_on(journey: Underway, requirement: Requirement, day: date) -> date | None:
    """The day of the record that made the count full; None while it is not."""
    match requirement.kind:
        case "first-contact":
            taken = journey.course.first_contact
            return taken.day if taken else None
        case "sign-off":
            return day if journey.open.code in journey.course.verified else None
        case "monitor" | "coach" | "spar" | "train":
            counted = journey.counted(requirement)
            return counted[requirement.count - 1].day if len(counted) >= requirement.count else None
        case _:
            assert_never(requirement.kind)


def _next(journey: Underway, day: date) -> JourneyEvent | None:
    if journey.open.code in journey.course.completed:
        return _after_the_stage(journey.course, day)
    for requirement in journey.stage.requirements:
        if requirement.code not in journey.open.done and (met := met_on(journey, requirement, day)):
            return _met(journey, requirement, met)
    return None if journey.left else _completed(journey, day)


def _met(journey: Underway, requirement: Requirement, day: date) -> StageRequirementMet:
    return StageRequirementMet(
        **journey.course.fields,
        stage=journey.open.code,
        requirement=requirement.code,
        kind=requirement.kind,
        met_on=day,
        open_left=len(journey.left) - 1,
    )


def _completed(journey: Underway, day: date) -> StageCompleted:
    return StageCompleted(
        **journey.course.fields,
        stage=journey.open.code,
        completed_on=day,
        working_days=working_days(journey.open.started_on, day),
        unlocks=journey.stage.unlocks,
    )


def _after_the_stage(course: Course, day: date) -> JourneyEvent:
    if course.ahead:
        return stage_started(course, course.ahead[0], day)
    return JourneyCompleted(
        **course.fields,
        role_code=course.role_code,
        completed_on=day,
        working_days=working_days(course.begun_on or day, day),
    )
