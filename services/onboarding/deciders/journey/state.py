"""Where a journey stands: what the next decision needs to know, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypedDict
from uuid import UUID

from services.onboarding.events.journey import Support
from services.onboarding.events.shapes import KitItem, Requirement, Stage
from shared.core.decider import Rejected, if_unknown, unknown

NOT_UNDERWAY = {"not-underway": "the person has no journey that is underway"}
NO_JOURNEY_UNDERWAY = if_unknown("journey") | NOT_UNDERWAY

RecordKind = Literal["monitoring", "coaching", "check", "first-contact"]


@dataclass(frozen=True, slots=True)
class Start:
    """With what a journey was started: the same command again is answered by nothing."""

    template_id: UUID
    starts_on: date
    supervisor_id: UUID
    pace: int
    credited: frozenset[str]


@dataclass(frozen=True, slots=True)
class Record:
    """Something that was done, not voided. `code` is the requirement it counted for, or its check; `form` is that of
    coaching."""

    id: UUID
    kind: RecordKind
    journey_no: int
    stage: str
    code: str | None
    day: date | None = None
    passed: bool = False
    form: str | None = None

    @property
    def counts_as(self) -> str | None:
        """The kind of the requirements that records like this are counted for."""
        return "monitor" if self.kind == "monitoring" else self.form


@dataclass(frozen=True, slots=True)
class Arranged:
    support: Support
    minutes: int


@dataclass(frozen=True, slots=True)
class Review:
    rating: int
    went_well: str | None
    suggestion: str | None


class JourneyFields(TypedDict):
    """The fields that every fact of a journey begins with."""

    person_id: UUID
    team_id: UUID
    journey_no: int


@dataclass(frozen=True, slots=True)
class Course:
    """One journey; records and ids are those of all journeys of the person, because a ref counts once. The id of a
    voided record stays known. What was `added` to the template's stages and `dropped` from them is told by stage and
    code."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    start: Start
    starts_on: date
    role_code: str
    final_goal: str
    kit: tuple[KitItem, ...]
    stages: Mapping[str, Stage]
    credited: tuple[str, ...]
    added: frozenset[tuple[str, str]] = frozenset()
    dropped: frozenset[tuple[str, str]] = frozenset()
    begun_on: date | None = None
    completed: tuple[str, ...] = ()
    verified: frozenset[str] = frozenset()
    support: Arranged | None = None
    reviews: Mapping[str, Review] = field(default_factory=dict)
    review_asked: bool = False
    records: tuple[Record, ...] = ()
    known_ids: Mapping[UUID, RecordKind] = field(default_factory=dict)
    seq: int = 0

    @property
    def fields(self) -> JourneyFields:
        return JourneyFields(person_id=self.person_id, team_id=self.team_id, journey_no=self.journey_no)

    @property
    def passed_stages(self) -> tuple[str, ...]:
        return self.credited + self.completed

    @property
    def ahead(self) -> tuple[str, ...]:
        """The stages still to be gone through, in order, the open one among them."""
        return tuple(code for code in self.stages if code not in self.passed_stages)

    @property
    def unlocked(self) -> frozenset[str]:
        return frozenset(kind for code in self.passed_stages for kind in self.stages[code].unlocks)

    @property
    def first_contact(self) -> Record | None:
        taken = (record for record in self.of_this_journey() if record.kind == "first-contact")
        return next(taken, None)

    def of_this_journey(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records if record.journey_no == self.journey_no)

    def record(self, record_id: UUID) -> Record | None:
        return next((record for record in self.records if record.id == record_id), None)


@dataclass(frozen=True, slots=True)
class OpenStage:
    """The stage in progress; `done` are its met requirements and passed checks."""

    code: str
    started_on: date
    due_on: date
    done: frozenset[str] = frozenset()
    stalled: bool = False


@dataclass(frozen=True, slots=True)
class NotStarted:
    pass


@dataclass(frozen=True, slots=True)
class Waiting:
    """The journey is agreed and the plan not yet gone through with the hire."""

    course: Course


@dataclass(frozen=True, slots=True)
class Underway:
    course: Course
    open: OpenStage

    @property
    def stage(self) -> Stage:
        return self.course.stages[self.open.code]

    @property
    def left(self) -> tuple[str, ...]:
        """What the open stage still asks for: unmet requirements, then checks not passed."""
        return tuple(code for code in codes_of(self.stage) if code not in self.open.done)

    def counted(self, requirement: Requirement) -> tuple[Record, ...]:
        """The records that count for a requirement of the open stage: those of its kind, because a code that was
        dropped may stand for something else by now."""
        for_it = (self.open.code, requirement.code, requirement.kind)
        records = self.course.of_this_journey()
        return tuple(each for each in records if (each.stage, each.code, each.counts_as) == for_it)

    def unmet(self, kind: str) -> Requirement | None:
        """The first requirement of this kind that is still to be met."""
        open_ones = (each for each in self.stage.requirements if each.code not in self.open.done)
        return next((each for each in open_ones if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Completed:
    course: Course


@dataclass(frozen=True, slots=True)
class Stopped:
    course: Course


Journey = NotStarted | Waiting | Underway | Completed | Stopped


def codes_of(stage: Stage) -> tuple[str, ...]:
    """What a stage asks for: the codes of its requirements and its checks."""
    requirements = tuple(requirement.code for requirement in stage.requirements)
    return requirements + tuple(check.code for check in stage.checks)


def course_of(journey: Journey) -> Course:
    if isinstance(journey, NotStarted):
        raise unknown("journey")
    return journey.course


def underway(journey: Journey) -> Underway:
    if isinstance(journey, Underway):
        return journey
    course_of(journey)
    raise not_underway()


def not_underway() -> Rejected:
    return Rejected.only(NOT_UNDERWAY)
