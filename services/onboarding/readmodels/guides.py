"""What stage_guide keeps of a journey: its stages with their lines, as tailored for the person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from services.onboarding.events.journey import JourneyStarted, JourneyStopped
from services.onboarding.events.shapes import Check, Requirement, Stage
from services.onboarding.events.stage import (
    CheckPassed,
    RecordVoided,
    StageCompleted,
    StageRequirementMet,
    StageStarted,
    StageTailored,
    StageVerified,
)
from shared.core.event import Recorded, Shape
from shared.core.replacing import replace

CHECK = "check"


class Line(Shape):
    """A requirement, or a check, of a stage as it is tailored for the person."""

    code: str
    line_order: int
    kind: str
    focus: str | None = None
    count: int = 1
    met_on: date | None = None


class GuideStage(Shape):
    stage: str
    title: str
    stage_order: int
    credited: bool
    supported: tuple[str, ...]
    unlocks: tuple[str, ...]
    lines: tuple[Line, ...]
    verified_on: date | None = None
    completed_on: date | None = None


GuideEvent = (
    JourneyStarted
    | StageStarted
    | StageRequirementMet
    | CheckPassed
    | RecordVoided
    | StageTailored
    | StageVerified
    | StageCompleted
    | JourneyStopped
)


@dataclass(frozen=True, slots=True)
class Guide:
    """The newest journey of a person, as planned and as far as it is verified."""

    person_id: UUID
    journey_no: int | None = None
    open_stage: str | None = None
    stages: tuple[GuideStage, ...] = ()


def guide_of(event: GuideEvent, _: Recorded) -> UUID:
    return event.person_id


def guide(row: Guide | None, event: GuideEvent, recorded: Recorded) -> Guide:
    row = row or Guide(person_id=event.person_id)
    match event:
        case JourneyStarted():
            stages = tuple(_stage(n, stage, event.credited) for n, stage in enumerate(event.stages, start=1))
            return Guide(person_id=event.person_id, journey_no=event.journey_no, stages=stages)
        case StageStarted():
            return replace(row, open_stage=event.stage)
        case StageRequirementMet():
            return _with(row, event.stage, _met(event.requirement, event.met_on))
        case CheckPassed():
            return _with(row, event.stage, _met(event.check, recorded.at.date()))
        case RecordVoided():
            return _with(row, event.stage, _met(event.requirement, None))
        case StageTailored():
            return _with(row, event.stage, lambda stage: _tailored(stage, event))
        case StageVerified():
            return _with(row, event.stage, lambda stage: _told(stage, verified_on=recorded.at.date()))
        case StageCompleted():
            row = replace(row, open_stage=None)
            return _with(row, event.stage, lambda stage: _told(stage, completed_on=event.completed_on))
        case JourneyStopped():
            return replace(row, open_stage=None)
        case _:
            assert_never(event)


def _stage(order: int, stage: Stage, credited: Iterable[str]) -> GuideStage:
    return GuideStage(
        stage=stage.code,
        title=stage.title,
        stage_order=order,
        credited=stage.code in credited,
        supported=stage.supported,
        unlocks=stage.unlocks,
        lines=_lines((*stage.requirements, *stage.checks), after=0),
    )


def _lines(asked: Iterable[Requirement | Check], after: int) -> tuple[Line, ...]:
    return tuple(_line(n, each) for n, each in enumerate(asked, start=after + 1))


def _line(order: int, asked: Requirement | Check) -> Line:
    if isinstance(asked, Check):
        return Line(code=asked.code, line_order=order, kind=CHECK)
    return Line(code=asked.code, line_order=order, kind=asked.kind, focus=asked.focus, count=asked.count)


def _with(row: Guide, code: str, change: Callable[[GuideStage], GuideStage]) -> Guide:
    return replace(row, stages=tuple(change(each) if each.stage == code else each for each in row.stages))


def _told(stage: GuideStage, **days: date) -> GuideStage:
    return stage.model_copy(update=days)


def _met(code: str | None, day: date | None) -> Callable[[GuideStage], GuideStage]:
    def change(stage: GuideStage) -> GuideStage:
        lines = (line.model_copy(update={"met_on": day}) if line.code == code else line for line in stage.lines)
        return stage.model_copy(update={"lines": tuple(lines)})

    return change


def _tailored(stage: GuideStage, event: StageTailored) -> GuideStage:
    kept = tuple(line for line in stage.lines if line.code not in event.drop)
    last = max((line.line_order for line in stage.lines), default=0)
    return stage.model_copy(update={"lines": (*kept, *_lines(event.add, after=last))})
