"""The results of checks, and how the stages of a template work out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.onboarding.readmodels import check_results, template_insight
from services.onboarding.readmodels.check_results import Attempt
from services.onboarding.readmodels.courses import Course, Planned, Run, Try
from shared.core.event import Event
from shared.testing.interleavings import folded, history
from tests.onboarding.aino import (
    IN_BASICS,
    IN_FIRST_RESPONSE,
    exam_failed,
    exam_passed,
    survey_passed,
)
from tests.onboarding.histories import (
    JOURNEY_EVENTS,
    JOURNEY_STREAM,
    ONNI_JOURNEY,
    ONNIS_EXAM,
    listened_voided,
)
from tests.onboarding.organisation import AINO_STREAM, ONNI, ONNI_STREAM, TEAM_STREAM
from tests.onboarding.plan import AINO, EXAM, RETAKE, SANNA, SURVEY, TEAM, TEMPLATE
from tests.services.reading import Reading

STREAM = f"onboarding.journey-{AINO}"
PEOPLE = (TEAM_STREAM, AINO_STREAM, ONNI_STREAM)


def attempts(*facts: Event) -> dict[Any, Attempt]:
    return dict(folded(check_results.read_model, history(STREAM, *facts))[Attempt])


def test_every_attempt_is_kept() -> None:
    survey = Attempt(
        person_id=AINO,
        attempt_id=SURVEY,
        journey_no=1,
        stage="basics",
        check="confidence",
        kind="survey",
        attempt_no=1,
        score=60,
        passed=True,
        topics=survey_passed.topics,
        needs=("systems",),
        suggestion="A map of the house.",
        version=1,
        voided=False,
    )
    suggested = survey_passed.model_copy(update={"suggestion": "A map of the house."})
    assert attempts(suggested) == {(AINO, SURVEY): survey}
    failed = attempts(exam_failed)[AINO, EXAM]
    assert (failed.kind, failed.passed, failed.score, failed.needs) == ("exam", False, 60, ("crm-search",))
    assert attempts(*JOURNEY_EVENTS)[AINO, EXAM].voided


async def test_results_tell_what_is_still_to_be_learnt(reading: Reading) -> None:
    await reading.told(*PEOPLE, history(STREAM, *IN_BASICS, survey_passed, exam_failed))
    (survey, failed) = await reading.items("check-results", "A", AINO)
    assert survey == {
        "person_id": str(AINO),
        "attempt_id": str(SURVEY),
        "team_id": str(TEAM),
        "journey_no": 1,
        "stage": "basics",
        "check": "confidence",
        "kind": "survey",
        "attempt_no": 1,
        "score": 60,
        "passed": True,
        "topics": [{"topic": "systems", "percent": 40}, {"topic": "talking", "percent": 80}],
        "needs": ["systems"],
        "open_needs": ["systems"],
        "suggestion": None,
        "voided": False,
    }
    assert failed["open_needs"] == ["crm-search"]
    await reading.told(*PEOPLE, history(STREAM, *IN_BASICS, survey_passed, exam_failed, exam_passed))
    exams = await reading.items("check-results", "S", SANNA, check="systems")
    assert [(each["attempt_id"], each["open_needs"]) for each in exams] == [(str(EXAM), []), (str(RETAKE), [])]


async def test_a_voided_attempt_opens_the_needs_of_the_one_before(reading: Reading) -> None:
    voided = listened_voided.model_copy(update={"record_id": RETAKE, "kind": "check", "stage": "first-response"})
    await reading.told(*PEOPLE, history(STREAM, *IN_BASICS, exam_failed, exam_passed, voided))
    found = {each["attempt_id"]: each for each in await reading.items("check-results", person_id=AINO)}
    assert found[str(EXAM)]["open_needs"] == ["crm-search"]
    assert (found[str(RETAKE)]["voided"], found[str(RETAKE)]["open_needs"]) == (True, [])
    assert (await reading.get("check-results", "A", ONNI, person_id=AINO)).status_code == 404


def test_what_insight_keeps_of_a_journey() -> None:
    rows = folded(template_insight.read_model, JOURNEY_STREAM + ONNI_JOURNEY)
    planned = [("basics", 1, 2), ("first-response", 2, 10), ("billing", 3, 10)]
    stages = tuple(Planned(stage=code, stage_order=n, target_days=days) for code, n, days in planned)
    course = Course(AINO, 1, template_id=TEMPLATE, template_version=1, stages=stages)
    reviewed = replace(course, hire_rating=4, supervisor_rating=5, hire_suggested=True)
    assert rows[Course] == {
        (AINO, 1): replace(reviewed, completed=True),
        (ONNI, 1): replace(course, person_id=ONNI, stopped_in="basics"),
    }
    assert rows[Run] == {
        (AINO, 1, "basics"): Run(AINO, 1, "basics", started=True, working_days=1),
        (AINO, 1, "first-response"): Run(AINO, 1, "first-response", started=True, working_days=9),
        (AINO, 1, "billing"): Run(AINO, 1, "billing", started=True, working_days=9, stalled=True),
        (ONNI, 1, "basics"): Run(ONNI, 1, "basics", started=True, stalled=True),
    }
    assert rows[Try].keys() == {(AINO, SURVEY), (AINO, EXAM), (AINO, RETAKE), (ONNI, ONNIS_EXAM)}
    assert rows[Try][AINO, EXAM].voided
    assert [rows[Try][AINO, each].kind for each in (SURVEY, EXAM, RETAKE)] == ["survey", "exam", "exam"]
    assert rows[Try][ONNI, ONNIS_EXAM] == Try(
        *(ONNI, ONNIS_EXAM),
        journey_no=1,
        stage="basics",
        check="systems",
        kind="exam",
        topics=("crm-search", "contact-notes"),
        needs=("crm-search",),
        suggested=True,
        version=rows[Try][ONNI, ONNIS_EXAM].version,
    )


async def test_insight_is_answered_stage_by_stage(reading: Reading) -> None:
    await reading.told(JOURNEY_STREAM, ONNI_JOURNEY)
    found = await reading.items("template-insight", "N", template_id=TEMPLATE)
    stage: dict[str, Any] = {
        "template_id": str(TEMPLATE),
        "version": 1,
        "journeys": 1,
        "journeys_completed": 1,
        "completed": 1,
        "stopped_here": 0,
        "stalled": 0,
        "mean_days": "9.00",
        "target_days": 10,
        "first_pass": None,
        "weak_topics": [],
        "rating": "4.50",
        "suggestions": 1,
    }
    needed = [{"topic": "crm-search", "failing": 100}, {"topic": "systems", "failing": 100}]
    basics = {"journeys": 2, "stopped_here": 1, "stalled": 1, "mean_days": "1.00", "target_days": 2, "first_pass": 0}
    assert found == [
        {**stage, **basics, "stage": "basics", "stage_order": 1, "weak_topics": needed, "suggestions": 2},
        {**stage, "stage": "first-response", "stage_order": 2, "first_pass": 100},
        {**stage, "stage": "billing", "stage_order": 3, "stalled": 1},
    ]
    for role, answer in {"H": 200, "M": 200, "S": 404, "A": 404}.items():
        assert (await reading.get("template-insight", role)).status_code == answer


async def test_a_survey_is_not_counted_as_passed_at_the_first_attempt(reading: Reading) -> None:
    await reading.told(history(STREAM, *IN_FIRST_RESPONSE))
    basics = (await reading.items("template-insight"))[0]
    assert basics["first_pass"] is None
    assert basics["weak_topics"] == [{"topic": "systems", "failing": 100}], "what it shows is to be learnt all the same"


async def test_a_share_counts_every_attempt_that_was_not_voided(reading: Reading) -> None:
    facts: Sequence[Event] = (*IN_FIRST_RESPONSE, exam_failed, exam_passed)
    await reading.told(history(STREAM, *facts))
    first_response = (await reading.items("template-insight"))[1]
    assert first_response["first_pass"] == 0
    assert first_response["weak_topics"] == [{"topic": "crm-search", "failing": 50}]
