"""Evaluations of somebody's contacts against what good work is."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.coaching.deciders.evaluation import (
    EvaluationCommand,
    SettleAppeal,
    Sighting,
    evaluation,
)
from services.coaching.deciders.evaluation.scoring import Scores, scored
from services.coaching.events.evaluation import EvaluationAppealed, SeenBehaviour
from services.coaching.events.shapes import ScaleCode
from shared.testing.scenario import Scenario
from tests.coaching.cast import AINO, DANI, SANNA, TUULA, at, changed
from tests.coaching.evaluated import (
    EVALUATION,
    answer,
    appeal,
    appealed,
    evaluated,
    evaluation_voided,
    kept,
    record,
    scale,
    seen,
    settle,
    settled,
    void,
)
from tests.coaching.work import LETS_FINISH, NOTES_ALL, PUBLISHED, READY, STAYS_CALM, SUMS_UP, published

given = Scenario(evaluation).given
NEW: dict[str, Any] = {"actor": DANI, "at": at(15), "role": PUBLISHED}


def test_contacts_are_evaluated_with_the_newest_definition() -> None:
    assert evaluation.stream(record) == f"coaching.evaluation-{EVALUATION}"
    given().when(record, **NEW).then(evaluated)
    newer = (*PUBLISHED, *PUBLISHED[1:2], published.model_copy(update={"version": 2}))
    given().when(record, **NEW | {"role": newer}).then(evaluated.model_copy(update={"role_version": 2}))


def test_an_evaluation_is_recorded_once() -> None:
    for history in ([evaluated], [evaluated, appealed, settled], [evaluated, evaluation_voided]):
        given(*history).when(record, **NEW).then_nothing()
        given(*history).when(changed(record, note="Other words."), **NEW).then_rejected("evaluation-exists")
    others = changed(record, answers=(answer(SUMS_UP, 1),))
    given(evaluated).when(others, **NEW).then_rejected("evaluation-exists")


def test_only_a_published_role_is_evaluated_with() -> None:
    given().when(record, **NEW | {"role": ()}).then_rejected("role-unpublished")
    given().when(record, **NEW | {"role": READY}).then_rejected("role-unpublished")


def test_answers_are_about_behaviours_of_the_role_each_once() -> None:
    strange = changed(record, answers=(answer(UUID(int=9), 4),))
    given().when(strange, **NEW).then_rejected("behaviour-unknown")
    with pytest.raises(ValidationError, match="names something twice"):
        changed(record, answers=(answer(SUMS_UP, 1), answer(SUMS_UP, 2)))


def test_what_was_not_seen_at_all_is_no_evaluation() -> None:
    given().when(changed(record, answers=(answer(SUMS_UP, None),)), **NEW).then_rejected("nothing-seen")


@pytest.mark.parametrize("fields", [{"subject": "candidate"}, {"purpose": "selection"}])
def test_candidates_and_selection_need_consent(fields: dict[str, str]) -> None:
    unasked = changed(record, **fields)
    given().when(unasked, **NEW).then_rejected("consent-missing")
    given().when(changed(unasked, consent=True), **NEW).then(evaluated.model_copy(update=fields))


def test_a_self_evaluation_is_made_by_oneself() -> None:
    of_oneself = changed(record, purpose="self")
    given().when(of_oneself, **NEW).then_rejected("self-only")
    given().when(record, **NEW | {"actor": AINO}).then_rejected("self-only")
    given().when(of_oneself, **NEW | {"actor": AINO}).then(
        evaluated.model_copy(update={"purpose": "self", "evaluator_id": AINO})
    )


def test_what_has_not_been_observed_yet_is_not_recorded() -> None:
    given().when(changed(record, observed_on=date(2027, 3, 16)), **NEW).then_rejected("in-the-future")


@pytest.mark.parametrize("command", [appeal, settle, void], ids=lambda command: type(command).__name__)
def test_an_evaluation_that_was_never_recorded_is_unknown(command: EvaluationCommand) -> None:
    given().when(command).then_rejected("unknown-evaluation")


# The appeal


def test_the_evaluated_person_appeals() -> None:
    given(evaluated).when(appeal, actor=AINO, at=at(20)).then(appealed)
    given(evaluated, appealed).when(appeal, actor=AINO, at=at(20)).then_nothing()
    given(evaluated, appealed, settled).when(appeal, actor=AINO, at=at(20)).then_nothing()
    given(evaluated, appealed, evaluation_voided).when(appeal, actor=AINO, at=at(20)).then_nothing()
    also_calm = changed(appeal, behaviours=(LETS_FINISH, STAYS_CALM))
    given(evaluated, appealed).when(also_calm, actor=AINO, at=at(21)).then(
        EvaluationAppealed(**dict(also_calm), subject_id=AINO)
    )


def test_an_appeal_is_by_oneself_in_time_and_about_what_was_evaluated() -> None:
    given(evaluated).when(appeal, actor=SANNA, at=at(20)).then_rejected("not-the-subject")
    given(evaluated).when(appeal, actor=AINO, at=at(14, month=4)).then(appealed)
    given(evaluated).when(appeal, actor=AINO, at=at(15, month=4)).then_rejected("appeal-too-late")
    strange = changed(appeal, behaviours=(UUID(int=9),))
    given(evaluated).when(strange, actor=AINO, at=at(20)).then_rejected("behaviour-unknown")
    anew = changed(appeal, reason="And once more.")
    given(evaluated, appealed, settled).when(anew, actor=AINO, at=at(20)).then_rejected("already-settled")
    given(evaluated, evaluation_voided).when(appeal, actor=AINO, at=at(20)).then_rejected("evaluation-over")


# The settlement


def test_somebody_else_changes_the_answers_and_the_score_with_them() -> None:
    given(evaluated, appealed).when(settle, actor=SANNA).then(settled)
    given(evaluated, appealed, settled).when(settle, actor=SANNA).then_nothing()
    given(evaluated, appealed, settled, evaluation_voided).when(settle, actor=SANNA).then_nothing()


def test_an_appeal_may_leave_the_score_as_it_is() -> None:
    keep = SettleAppeal(evaluation_id=EVALUATION, outcome="kept", reason="The recording is clear.")
    given(evaluated, appealed).when(keep, actor=SANNA).then(kept)
    given(evaluated, appealed, kept).when(keep, actor=SANNA).then_nothing()
    given(evaluated, appealed, kept).when(settle, actor=SANNA).then_rejected("not-appealed")


def test_a_settlement_needs_an_appeal_and_another_pair_of_eyes() -> None:
    given(evaluated).when(settle, actor=SANNA).then_rejected("not-appealed")
    given(evaluated, appealed).when(settle, actor=DANI).then_rejected("same-evaluator")
    given(evaluated, appealed).when(settle, actor=AINO).then_rejected("own-appeal")
    given(evaluated, appealed, evaluation_voided).when(settle, actor=SANNA).then_rejected("evaluation-over")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((answer(SUMS_UP, 4),), "nothing-changed"),
        ((), "nothing-changed"),
        ((answer(UUID(int=9), 4),), "behaviour-unknown"),
        ((answer(LETS_FINISH, None), answer(SUMS_UP, None), answer(STAYS_CALM, None)), "nothing-seen"),
    ],
)
def test_a_changed_score_has_other_answers_that_can_be_scored(answers: tuple[Sighting, ...], code: str) -> None:
    given(evaluated, appealed).when(changed(settle, answers=answers), actor=SANNA).then_rejected(code)


def test_an_appeal_can_be_settled_after_the_answers_were_erased() -> None:
    erased = evaluated.model_copy(update={"answers": None, "note": None})
    keep = SettleAppeal(evaluation_id=EVALUATION, outcome="kept", reason="Nothing is left to look at.")
    forgotten = kept.model_copy(update={"answers": None, "reason": "Nothing is left to look at."})
    given(erased, appealed).when(keep, actor=SANNA).then(forgotten)
    given(erased, appealed, forgotten).when(keep, actor=SANNA).then_nothing()


# Voiding


def test_an_evaluation_is_voided_and_stays_readable() -> None:
    for history in ([evaluated], [evaluated, appealed], [evaluated, appealed, settled]):
        given(*history).when(void, actor=SANNA).then(evaluation_voided)
        given(*history, evaluation_voided).when(void, actor=SANNA).then_nothing()
    anew = changed(void, reason="For another reason.")
    given(evaluated, evaluation_voided).when(anew, actor=SANNA).then_rejected("evaluation-over")


def test_a_trainer_voids_the_own_evaluations_only() -> None:
    given(evaluated).when(changed(void, evaluator_id=DANI), actor=DANI).then(evaluation_voided)
    given(evaluated).when(changed(void, evaluator_id=TUULA), actor=TUULA).then_rejected("not-the-evaluator")


def test_nobody_voids_what_another_recorded_about_them() -> None:
    for history in ([evaluated], [evaluated, appealed], [evaluated, appealed, settled]):
        given(*history).when(void, actor=AINO).then_rejected("own-evaluation")
    of_oneself = evaluated.model_copy(update={"evaluator_id": AINO})
    given(of_oneself).when(void, actor=AINO).then(evaluation_voided)


# Scores


def test_scores_are_weighted_means_of_what_was_seen() -> None:
    """The example of the domain: 20/30/50, scored 50, 75 and not seen, make (20 x 50 + 30 x 75) / 50 = 65."""
    weights: dict[ScaleCode, int] = {"carefulness": 20, "service-mindedness": 30, "integrity": 50}
    answers = (
        seen(NOTES_ALL, "carefulness", 3),
        seen(SUMS_UP, "service-mindedness", 4),
        seen(STAYS_CALM, "integrity", None),
    )
    assert scored(answers, weights) == Scores(
        scales=(
            scale("carefulness", 50, 1, 20),
            scale("service-mindedness", 75, 1, 30),
            scale("integrity", None, 0, 50),
        ),
        score=65,
        not_seen=1,
        critical_missed=(),
        low_scales=(),
    )


def test_critical_behaviours_and_low_scales_are_told_beside_the_score() -> None:
    answers = (
        seen(LETS_FINISH, "service-mindedness", 2, critical=True),
        seen(SUMS_UP, "service-mindedness", 3),
        seen(STAYS_CALM, "stress-tolerance", 3, critical=True),
        seen(NOTES_ALL, "integrity", 1),
    )
    scores = scored(answers, {"service-mindedness": 50, "stress-tolerance": 50})
    assert scores is not None
    assert scores.critical_missed == (LETS_FINISH,)
    assert scores.low_scales == ("service-mindedness",), "half is not low, and what doesn't count is never low"
    assert (scores.score, scores.scales[0].score) == (44, 38), "43.75 and 37.5, rounded half up"


def test_nothing_that_counts_was_seen() -> None:
    unweighted: tuple[SeenBehaviour, ...] = (seen(NOTES_ALL, "integrity", 5), seen(SUMS_UP, "carefulness", None))
    assert scored(unweighted, {"carefulness": 100}) is None
    assert scored((), {}) is None
