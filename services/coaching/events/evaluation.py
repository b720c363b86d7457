"""What can have happened with an evaluation of somebody's contacts: recorded, appealed, settled, voided."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.coaching.events.shapes import ScaleCode, ScaleScore
from shared.core.event import Event, Personal, Shape


class SeenBehaviour(Shape):
    """How far a behaviour was agreed to be seen, 1 to 5; None: there was no occasion to see it."""

    behaviour_id: UUID
    scale: ScaleCode
    critical: bool
    agree: int | None = None


class EvaluationRecorded(Event, name="coaching.evaluation-recorded"):
    """Contacts were evaluated against a published role, scale by scale; what was not seen lowers no score."""

    evaluation_id: UUID
    subject: str
    subject_id: UUID
    team_id: UUID | None = None
    evaluator_id: UUID
    role_id: UUID
    role_version: int
    purpose: str
    occasion: str
    cause: str
    contacts: tuple[str, ...]
    answers: Annotated[tuple[SeenBehaviour, ...] | None, Personal("subject_id")]
    scales: tuple[ScaleScore, ...]
    score: int
    not_seen: int
    critical_missed: tuple[UUID, ...]
    low_scales: tuple[ScaleCode, ...]
    observed_on: date
    recorded_on: date
    note: Annotated[str | None, Personal("subject_id")] = None


class EvaluationAppealed(Event, name="coaching.evaluation-appealed"):
    """The evaluated person sees some behaviours otherwise, and says why."""

    evaluation_id: UUID
    subject_id: UUID
    behaviours: tuple[UUID, ...]
    reason: Annotated[str | None, Personal("subject_id")]


class AppealSettled(Event, name="coaching.appeal-settled"):
    """Somebody else has looked again: the score was kept, or is another one by the answers as they stand now."""

    evaluation_id: UUID
    subject_id: UUID
    outcome: str
    previous_score: int
    answers: Annotated[tuple[SeenBehaviour, ...] | None, Personal("subject_id")]
    scales: tuple[ScaleScore, ...]
    score: int
    not_seen: int
    critical_missed: tuple[UUID, ...]
    low_scales: tuple[ScaleCode, ...]
    reason: Annotated[str | None, Personal("subject_id")]


class EvaluationVoided(Event, name="coaching.evaluation-voided"):
    """An evaluation was recorded by mistake: it counts no more, and stays readable."""

    evaluation_id: UUID
    subject: str
    subject_id: UUID
    reason: Annotated[str | None, Personal("subject_id")]


EvaluationEvent = EvaluationRecorded | EvaluationAppealed | AppealSettled | EvaluationVoided
