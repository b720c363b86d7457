"""An evaluation of somebody's contacts against a published role; it may be appealed, settled by another, voided."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.evaluation.appealing import appeal_evaluation, settle_appeal, void_evaluation
from services.coaching.deciders.evaluation.commands import (
    AppealEvaluation,
    EvaluationCommand,
    RecordEvaluation,
    SettleAppeal,
    Sighting,
    VoidEvaluation,
)
from services.coaching.deciders.evaluation.recording import record_evaluation
from services.coaching.deciders.evaluation.scoring import Line, explained
from services.coaching.deciders.evaluation.state import Evaluation, Missing, evolve
from services.coaching.deciders.role import role
from services.coaching.deciders.role import stream_of as role_stream
from services.coaching.events.evaluation import EvaluationEvent
from shared.core.decider import Asked, Decider, Look, LookUps, Seen


def stream_of(evaluation_id: UUID) -> str:
    return f"coaching.evaluation-{evaluation_id}"


def look_ups(command: EvaluationCommand, evaluation: Evaluation) -> LookUps:
    match command:
        case RecordEvaluation():
            return {"role": Look(role, role_stream(command.role_id))}
        case AppealEvaluation() | SettleAppeal() | VoidEvaluation():
            return {}
        case _:
            assert_never(command)


def decide(command: EvaluationCommand, evaluation: Evaluation, seen: Seen, asked: Asked) -> Sequence[EvaluationEvent]:
    match command:
        case RecordEvaluation():
            return record_evaluation(command, evaluation, seen, asked)
        case AppealEvaluation():
            return appeal_evaluation(command, evaluation, asked)
        case SettleAppeal():
            return settle_appeal(command, evaluation, asked)
        case VoidEvaluation():
            return void_evaluation(command, evaluation, asked)
        case _:
            assert_never(command)


evaluation: Decider[EvaluationCommand, Evaluation, EvaluationEvent] = Decider(
    kind="evaluation",
    commands=EvaluationCommand,
    events=EvaluationEvent,
    stream=lambda command: stream_of(command.evaluation_id),
    initial=Missing(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "AppealEvaluation",
    "EvaluationCommand",
    "Line",
    "RecordEvaluation",
    "SettleAppeal",
    "Sighting",
    "VoidEvaluation",
    "evaluation",
    "explained",
]
