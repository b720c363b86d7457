"""The values that onboarding's facts and commands share.

A shape stands in facts too, so a limit here may be widened but never narrowed: every stored fact stays readable.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shared.core.event import Shape
from shared.core.types import Code, Percent, Text80, Text200, Text300, Text400, Text4000

RequirementKind = Literal["monitor", "coach", "spar", "train", "first-contact", "sign-off"]
CheckKind = Literal["survey", "exam"]

SURVEY_POINTS = 5

# What a field's name does not tell, wherever it stands.
PACE = Field(description="Percent of full time: the days of the stages are stretched by it")
OPEN_LEFT = Field(description="Requirements and checks of the stage that are still open")
JOURNEY_DAY = Field(description="Working days since the first stage started, that day being the first")
COACHING_REF = Field(description="The session, sparring or training that it was; each counts once")
COACHING_FORM = Field(description="Coached in a session, sparred with or trained")
SCORE = Field(description="Percent of the points that could be had")
NEEDED_BY_DAY = Field(description="Day of the journey; 0 is before arrival")
IN_TIME = Field(description="Whether the first contact was; null where the plan names no day for it")
RATING = Field(description="From 1 to 5, the best")


class KitItem(Shape):
    """One thing that is ready when a hire comes."""

    code: Code
    kind: Literal["device", "access-key", "badge", "account", "workspace", "gift", "other"]
    title: Text80
    needed_by_day: Annotated[int, Field(ge=0, le=30), NEEDED_BY_DAY]


class Measure(Shape):
    """A measure of the work, and why it is measured."""

    measure: Code
    why: Literal["availability", "competence", "customer-experience"]
    reason: Text300


class Section(Shape):
    """A part of the honest preview of a job."""

    topic: Literal["best-moments", "work-rhythm", "hard-days", "measures", "own-influence", "pay-and-terms", "other"]
    title: Text80
    body: Text4000
    measures: Annotated[tuple[Measure, ...], Field(max_length=20)]


class Requirement(Shape):
    """What is done `count` times before a stage ends; `focus` says what to watch or coach meanwhile."""

    code: Code
    kind: RequirementKind
    count: Annotated[int, Field(ge=1, le=20)]
    focus: Text200


class Question(Shape):
    """A question of a check. In a survey the hire tells the own confidence, 1 to 5."""

    code: Code
    topic: Code
    text: Text400
    max_points: Annotated[int, Field(ge=1, le=10)]


class Check(Shape):
    """A survey, which always passes, or an exam with a pass mark."""

    code: Code
    kind: CheckKind
    pass_mark: Percent | None = None
    retake: Literal["after-coaching", "free"]
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _survey_points(self) -> Self:
        if self.kind == "survey" and any(question.max_points != SURVEY_POINTS for question in self.questions):
            raise ValueError(f"a survey asks for confidence from 1 to {SURVEY_POINTS}: max_points is {SURVEY_POINTS}")
        return self


class Stage(Shape):
    """A stage of the onboarding: contact types are `supported` during it and unlocked at its end."""

    code: Code
    title: Text80
    goal: Text400
    topics: Annotated[tuple[Code, ...], Field(max_length=20)]
    target_days: Annotated[int, Field(ge=1, le=90, description="Working days, at full time")]
    supported: tuple[Code, ...]
    unlocks: tuple[Code, ...]
    first_contact_by_day: Annotated[Annotated[int, Field(ge=1, le=30)] | None, JOURNEY_DAY] = None
    requirements: Annotated[tuple[Requirement, ...], Field(max_length=20)]
    checks: Annotated[tuple[Check, ...], Field(max_length=5)]


class TopicScore(Shape):
    """How one topic of a check went."""

    topic: Code
    percent: Percent
