"""What behaviour_profile answers with: scores, and the lines that explain them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, model_validator

from services.coaching.deciders.evaluation import Line, explained
from services.coaching.events.evaluation import SeenBehaviour
from services.coaching.events.shapes import ScaleCode, ScaleScore
from shared.core.event import Personal

_ANSWERS = TypeAdapter(tuple[SeenBehaviour, ...])
_SCALES = TypeAdapter(tuple[ScaleScore, ...])


class ScoreVersion(BaseModel):
    """A score of an evaluation as it was recorded, kept or changed, and the lines of this scale that made it."""

    outcome: str
    on: date
    score: int
    scale_score: int | None
    lines: tuple[Line, ...]


class ProfileEvaluation(BaseModel):
    """An evaluation that counts, with every score it has had; the last one is the one that counts."""

    evaluation_id: UUID
    evaluator_id: UUID
    purpose: str
    occasion: str
    observed_on: date
    appeal_open: bool
    scores: tuple[ScoreVersion, ...]

    @model_validator(mode="before")
    @classmethod
    def _explained(cls, told: dict[str, Any]) -> dict[str, Any]:
        versions = [version for version in told["versions"] if version["on"] is not None]
        return {**told, "scores": [_version(told["scale"], version) for version in versions]}


def _version(scale: ScaleCode, told: dict[str, Any]) -> ScoreVersion:
    scales = _SCALES.validate_python(told["scales"])
    lines = explained(_ANSWERS.validate_python(told["answers"] or ()), scales)
    return ScoreVersion(
        outcome=told["outcome"],
        on=told["on"],
        score=told["score"],
        scale_score=next((each.score for each in scales if each.scale == scale), None),
        lines=tuple(line for line in lines if line.scale == scale),
    )


class GoalShown(BaseModel):
    goal_id: UUID
    title: str | None
    unit: str
    target: Decimal
    value: Decimal | None
    due_on: date
    state: str


class ProfileItem(BaseModel):
    """`score` is the mean of the newest five evaluations by others, `previous` what it was before the newest one."""

    person_id: UUID
    role_id: UUID
    scale: ScaleCode
    team_id: UUID | None
    score: int | None
    previous: int | None
    trend: Decimal | None
    n: int
    weight: int
    low: bool
    self_score: int | None
    appeal_open: bool
    evaluations: Annotated[tuple[ProfileEvaluation, ...] | None, Personal("person_id")]
    goals: Annotated[tuple[GoalShown, ...] | None, Personal("person_id")]
