"""What template_insight keeps of each journey: its course, the stages gone through, the attempts at checks."""

from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from services.onboarding.events.journey import JourneyCompleted, JourneyReviewed, JourneyStarted, JourneyStopped
from services.onboarding.events.stage import (
    CheckFailed,
    CheckPassed,
    JourneyStalled,
    RecordVoided,
    StageCompleted,
    StageStarted,
)
from shared.core.event import Recorded, Shape
from shared.core.replacing import replace

HIRE = "hire"
EXAM = "exam"


class Planned(Shape):
    stage: str
    stage_order: int
    target_days: int


CourseEvent = JourneyStarted | JourneyCompleted | JourneyStopped | JourneyReviewed


@dataclass(frozen=True, slots=True)
class Course:
    """One journey: the template it follows, how it ended, and what was said of it."""

    person_id: UUID
    journey_no: int
    template_id: UUID | None = None
    template_version: int | None = None
    stages: tuple[Planned, ...] = ()
    completed: bool = False
    stopped_in: str | None = None
    hire_rating: int | None = None
    supervisor_rating: int | None = None
    hire_suggested: bool = False
    supervisor_suggested: bool = False


def course_of(event: CourseEvent, _: Recorded) -> tuple[UUID, int]:
    return event.person_id, event.journey_no


def course(row: Course | None, event: CourseEvent, _: Recorded) -> Course:
    row = row or Course(event.person_id, event.journey_no)
    match event:
        case JourneyStarted():
            planned = enumerate(event.stages, start=1)
            stages = (Planned(stage=s.code, stage_order=n, target_days=s.target_days) for n, s in planned)
            return replace(
                row, template_id=event.template_id, template_version=event.template_version, stages=tuple(stages)
            )
        case JourneyCompleted():
            return replace(row, completed=True)
        case JourneyStopped():
            return replace(row, stopped_in=event.stage)
        case JourneyReviewed():
            suggested = event.suggestion is not None
            if event.side == HIRE:
                return replace(row, hire_rating=event.rating, hire_suggested=suggested)
            return replace(row, supervisor_rating=event.rating, supervisor_suggested=suggested)
        case _:
            assert_never(event)


RunEvent = StageStarted | StageCompleted | JourneyStalled


@dataclass(frozen=True, slots=True)
class Run:
    """One stage of one journey; `working_days` once it is completed."""

    person_id: UUID
    journey_no: int
    stage: str
    started: bool = False
    working_days: int | None = None
    stalled: bool = False


def run_of(event: RunEvent, _: Recorded) -> tuple[UUID, int, str]:
    return event.person_id, event.journey_no, event.stage


def run(row: Run | None, event: RunEvent, _: Recorded) -> Run:
    row = row or Run(event.person_id, event.journey_no, event.stage)
    match event:
        case StageStarted():
            return replace(row, started=True)
        case StageCompleted():
            return replace(row, working_days=event.working_days)
        case JourneyStalled():
            return replace(row, stalled=True)
        case _:
            assert_never(event)


TryEvent = CheckPassed | CheckFailed | RecordVoided


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at a check, unless it was voided."""

    person_id: UUID
    attempt_id: UUID
    journey_no: int | None = None
    stage: str | None = None
    check: str | None = None
    kind: str | None = None
    passed: bool = False
    topics: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    suggested: bool = False
    version: int = 0
    voided: bool = False


def try_of(event: TryEvent, _: Recorded) -> tuple[UUID, UUID] | None:
    if isinstance(event, RecordVoided):
        return (event.person_id, event.record_id) if event.kind == "check" else None
    return event.person_id, event.attempt_id


def one_try(row: Try | None, event: TryEvent, recorded: Recorded) -> Try:
    if isinstance(event, RecordVoided):
        return replace(row or Try(event.person_id, event.record_id), voided=True)
    return Try(
        event.person_id,
        event.attempt_id,
        journey_no=event.journey_no,
        stage=event.stage,
        check=event.check,
        kind=event.kind if isinstance(event, CheckPassed) else EXAM,
        passed=isinstance(event, CheckPassed),
        topics=tuple(score.topic for score in event.topics),
        needs=event.needs,
        suggested=event.suggestion is not None,
        version=recorded.version,
    )
