"""A stage asks one person for more, or less, than the template does."""

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.journey.evolve import tailor
from services.onboarding.deciders.journey.following import with_what_follows
from services.onboarding.deciders.journey.state import (
    NO_JOURNEY_UNDERWAY,
    Course,
    Journey,
    Underway,
    Waiting,
    codes_of,
    course_of,
    not_underway,
)
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.shapes import Requirement, Stage
from services.onboarding.events.stage import StageTailored
from shared.core.decider import Asked, Command, Rejected, example
from shared.core.event import Personal
from shared.core.types import Code, Text300

ONLY_ONE = ("sign-off", "first-contact")


class TailorStage(Command):
    """Add requirements to an open or coming stage, or drop requirements and checks from it."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        stage="first-response",
        add=[{"code": "spar-listening", "kind": "spar", "count": 1, "focus": "Listening before searching."}],
        drop=[],
        reason="Listening is the thing to learn now.",
    )
    refused = NO_JOURNEY_UNDERWAY | {
        "code-repeated": "a code would stand twice in the stage",
        "count-not-one": "a stage has one sign-off and one first contact at most, each once",
        "no-contact-open": "no contact can be taken yet in the stage",
        "requirement-unknown": "the stage does not ask for this",
        "sign-off-kept": "a sign-off is not dropped",
        "stage-passed": "the stage is behind already",
        "stage-unknown": "there is no stage of this name",
        "stage-unverified": "nothing would be left to verify the stage by",
    }
    person_id: UUID
    stage: Code
    add: Annotated[tuple[Requirement, ...], Field(max_length=10)] = ()
    drop: Annotated[tuple[Code, ...], Field(max_length=10)] = ()
    reason: Annotated[Text300, Personal("person_id")]


def tailor_stage(command: TailorStage, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    course = course_of(journey)
    stage = course.stages.get(command.stage)
    if stage is not None and _is_so_already(command, stage, course):
        return []
    if not isinstance(journey, Waiting | Underway):
        raise not_underway()
    if stage is None:
        raise Rejected("stage-unknown", f"the journey has no stage called {command.stage}")
    if stage.code in course.passed_stages:
        raise Rejected("stage-passed", f"{stage.code} is behind already")
    _refuse_drops(command.drop, stage)
    fact = StageTailored(**course.fields, stage=stage.code, add=command.add, drop=command.drop, reason=command.reason)
    tailored = tailor(stage, fact)
    _refuse_unworkable(tailored, command.add)
    _refuse_closed_contact(tailored, command.add, course)
    if isinstance(journey, Underway) and journey.open.code == stage.code:
        fact = fact.model_copy(update={"open_left": _left(tailored, command.drop, journey)})
    return with_what_follows(journey, [fact], asked.day)


def _is_so_already(command: TailorStage, stage: Stage, course: Course) -> bool:
    """As the same command left it: what the template itself asks for was not added."""
    gone = all((stage.code, code) in course.dropped for code in command.drop)
    still_there = set(command.drop) & set(codes_of(stage)) - {each.code for each in command.add}
    added = [each for each in stage.requirements if (stage.code, each.code) in course.added]
    return gone and not still_there and all(each in added for each in command.add)


def _refuse_drops(drop: Sequence[str], stage: Stage) -> None:
    if unknown := [code for code in drop if code not in codes_of(stage)]:
        raise Rejected("requirement-unknown", f"{stage.code} does not ask for {', '.join(unknown)}")
    sign_offs = [each.code for each in stage.requirements if each.kind == "sign-off"]
    if kept := [code for code in drop if code in sign_offs]:
        raise Rejected("sign-off-kept", f"{kept[0]} is a sign-off and stays")


def _refuse_unworkable(tailored: Stage, add: Sequence[Requirement]) -> None:
    codes = Counter(codes_of(tailored))
    if repeated := [code for code, times in codes.items() if times > 1]:
        raise Rejected("code-repeated", f"{', '.join(repeated)} would stand twice in {tailored.code}")
    kinds = Counter(each.kind for each in tailored.requirements)
    if any(each.kind in ONLY_ONE and (each.count > 1 or kinds[each.kind] > 1) for each in add):
        raise Rejected("count-not-one", "a stage has one sign-off and one first contact at most, each once")
    if not codes:
        raise Rejected("stage-unverified", f"nothing would be left to verify {tailored.code} by")


def _refuse_closed_contact(tailored: Stage, add: Sequence[Requirement], course: Course) -> None:
    """As for a template, but a credited stage has unlocked its types wherever it stands, and a first contact that was
    taken meets what is added at once."""
    if course.first_contact or all(each.kind != "first-contact" for each in add):
        return
    before = takewhile(lambda code: code != tailored.code, course.stages)
    unlocked = any(course.stages[code].unlocks for code in (*before, *course.credited))
    if not tailored.supported and not unlocked:
        raise Rejected("no-contact-open", f"no contact can be taken yet in {tailored.code}")


def _left(tailored: Stage, drop: Sequence[str], journey: Underway) -> int:
    done = journey.open.done.difference(drop)
    return sum(code not in done for code in codes_of(tailored))
