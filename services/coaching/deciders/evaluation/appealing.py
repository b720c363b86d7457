"""After an evaluation: the evaluated person sees it otherwise, somebody else looks again, or it is taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.coaching.deciders.evaluation.commands import AppealEvaluation, SettleAppeal, Sighting, VoidEvaluation
from services.coaching.deciders.evaluation.recording import refuse_unknown, scores_of
from services.coaching.deciders.evaluation.scoring import Scores
from services.coaching.deciders.evaluation.state import (
    Appealed,
    Evaluation,
    Recorded,
    Settled,
    Voided,
    known,
    refuse_voided,
)
from services.coaching.events.evaluation import (
    AppealSettled,
    EvaluationAppealed,
    EvaluationEvent,
    EvaluationRecorded,
    EvaluationVoided,
    SeenBehaviour,
)
from shared.core.decider import Asked, Rejected

APPEAL_WITHIN = timedelta(days=30)


def appeal_evaluation(command: AppealEvaluation, evaluation: Evaluation, asked: Asked) -> Sequence[EvaluationEvent]:
    there = known(evaluation)
    appealed = EvaluationAppealed(**dict(command), subject_id=there.recorded.subject_id)
    if not isinstance(there, Recorded) and there.appeal == appealed:
        return []
    refuse_voided(evaluation)
    if asked.actor != str(there.recorded.subject_id):
        raise Rejected("not-the-subject", "only who was evaluated appeals")
    if isinstance(there, Settled):
        raise Rejected("already-settled", "the appeal was settled, and is not opened again")
    if asked.day > there.recorded.recorded_on + APPEAL_WITHIN:
        raise Rejected("appeal-too-late", "an evaluation is appealed within 30 days")
    refuse_unknown(command.behaviours, {each.behaviour_id for each in there.recorded.answers or ()})
    return [appealed]


def settle_appeal(command: SettleAppeal, evaluation: Evaluation, asked: Asked) -> Sequence[EvaluationEvent]:
    there = known(evaluation)
    if isinstance(there, Settled) and _is_settled_so(command, there.settled):
        return []
    refuse_voided(evaluation)
    if not isinstance(there, Appealed):
        raise Rejected("not-appealed", "there is no open appeal to settle")
    recorded = there.recorded
    if asked.actor == str(recorded.evaluator_id):
        raise Rejected("same-evaluator", "somebody else than the evaluator looks again")
    if asked.actor == str(recorded.subject_id):
        raise Rejected("own-appeal", "nobody settles an appeal of their own")
    return [
        AppealSettled(
            evaluation_id=command.evaluation_id,
            subject_id=recorded.subject_id,
            outcome=command.outcome,
            previous_score=recorded.score,
            reason=command.reason,
            **dict(_looked_at_again(command, recorded)),
        )
    ]


def _is_settled_so(command: SettleAppeal, settled: AppealSettled) -> bool:
    told = (settled.outcome, settled.reason) == (command.outcome, command.reason)
    return told and (command.outcome == "kept" or _changed(settled.answers or (), command.answers) == settled.answers)


def _looked_at_again(command: SettleAppeal, recorded: EvaluationRecorded) -> Mapping[str, Any]:
    """The answers and scores as they stand after it."""
    before = recorded.answers or ()
    if command.outcome == "kept":
        return {"answers": recorded.answers, **{field: getattr(recorded, field) for field in Scores.model_fields}}
    refuse_unknown((each.behaviour_id for each in command.answers), {each.behaviour_id for each in before})
    answers = _changed(before, command.answers)
    if answers == before:
        raise Rejected("nothing-changed", "no answer is another one than before")
    return {"answers": answers, **dict(scores_of(answers, {each.scale: each.weight for each in recorded.scales}))}


def _changed(before: Sequence[SeenBehaviour], answers: Iterable[Sighting]) -> tuple[SeenBehaviour, ...]:
    now = {answer.behaviour_id: answer.agree for answer in answers}
    return tuple(each.model_copy(update={"agree": now.get(each.behaviour_id, each.agree)}) for each in before)


def void_evaluation(command: VoidEvaluation, evaluation: Evaluation, asked: Asked) -> Sequence[EvaluationEvent]:
    """What one has said of oneself may be taken back, not what another has."""
    recorded = known(evaluation).recorded
    if isinstance(evaluation, Voided) and evaluation.reason == command.reason:
        return []
    refuse_voided(evaluation)
    if command.evaluator_id not in (None, recorded.evaluator_id):
        raise Rejected("not-the-evaluator", "somebody else recorded this evaluation")
    if asked.actor == str(recorded.subject_id) != str(recorded.evaluator_id):
        raise Rejected("own-evaluation", "nobody takes back what another has recorded about them")
    return [
        EvaluationVoided(
            evaluation_id=command.evaluation_id,
            subject=recorded.subject,
            subject_id=recorded.subject_id,
            reason=command.reason,
        )
    ]
