"""How far hires are, as coaching hears it: the stage that is open, and what is still to be done in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, assert_never
from uuid import UUID

from services.coaching.inbox.journey import (
    JourneyCompleted,
    JourneyFact,
    JourneyStalled,
    JourneyStarted,
    JourneyStopped,
    RecordVoided,
    Requirement,
    StageCompleted,
    StageReplanned,
    StageRequirementMet,
    StageStarted,
    StageTailored,
)
from shared.core.event import Recorded
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Focus:
    """The newest journey of a person."""

    person_id: UUID
    journey_no: int | None = None
    journey_state: str | None = None
    stage: str | None = None
    stage_title: str | None = None
    stage_goal: str | None = None
    stage_due_on: date | None = None
    stalled: bool = False
    requirements: tuple[Requirement, ...] = ()
    met: tuple[str, ...] = ()


F = TypeVar("F", bound=Focus)


def focus_of(event: JourneyFact, _: Recorded) -> UUID:
    return event.person_id


def focusing(kind: type[F]) -> Callable[[F | None, JourneyFact, Recorded], F]:
    """The fold of a kind of journeys. A stage that starts is told with all that was tailored to it before."""

    def fold(row: F | None, event: JourneyFact, _: Recorded) -> F:
        row = row or kind(event.person_id)
        match event:
            case JourneyStarted():
                return kind(event.person_id, event.journey_no, "waiting")
            case StageStarted():
                return replace(
                    row,
                    journey_state="underway",
                    stage=event.stage,
                    stage_title=event.title,
                    stage_goal=event.goal,
                    stage_due_on=event.due_on,
                    stalled=False,
                    requirements=event.requirements,
                    met=(),
                )
            case StageReplanned():
                return replace(row, stage_due_on=event.due_on, stalled=False)
            case StageTailored():
                return _tailored(row, event)
            case StageRequirementMet():
                return replace(row, met=(*row.met, event.requirement))
            case RecordVoided():
                return replace(row, met=tuple(code for code in row.met if code != event.requirement))
            case JourneyStalled():
                return replace(row, stalled=True)
            case StageCompleted():
                return _without_stage(row)
            case JourneyCompleted():
                return replace(_without_stage(row), journey_state="completed")
            case JourneyStopped():
                return replace(_without_stage(row), journey_state="stopped")
            case _:
                assert_never(event)

    return fold


def _tailored(row: F, event: StageTailored) -> F:
    if event.stage != row.stage:
        return row
    kept = tuple(each for each in row.requirements if each.code not in event.drop)
    met = tuple(code for code in row.met if code not in event.drop)
    return replace(row, requirements=(*kept, *event.add), met=met)


def _without_stage(row: F) -> F:
    gone = replace(row, stage=None, stage_title=None, stage_goal=None, stage_due_on=None)
    return replace(gone, stalled=False, requirements=(), met=())
