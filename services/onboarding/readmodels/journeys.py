"""What onboarding_progress keeps of a journey: one row a person, all of it from the journey's stream."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.onboarding.events.journey import (
    FirstContactSupportArranged,
    JourneyCompleted,
    JourneyMoved,
    JourneyReviewed,
    JourneyStarted,
    JourneyStopped,
    ReviewAsked,
    StartMoved,
)
from services.onboarding.events.stage import (
    CheckPassed,
    FirstContactTaken,
    JourneyStalled,
    RecordVoided,
    StageCompleted,
    StageReplanned,
    StageRequirementMet,
    StageStarted,
    StageTailored,
)
from shared.core.event import Recorded
from shared.core.replacing import replace

HIRE = "hire"
ProgressEvent = (
    JourneyStarted
    | StartMoved
    | JourneyMoved
    | StageStarted
    | FirstContactSupportArranged
    | FirstContactTaken
    | StageRequirementMet
    | CheckPassed
    | RecordVoided
    | StageTailored
    | StageReplanned
    | StageCompleted
    | JourneyStalled
    | JourneyCompleted
    | JourneyReviewed
    | ReviewAsked
    | JourneyStopped
)


@dataclass(frozen=True, slots=True)
class Journey:
    """The newest journey of a person. `team_then` is the team it was started or moved in."""

    person_id: UUID
    journey_no: int | None = None
    team_then: UUID | None = None
    template_id: UUID | None = None
    template_version: int | None = None
    starts_on: date | None = None
    final_goal: str | None = None
    stages_total: int | None = None
    pace: int | None = None
    credited: tuple[str, ...] = ()
    state: str | None = None
    stage: str | None = None
    stage_title: str | None = None
    stage_order: int | None = None
    stage_due_on: date | None = None
    open_left: int | None = None
    stalled: bool = False
    first_contact_id: UUID | None = None
    first_contact_on: date | None = None
    first_contact_day: int | None = None
    in_time: bool | None = None
    supporter_id: UUID | None = None
    support_at: datetime | None = None
    unlocked: tuple[str, ...] = ()
    hire_rating: int | None = None
    supervisor_rating: int | None = None
    review_asked: bool = False


def journey_of(event: ProgressEvent, _: Recorded) -> UUID:
    return event.person_id


def journey(row: Journey | None, event: ProgressEvent, _: Recorded) -> Journey:
    row = row or Journey(person_id=event.person_id)
    match event:
        case JourneyStarted():
            return _started(event)
        case StartMoved():
            return replace(row, starts_on=event.starts_on)
        case JourneyMoved():
            return replace(row, team_then=event.team_id)
        case StageStarted():
            return _stage_started(row, event)
        case FirstContactSupportArranged():
            return replace(row, supporter_id=event.supporter_id, support_at=event.starts_at)
        case FirstContactTaken():
            return _first_contact(row, event)
        case StageRequirementMet() | CheckPassed():
            return replace(row, open_left=event.open_left)
        case RecordVoided():
            return _voided(row, event)
        case StageTailored():
            return row if event.open_left is None else replace(row, open_left=event.open_left)
        case StageReplanned():
            return replace(row, stage_due_on=event.due_on, stalled=False)
        case StageCompleted():
            newly = tuple(each for each in event.unlocks if each not in row.unlocked)
            return replace(row, unlocked=(*row.unlocked, *newly), stalled=False)
        case JourneyStalled():
            return replace(row, stalled=True)
        case JourneyCompleted():
            return replace(row, state="completed")
        case JourneyReviewed():
            return _reviewed(row, event)
        case ReviewAsked():
            return replace(row, review_asked=True)
        case JourneyStopped():
            return replace(row, state="stopped", stalled=False)
        case _:
            assert_never(event)


def _started(event: JourneyStarted) -> Journey:
    return Journey(
        person_id=event.person_id,
        journey_no=event.journey_no,
        team_then=event.team_id,
        template_id=event.template_id,
        template_version=event.template_version,
        starts_on=event.starts_on,
        final_goal=event.final_goal,
        stages_total=len(event.stages),
        pace=event.pace,
        credited=event.credited,
        state="waiting",
    )


def _stage_started(row: Journey, event: StageStarted) -> Journey:
    return replace(
        row,
        state="underway",
        stage=event.stage,
        stage_title=event.title,
        stage_order=event.order,
        stage_due_on=event.due_on,
        open_left=event.open_left,
    )


def _first_contact(row: Journey, event: FirstContactTaken) -> Journey:
    return replace(
        row,
        first_contact_id=event.contact_id,
        first_contact_on=event.taken_at.date(),
        first_contact_day=event.journey_day,
        in_time=event.in_time,
    )


def _voided(row: Journey, event: RecordVoided) -> Journey:
    if event.open_left is not None:
        row = replace(row, open_left=event.open_left)
    if event.record_id != row.first_contact_id:
        return row
    return replace(row, first_contact_id=None, first_contact_on=None, first_contact_day=None, in_time=None)


def _reviewed(row: Journey, event: JourneyReviewed) -> Journey:
    if event.side == HIRE:
        return replace(row, hire_rating=event.rating)
    return replace(row, supervisor_rating=event.rating)
