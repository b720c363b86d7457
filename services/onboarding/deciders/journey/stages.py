"""A stage signed off, given another due day, or found late."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from services.onboarding.deciders.journey.following import with_what_follows
from services.onboarding.deciders.journey.state import NO_JOURNEY_UNDERWAY, Journey, Underway, course_of, underway
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.stage import JourneyStalled, StageReplanned, StageVerified
from shared.core.decider import Asked, Command, Rejected, example, if_unknown
from shared.core.event import Personal
from shared.core.types import Code, Day, Text300, Text600


class SignOffStage(Command):
    """Answer for it, with evidence, that the hire masters the open stage: it ends by this."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        stage="first-response",
        evidence="Two followed contacts without help.",
    )
    refused = NO_JOURNEY_UNDERWAY | {
        "own-sign-off": "somebody else answers for what the hire masters",
        "requirements-open": "something else that the stage asks for is still open",
        "stage-not-open": "another stage is the open one",
    }
    person_id: UUID
    stage: Code
    evidence: Annotated[Text600, Personal("person_id")]


class ReplanStage(Command):
    """Give the open stage another due day."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        stage="first-response",
        due_on="2027-04-30",
        reason="Was away for a week.",
    )
    refused = NO_JOURNEY_UNDERWAY | {
        "in-the-past": "a stage is planned for days to come",
        "stage-not-open": "another stage is the open one",
    }
    person_id: UUID
    stage: Code
    due_on: Day
    reason: Annotated[Text300, Personal("person_id")]


class MarkStalled(Command):
    """The due day of a stage has passed."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        stage="first-response",
        due_on="2027-03-15",
    )
    refused = if_unknown("journey")
    person_id: UUID
    stage: Code
    due_on: Day


def sign_off_stage(command: SignOffStage, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    if command.stage in course_of(journey).verified:
        return []
    here = _open(command.stage, journey)
    if asked.actor == str(command.person_id):
        raise Rejected("own-sign-off", "somebody else answers for what the hire masters")
    sign_offs = [each.code for each in here.stage.requirements if each.kind == "sign-off"]
    if others := [code for code in here.left if code not in sign_offs]:
        raise Rejected("requirements-open", f"still open: {', '.join(others)}")
    fact = StageVerified(**here.course.fields, stage=command.stage, evidence=command.evidence)
    return with_what_follows(journey, [fact], asked.day)


def replan_stage(command: ReplanStage, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    here = _open(command.stage, journey)
    if here.open.due_on == command.due_on:
        return []
    if command.due_on < asked.day:
        raise Rejected("in-the-past", "a stage is planned for days to come")
    return [StageReplanned(**here.course.fields, stage=command.stage, due_on=command.due_on, reason=command.reason)]


def mark_stalled(command: MarkStalled, journey: Journey) -> Sequence[JourneyEvent]:
    course_of(journey)
    if not isinstance(journey, Underway) or journey.open.stalled:
        return []
    if (journey.open.code, journey.open.due_on) != (command.stage, command.due_on):
        return []
    return [JourneyStalled(**journey.course.fields, stage=command.stage, due_on=command.due_on, open=journey.left)]


def _open(stage: str, journey: Journey) -> Underway:
    here = underway(journey)
    if here.open.code != stage:
        raise Rejected("stage-not-open", f"the open stage is {here.open.code}")
    return here
