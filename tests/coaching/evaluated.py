"""One evaluation of Aino by Dani, as commands and facts: appealed by her, settled by Sanna, voided."""

from datetime import date
from uuid import UUID

from services.coaching.deciders.evaluation import (
    AppealEvaluation,
    RecordEvaluation,
    SettleAppeal,
    Sighting,
    VoidEvaluation,
)
from services.coaching.events.evaluation import (
    AppealSettled,
    EvaluationAppealed,
    EvaluationRecorded,
    EvaluationVoided,
    SeenBehaviour,
)
from services.coaching.events.shapes import ScaleCode, ScaleScore
from tests.coaching.cast import AINO, DANI, TEAM
from tests.coaching.work import LETS_FINISH, NOTES_ALL, ROLE, STAYS_CALM, SUMS_UP

EVALUATION, OTHER_EVALUATION, SELF_EVALUATION = (UUID(int=number) for number in range(121, 124))
OBSERVED = date(2027, 3, 15)


def answer(behaviour_id: UUID, agree: int | None) -> Sighting:
    return Sighting(behaviour_id=behaviour_id, agree=agree)


def seen(behaviour_id: UUID, of: ScaleCode, agree: int | None, critical: bool = False) -> SeenBehaviour:
    return SeenBehaviour(behaviour_id=behaviour_id, scale=of, critical=critical, agree=agree)


def scale(code: ScaleCode, score: int | None, seen: int, weight: int) -> ScaleScore:
    return ScaleScore(scale=code, score=score, seen=seen, weight=weight)


record = RecordEvaluation(
    evaluation_id=EVALUATION,
    subject="employee",
    subject_id=AINO,
    team_id=TEAM,
    role_id=ROLE,
    purpose="onboarding",
    occasion="side-by-side",
    contacts=("2027-03-15/14:05",),
    answers=(answer(LETS_FINISH, 2), answer(SUMS_UP, 4), answer(STAYS_CALM, 2), answer(NOTES_ALL, None)),
    observed_on=OBSERVED,
    note="Greets warmly.",
)
evaluated = EvaluationRecorded(
    evaluation_id=EVALUATION,
    subject="employee",
    subject_id=AINO,
    team_id=TEAM,
    evaluator_id=DANI,
    role_id=ROLE,
    role_version=1,
    purpose="onboarding",
    occasion="side-by-side",
    cause="none",
    contacts=("2027-03-15/14:05",),
    answers=(
        seen(LETS_FINISH, "service-mindedness", 2, critical=True),
        seen(SUMS_UP, "service-mindedness", 4),
        seen(STAYS_CALM, "stress-tolerance", 2),
        seen(NOTES_ALL, "carefulness", None),
    ),
    scales=(
        scale("carefulness", None, 0, 40),
        scale("service-mindedness", 50, 2, 30),
        scale("stress-tolerance", 25, 1, 30),
    ),
    score=38,
    not_seen=1,
    critical_missed=(LETS_FINISH,),
    low_scales=("stress-tolerance",),
    observed_on=OBSERVED,
    recorded_on=OBSERVED,
    note="Greets warmly.",
)
appeal = AppealEvaluation(evaluation_id=EVALUATION, behaviours=(LETS_FINISH,), reason="He had asked me to go on.")
appealed = EvaluationAppealed(**dict(appeal), subject_id=AINO)
settle = SettleAppeal(
    evaluation_id=EVALUATION, outcome="changed", answers=(answer(LETS_FINISH, 4),), reason="The recording shows it."
)
settled = AppealSettled(
    evaluation_id=EVALUATION,
    subject_id=AINO,
    outcome="changed",
    previous_score=38,
    answers=(
        seen(LETS_FINISH, "service-mindedness", 4, critical=True),
        seen(SUMS_UP, "service-mindedness", 4),
        seen(STAYS_CALM, "stress-tolerance", 2),
        seen(NOTES_ALL, "carefulness", None),
    ),
    scales=(
        scale("carefulness", None, 0, 40),
        scale("service-mindedness", 75, 2, 30),
        scale("stress-tolerance", 25, 1, 30),
    ),
    score=50,
    not_seen=1,
    critical_missed=(),
    low_scales=("stress-tolerance",),
    reason="The recording shows it.",
)
kept = AppealSettled(
    evaluation_id=EVALUATION,
    subject_id=AINO,
    outcome="kept",
    previous_score=38,
    answers=evaluated.answers,
    scales=evaluated.scales,
    score=38,
    not_seen=1,
    critical_missed=(LETS_FINISH,),
    low_scales=("stress-tolerance",),
    reason="The recording is clear.",
)
void = VoidEvaluation(evaluation_id=EVALUATION, reason="These were somebody else's contacts.")
evaluation_voided = EvaluationVoided(
    evaluation_id=EVALUATION,
    subject="employee",
    subject_id=AINO,
    reason="These were somebody else's contacts.",
)
