"""Good work defined, how it is done and why, and what causes complaints."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.coaching.deciders.evaluation import explained
from services.coaching.events.evaluation import EvaluationRecorded
from services.coaching.readmodels import behaviour_profile, role_definitions
from services.coaching.readmodels.parts.evaluations import Evaluated
from services.coaching.readmodels.role_definitions import Definition, Role
from shared.testing.interleavings import folded
from tests.coaching.cast import AINO, DANI, ONNI, OTHER_TEAM, SANNA, TEAM, at
from tests.coaching.evaluated import EVALUATION, OTHER_EVALUATION, evaluated, evaluation_voided, scale, settled
from tests.coaching.learning_streams import (
    EVALUATION_STREAM,
    FLOOR,
    GOALS_STREAM,
    OTHER,
    OTHER_ROLE_STREAM,
    ROLE_STREAM,
    SELF_STREAM,
    VOIDED_STREAM,
    of,
)
from tests.coaching.work import (
    BEHAVIOURS,
    LETS_FINISH,
    PUBLISHED,
    ROLE,
    STAYS_CALM,
    SUGGESTED,
    SUMS_UP,
    WEIGHTS,
    hearing_recorded,
    view_contributed,
)
from tests.services.reading import Reading

# role_definitions


def test_the_analysis_goes_on_after_a_version() -> None:
    rows = folded(role_definitions.read_model, ROLE_STREAM)
    analysis, first = rows[Definition][ROLE, 0], rows[Definition][ROLE, 1]
    assert rows[Role] == {ROLE: Role(ROLE, newest=1)}
    (hearing,) = analysis.phases
    assert (hearing.phase_id, hearing.impact) == (hearing_recorded.phase_id, Decimal("28.00")), "log2(128) x 4"
    assert [each.behaviour_id for each in analysis.behaviours] == [each.behaviour_id for each in BEHAVIOURS[1:]]
    assert (first.phases, first.phase_count, first.behaviours) == ((), 2, BEHAVIOURS)
    assert (analysis.suggested, analysis.rationale, first.rationale) == (SUGGESTED, "Nearly as suggested.", None)


async def test_everybody_reads_what_good_work_is(reading: Reading) -> None:
    await reading.told(ROLE_STREAM, OTHER_ROLE_STREAM)
    found = await reading.items("role-definitions", "A", AINO)
    assert [(each["role_id"], each["version"]) for each in found] == [
        (str(ROLE), 0),
        (str(ROLE), 1),
        (str(OTHER), 0),
        (str(OTHER), 1),
    ]
    analysis, first, *_ = found
    assert (first["newest"], analysis["newest"], first["weights"]) == (True, False, WEIGHTS)
    told = {name: str(getattr(view_contributed, name)) for name in ("view_id", "contributor_id", "text", "phase_id")}
    assert (analysis["views"], first["views"]) == ([told], [])
    assert [each["version"] for each in await reading.items("role-definitions", newest=True, role_code="agent")] == [
        1,
        1,
    ]
    assert await reading.items("role-definitions", role_code="expert") == []


async def test_the_analysis_is_there_behind_every_version(reading: Reading) -> None:
    after_it = view_contributed.model_copy(update={"view_id": UUID(int=123)})
    await reading.told(of(f"role-{ROLE}", *PUBLISHED, after_it))
    analysis, first = await reading.items("role-definitions", "A", AINO)
    assert (analysis["version"], first["version"], first["newest"]) == (0, 1, True)
    assert [each["impact"] for each in analysis["phases"]] == ["28.00", "24.00"]
    assert [each["view_id"] for each in analysis["views"]] == [str(after_it.view_id)]
    assert (analysis["suggested"], analysis["rationale"]) == (SUGGESTED, "Nearly as suggested.")
    assert await reading.items("role-definitions", newest=True) == [first]


# behaviour_profile


def test_every_score_of_an_evaluation_is_kept() -> None:
    rows = folded(behaviour_profile.read_model, EVALUATION_STREAM + VOIDED_STREAM)[Evaluated]
    row = rows[EVALUATION]
    assert (row.recorded_score, row.settled_score, row.settled_outcome) == (38, 50, "changed")
    assert (row.recorded_answers, row.settled_answers) == (evaluated.answers, settled.answers)
    assert (row.recorded_scales, row.scales) == (evaluated.scales, settled.scales)
    assert (row.appeal_open, row.voided) == (False, False)
    assert (rows[OTHER_EVALUATION].appeal_open, rows[OTHER_EVALUATION].voided) == (False, True)


@pytest.mark.parametrize("told", [evaluated, settled], ids=["recorded", "settled"])
def test_the_lines_together_are_the_score(told: Any) -> None:
    lines = explained(told.answers, told.scales)
    points = sum((line.points for line in lines if line.points is not None), Decimal())
    assert abs(points - told.score) <= Decimal("0.5")
    assert [line.most for line in lines] == [Decimal("25.00"), Decimal("25.00"), Decimal("50.00"), None]


async def test_a_profile_says_why_it_is_so(reading: Reading) -> None:
    await reading.told(*FLOOR, ROLE_STREAM, EVALUATION_STREAM, VOIDED_STREAM, SELF_STREAM, GOALS_STREAM)
    service, calm = await reading.items("behaviour-profile", "A", AINO, role_id=ROLE)
    assert (service["scale"], calm["scale"]) == ("service-mindedness", "stress-tolerance")
    assert (service["score"], service["self_score"], service["n"], service["weight"]) == (75, 50, 1, 30)
    assert (service["previous"], service["trend"], service["low"], calm["low"]) == (None, None, False, True)
    (told,) = service["evaluations"]
    recorded, now = told["scores"]
    assert (recorded["outcome"], recorded["score"], recorded["scale_score"]) == ("recorded", 38, 50)
    assert (now["outcome"], now["score"], now["scale_score"], now["on"]) == ("changed", 50, 75, "2027-03-15")
    assert now["lines"] == [
        {
            "behaviour_id": str(LETS_FINISH),
            "scale": "service-mindedness",
            "critical": True,
            "agree": 4,
            "points": "18.75",
            "most": "25.00",
        },
        {
            "behaviour_id": str(SUMS_UP),
            "scale": "service-mindedness",
            "critical": False,
            "agree": 4,
            "points": "18.75",
            "most": "25.00",
        },
    ]
    assert [line["points"] for line in recorded["lines"]] == ["6.25", "18.75"]
    (goal,) = service["goals"]
    assert (goal["title"], goal["value"], goal["state"]) == ("Lets people finish", "8", "reached")
    assert calm["goals"] == []


def numbered(number: int, agree: int, day: int) -> EvaluationRecorded:
    """An evaluation of Aino on one scale."""
    score = 25 * (agree - 1)
    return evaluated.model_copy(
        update={
            "evaluation_id": UUID(int=number),
            "scales": (scale("stress-tolerance", score, 1, 30),),
            "observed_on": date(2027, 3, day),
        }
    )


async def test_the_newest_five_count_and_the_trend_tells_of_the_last_one(reading: Reading) -> None:
    agreed = [5, 1, 2, 3, 4, 5, 3]
    streams = [of(f"evaluation-{n}", numbered(n, agree, n + 1)) for n, agree in enumerate(agreed)]
    calibrated = numbered(20, 1, 20).model_copy(update={"purpose": "calibration"})
    await reading.told(*FLOOR, ROLE_STREAM, *streams, of("evaluation-20", calibrated))
    profile = await reading.item("behaviour-profile", "S", SANNA, person_id=AINO)
    assert (profile["n"], profile["score"]) == (5, 60), "25, 50, 75, 100 and 50"
    assert (profile["previous"], profile["trend"]) == (50, "10.00"), "0, 25, 50, 75 and 100"
    assert [each["observed_on"] for each in profile["evaluations"]][:2] == ["2027-03-07", "2027-03-06"]
    analyst = await reading.item("behaviour-profile", "N")
    assert (analyst["score"], analyst["evaluations"], analyst["goals"]) == (60, None, None)


async def test_a_profile_is_seen_by_oneself_and_by_who_leads(reading: Reading) -> None:
    await reading.told(*FLOOR, ROLE_STREAM, EVALUATION_STREAM)
    assert await reading.items("behaviour-profile", "N") == [], "one evaluation is no statistics"
    assert len(await reading.items("behaviour-profile", "S", DANI, team_id=TEAM)) == 2
    assert (await reading.get("behaviour-profile", "A", ONNI, person_id=AINO)).status_code == 404
    assert (await reading.get("behaviour-profile", "S", SANNA, team_id=OTHER_TEAM)).status_code == 404
    assert (await reading.get("behaviour-profile", "C")).status_code == 404
    assert await reading.items("behaviour-profile", "A", AINO, role_id=OTHER) == []


async def test_an_open_appeal_shows(reading: Reading) -> None:
    await reading.told(*FLOOR, ROLE_STREAM, EVALUATION_STREAM[:2])
    calm = (await reading.items("behaviour-profile", "A", AINO))[1]
    assert (calm["appeal_open"], calm["score"], calm["weight"]) == (True, 25, 30)
    assert calm["evaluations"][0]["scores"][0]["lines"][0]["behaviour_id"] == str(STAYS_CALM)


async def test_erased_answers_leave_the_scores(reading: Reading) -> None:
    erased = evaluated.model_copy(update={"answers": None, "note": None})
    await reading.told(*FLOOR, of("role", *PUBLISHED), of("evaluation", erased))
    service = (await reading.items("behaviour-profile", "A", AINO))[0]
    (recorded,) = service["evaluations"][0]["scores"]
    assert (recorded["scale_score"], recorded["lines"]) == (50, [])


# causes


async def test_causes_are_counted_by_the_team_then(reading: Reading) -> None:
    complaint = evaluated.model_copy(update={"occasion": "complaint", "cause": "behaviour"})
    by_product = complaint.model_copy(update={"cause": "product"})
    elsewhere = complaint.model_copy(update={"team_id": OTHER_TEAM})
    long_ago = complaint.model_copy(update={"observed_on": date(2026, 2, 20)})
    calibrated = complaint.model_copy(update={"purpose": "calibration"})
    by_oneself = complaint.model_copy(update={"purpose": "self", "evaluator_id": AINO})
    told = [evaluated, complaint, by_product, by_product, elsewhere, long_ago, calibrated, by_oneself]
    streams = [of(f"evaluation-{n}", fact, evaluation_id=UUID(int=n)) for n, fact in enumerate(told)]
    voided = of("evaluation-9", complaint, evaluation_voided, evaluation_id=UUID(int=9))
    await reading.told(*FLOOR, *streams, voided)
    reading.it_is(at(20))
    here = await reading.item("causes", site="tampere")
    assert here == {
        "team_id": str(TEAM),
        "month": "2027-03-01",
        "evaluations": 4,
        "complaints": 3,
        "behaviour_share": 33,
        "counts": [
            {"occasion": "complaint", "cause": "behaviour", "evaluations": 1},
            {"occasion": "complaint", "cause": "product", "evaluations": 2},
            {"occasion": "side-by-side", "cause": "none", "evaluations": 1},
        ],
    }
    assert [each["month"] for each in await reading.items("causes", "N", months=14)] == [
        "2026-02-01",
        "2027-03-01",
        "2027-03-01",
    ]
    assert (await reading.get("causes", "A", AINO)).status_code == 404


async def test_a_month_without_complaints_has_no_share(reading: Reading) -> None:
    await reading.told(*FLOOR, EVALUATION_STREAM)
    found = await reading.item("causes")
    assert (found["complaints"], found["behaviour_share"]) == (0, None)
