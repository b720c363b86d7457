"""Heard from onboarding: how far the hires are, and what their checks show."""

from datetime import date
from uuid import UUID

from shared.core.event import Event, Shape


class Requirement(Shape):
    """What is done before a stage ends; `focus` says what to watch or coach meanwhile."""

    code: str
    kind: str
    focus: str


class CheckFailed(Event, name="onboarding.check-failed"):
    """An exam showed these needs."""

    person_id: UUID
    team_id: UUID
    attempt_id: UUID
    stage: str
    needs: tuple[str, ...]


class CheckPassed(Event, name="onboarding.check-passed"):
    """A survey or a passed exam may show needs too."""

    person_id: UUID
    team_id: UUID
    attempt_id: UUID
    stage: str
    needs: tuple[str, ...]


class JourneyStalled(Event, name="onboarding.journey-stalled"):
    """A stage was not done on its due day."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    stage: str
    due_on: date


class JourneyStarted(Event, name="onboarding.journey-started"):
    """A person is being onboarded, from this day on."""

    person_id: UUID
    journey_no: int
    starts_on: date


class StageStarted(Event, name="onboarding.stage-started"):
    """A stage is open, with what it is about."""

    person_id: UUID
    journey_no: int
    stage: str
    title: str
    goal: str
    due_on: date
    requirements: tuple[Requirement, ...]


class StageReplanned(Event, name="onboarding.stage-replanned"):
    """The open stage has another due day."""

    person_id: UUID
    stage: str
    due_on: date


class StageTailored(Event, name="onboarding.stage-tailored"):
    """A stage asks this person for more, or less."""

    person_id: UUID
    stage: str
    add: tuple[Requirement, ...]
    drop: tuple[str, ...]


class StageRequirementMet(Event, name="onboarding.stage-requirement-met"):
    """One requirement of the open stage is fulfilled."""

    person_id: UUID
    stage: str
    requirement: str


class RecordVoided(Event, name="onboarding.record-voided"):
    """A record is taken back; `requirement` is open again because of it."""

    person_id: UUID
    stage: str
    requirement: str | None = None


class StageCompleted(Event, name="onboarding.stage-completed"):
    """A stage is done."""

    person_id: UUID
    journey_no: int
    stage: str


class JourneyCompleted(Event, name="onboarding.journey-completed"):
    """The last stage is done."""

    person_id: UUID
    journey_no: int
    completed_on: date


class JourneyStopped(Event, name="onboarding.journey-stopped"):
    """The journey ended before its goal."""

    person_id: UUID
    journey_no: int
    on: date


JourneyFact = (
    JourneyStalled
    | JourneyStarted
    | StageStarted
    | StageReplanned
    | StageTailored
    | StageRequirementMet
    | RecordVoided
    | StageCompleted
    | JourneyCompleted
    | JourneyStopped
)
CheckFact = CheckFailed | CheckPassed
