"""Where an evaluation stands."""

from dataclasses import dataclass
from typing import assert_never

from services.coaching.events.evaluation import (
    AppealSettled,
    EvaluationAppealed,
    EvaluationEvent,
    EvaluationRecorded,
    EvaluationVoided,
)
from shared.core.decider import over, unknown


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Recorded:
    recorded: EvaluationRecorded


@dataclass(frozen=True, slots=True)
class Appealed:
    recorded: EvaluationRecorded
    appeal: EvaluationAppealed


@dataclass(frozen=True, slots=True)
class Settled:
    recorded: EvaluationRecorded
    appeal: EvaluationAppealed
    settled: AppealSettled


Known = Recorded | Appealed | Settled


@dataclass(frozen=True, slots=True)
class Voided:
    evaluation: Known
    reason: str | None


Evaluation = Missing | Known | Voided


def known(evaluation: Evaluation) -> Known:
    """Where it stands, or stood when it was voided."""
    match evaluation:
        case Missing():
            raise unknown("evaluation")
        case Recorded() | Appealed() | Settled():
            return evaluation
        case Voided():
            return evaluation.evaluation
        case _:
            assert_never(evaluation)


def refuse_voided(evaluation: Evaluation) -> None:
    if isinstance(evaluation, Voided):
        raise over("evaluation")


def evolve(evaluation: Evaluation, event: EvaluationEvent) -> Evaluation:
    match event:
        case EvaluationRecorded():
            return Recorded(event)
        case EvaluationAppealed():
            return Appealed(known(evaluation).recorded, event)
        case AppealSettled():
            return _settled(known(evaluation), event)
        case EvaluationVoided():
            return Voided(known(evaluation), event.reason)
        case _:
            assert_never(event)


def _settled(evaluation: Known, event: AppealSettled) -> Settled:
    assert not isinstance(evaluation, Recorded), "only an appeal is settled"
    return Settled(evaluation.recorded, evaluation.appeal, event)
