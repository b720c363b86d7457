"""What behaviour_profile keeps of evaluations, with every score they had, and of what the roles look for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from services.coaching.events.evaluation import (
    AppealSettled,
    EvaluationAppealed,
    EvaluationEvent,
    EvaluationRecorded,
    EvaluationVoided,
    SeenBehaviour,
)
from services.coaching.events.role import Behaviour, RolePublished
from services.coaching.events.shapes import ScaleCode, ScaleScore
from shared.core.event import Personal, Recorded
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation with its score as recorded, and as settled if it was appealed. `scales` are those that count."""

    evaluation_id: UUID
    subject: str | None = None
    subject_id: UUID | None = None
    evaluator_id: UUID | None = None
    role_id: UUID | None = None
    role_version: int | None = None
    purpose: str | None = None
    occasion: str | None = None
    observed_on: date | None = None
    scales: tuple[ScaleScore, ...] = ()
    recorded_on: date | None = None
    recorded_scales: tuple[ScaleScore, ...] = ()
    recorded_answers: Annotated[tuple[SeenBehaviour, ...] | None, Personal("subject_id")] = None
    recorded_score: int | None = None
    settled_on: date | None = None
    settled_outcome: str | None = None
    settled_answers: Annotated[tuple[SeenBehaviour, ...] | None, Personal("subject_id")] = None
    settled_score: int | None = None
    appeal_open: bool = False
    voided: bool = False


def evaluated_of(event: EvaluationEvent, _: Recorded) -> UUID:
    return event.evaluation_id


def evaluated(row: Evaluated | None, event: EvaluationEvent, recorded: Recorded) -> Evaluated:
    row = row or Evaluated(event.evaluation_id)
    match event:
        case EvaluationRecorded():
            return _recorded(event)
        case EvaluationAppealed():
            return replace(row, appeal_open=True)
        case AppealSettled():
            return replace(
                row,
                scales=event.scales,
                settled_on=recorded.at.date(),
                settled_outcome=event.outcome,
                settled_answers=event.answers,
                settled_score=event.score,
                appeal_open=False,
            )
        case EvaluationVoided():
            return replace(row, voided=True, appeal_open=False)
        case _:
            assert_never(event)


def _recorded(event: EvaluationRecorded) -> Evaluated:
    return Evaluated(
        evaluation_id=event.evaluation_id,
        subject=event.subject,
        subject_id=event.subject_id,
        evaluator_id=event.evaluator_id,
        role_id=event.role_id,
        role_version=event.role_version,
        purpose=event.purpose,
        occasion=event.occasion,
        observed_on=event.observed_on,
        scales=event.scales,
        recorded_on=event.recorded_on,
        recorded_scales=event.scales,
        recorded_answers=event.answers,
        recorded_score=event.score,
    )


@dataclass(frozen=True, slots=True)
class RoleNow:
    """The newest published version of a role."""

    role_id: UUID
    weights: Mapping[ScaleCode, int] = field(default_factory=dict)
    behaviours: tuple[Behaviour, ...] = ()


def role_of(event: RolePublished, _: Recorded) -> UUID:
    return event.role_id


def role_now(_row: RoleNow | None, event: RolePublished, _: Recorded) -> RoleNow:
    return RoleNow(event.role_id, event.weights, event.behaviours)
