"""What can have happened within a stage of the journey."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.onboarding.events.shapes import (
    COACHING_FORM,
    COACHING_REF,
    IN_TIME,
    JOURNEY_DAY,
    OPEN_LEFT,
    SCORE,
    Requirement,
    TopicScore,
)
from shared.core.event import Event, Personal
from shared.core.types import Instant


class StageStarted(Event, name="onboarding.stage-started"):
    """A stage is open: what it asks for, which contacts may be taken with support, and by when it should end."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    title: str
    goal: str
    order: int
    stages_total: int
    started_on: date
    due_on: date
    supported: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    checks: tuple[str, ...]
    open_left: Annotated[int, OPEN_LEFT]


class FirstContactTaken(Event, name="onboarding.first-contact-taken"):
    """The new person has taken the first own customer contact, on this working day of the journey."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    contact_id: UUID
    contact_type: str
    taken_at: Instant
    supported_by: UUID
    journey_day: Annotated[int, JOURNEY_DAY]
    in_time: Annotated[bool | None, IN_TIME] = None


class MonitoringRecorded(Event, name="onboarding.monitoring-recorded"):
    """Somebody has followed the new person's contacts; counted for `requirement`, if for any."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    requirement: str | None = None
    monitoring_id: UUID
    observed_on: date
    note: Annotated[str | None, Personal("person_id")] = None


class CoachingRecorded(Event, name="onboarding.coaching-recorded"):
    """The new person was coached, sparred with or trained; counted for `requirement`, if for any."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    ref: Annotated[UUID, COACHING_REF]
    form: Annotated[str, COACHING_FORM]
    topics: tuple[str, ...]
    held_on: date
    requirement: str | None = None


class StageRequirementMet(Event, name="onboarding.stage-requirement-met"):
    """One requirement of the open stage is fulfilled; `open_left` requirements and checks remain."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    requirement: str
    kind: str
    met_on: date
    open_left: Annotated[int, OPEN_LEFT]


class CheckPassed(Event, name="onboarding.check-passed"):
    """A survey was answered or an exam passed; `needs` are the topics to go on with."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    check: str
    kind: str
    attempt_id: UUID
    attempt_no: int
    score: Annotated[int, SCORE]
    topics: tuple[TopicScore, ...]
    needs: tuple[str, ...]
    open_left: Annotated[int, OPEN_LEFT]
    suggestion: Annotated[str | None, Personal("person_id")] = None


class CheckFailed(Event, name="onboarding.check-failed"):
    """An exam stayed under its pass mark; `needs` are the topics that did."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    check: str
    attempt_id: UUID
    attempt_no: int
    score: Annotated[int, SCORE]
    pass_mark: int
    topics: tuple[TopicScore, ...]
    needs: tuple[str, ...]
    suggestion: Annotated[str | None, Personal("person_id")] = None


class RecordVoided(Event, name="onboarding.record-voided"):
    """A record was wrong and is taken back; `requirement` names what is open again because of it."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    record_id: UUID
    kind: str
    stage: str
    requirement: str | None = None
    open_left: Annotated[int | None, OPEN_LEFT] = None
    reason: Annotated[str | None, Personal("person_id")]


class StageVerified(Event, name="onboarding.stage-verified"):
    """Somebody answers for it, with evidence, that the person masters what the stage is about."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    evidence: Annotated[str | None, Personal("person_id")]


class StageTailored(Event, name="onboarding.stage-tailored"):
    """A stage asks this person for more, or less, than the template does."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    add: tuple[Requirement, ...]
    drop: tuple[str, ...]
    open_left: Annotated[int | None, OPEN_LEFT] = None
    reason: Annotated[str | None, Personal("person_id")]


class StageReplanned(Event, name="onboarding.stage-replanned"):
    """The open stage has another due day than its target days gave it."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    due_on: date
    reason: Annotated[str | None, Personal("person_id")]


class StageCompleted(Event, name="onboarding.stage-completed"):
    """Everything a stage asks for is done: its contact types may be taken alone from now on."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    completed_on: date
    working_days: int
    unlocks: tuple[str, ...]


class JourneyStalled(Event, name="onboarding.journey-stalled"):
    """The due day of the open stage has passed with these requirements and checks still open."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    due_on: date
    open: tuple[str, ...]


StageEvent = (
    StageStarted
    | FirstContactTaken
    | MonitoringRecorded
    | CoachingRecorded
    | StageRequirementMet
    | CheckPassed
    | CheckFailed
    | RecordVoided
    | StageVerified
    | StageTailored
    | StageReplanned
    | StageCompleted
    | JourneyStalled
)
