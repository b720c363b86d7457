"""Recording an evaluation: the answers against the newest definition of the role, and the scores they come to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from services.coaching.deciders.evaluation.commands import RecordEvaluation, Sighting
from services.coaching.deciders.evaluation.scoring import Scores, scored
from services.coaching.deciders.evaluation.state import Evaluation, Missing, known
from services.coaching.deciders.role import newest_of
from services.coaching.events.evaluation import EvaluationEvent, EvaluationRecorded, SeenBehaviour
from services.coaching.events.role import RolePublished
from services.coaching.events.shapes import ScaleCode
from shared.core.decider import Asked, Rejected, Seen


def record_evaluation(
    command: RecordEvaluation, evaluation: Evaluation, seen: Seen, asked: Asked
) -> Sequence[EvaluationEvent]:
    if not isinstance(evaluation, Missing):
        if _is_told(command, known(evaluation).recorded):
            return []
        raise Rejected("evaluation-exists", "an evaluation with this id was recorded with other contents")
    newest = newest_of(seen.role)
    if newest is None:
        raise Rejected("role-unpublished", "there is no published definition of this role to evaluate with")
    answers = _against(newest, command.answers)
    scores = scores_of(answers, newest.weights)
    _refuse_unasked(command)
    _refuse_strangers(command, asked)
    if command.observed_on > asked.day:
        raise Rejected("in-the-future", "the contacts have not been observed yet")
    told = {field: value for field, value in command if field not in ("answers", "consent")}
    return [
        EvaluationRecorded(
            **told,
            evaluator_id=asked.person_id,
            role_version=newest.version,
            answers=answers,
            recorded_on=asked.day,
            **dict(scores),
        )
    ]


def _is_told(command: RecordEvaluation, recorded: EvaluationRecorded) -> bool:
    told = all(getattr(recorded, field) == value for field, value in command if field not in ("answers", "consent"))
    answers = {each.behaviour_id: each.agree for each in recorded.answers or ()}
    return told and answers == {each.behaviour_id: each.agree for each in command.answers}


def _against(newest: RolePublished, answers: Iterable[Sighting]) -> tuple[SeenBehaviour, ...]:
    """The answers, each with what the role says of its behaviour."""
    behaviours = {each.behaviour_id: each for each in newest.behaviours}
    refuse_unknown((answer.behaviour_id for answer in answers), behaviours)
    return tuple(
        SeenBehaviour(
            behaviour_id=answer.behaviour_id,
            scale=behaviours[answer.behaviour_id].scale,
            critical=behaviours[answer.behaviour_id].critical,
            agree=answer.agree,
        )
        for answer in answers
    )


def refuse_unknown(named: Iterable[UUID], behaviours: Collection[UUID]) -> None:
    if strange := [str(each) for each in named if each not in behaviours]:
        raise Rejected("behaviour-unknown", f"these are not evaluated here: {', '.join(strange)}")


def scores_of(answers: Sequence[SeenBehaviour], weights: Mapping[ScaleCode, int]) -> Scores:
    scores = scored(answers, weights)
    if scores is None:
        raise Rejected("nothing-seen", "no behaviour that counts was seen: there is nothing to score")
    return scores


def _refuse_unasked(command: RecordEvaluation) -> None:
    if (command.subject == "candidate" or command.purpose == "selection") and not command.consent:
        raise Rejected(
            "consent-missing", "candidates are evaluated, and people selected by it, with their consent only"
        )


def _refuse_strangers(command: RecordEvaluation, asked: Asked) -> None:
    by_oneself = asked.actor == str(command.subject_id)
    if by_oneself != (command.purpose == "self"):
        raise Rejected("self-only", "a self-evaluation is made by oneself, and every other one by somebody else")
