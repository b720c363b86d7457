"""Surveys and exams: who may answer, how a score is counted, when an exam may be taken again."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.onboarding.deciders.journey.following import with_what_follows
from services.onboarding.deciders.journey.records import RECORDING_REFUSED, place_of
from services.onboarding.deciders.journey.state import Journey, Record, Underway
from services.onboarding.events.journey import JourneyEvent
from services.onboarding.events.shapes import Check, TopicScore
from services.onboarding.events.stage import CheckFailed, CheckPassed
from shared.core.decider import Asked, Command, Rejected, example
from shared.core.event import Personal, Shape
from shared.core.types import Code, Text600

SURVEY_LINE = 60
"""A survey always passes; topics under this percent are needs."""


class Answer(Shape):
    """The points one question got."""

    question: Code
    points: int


class RecordCheck(Command):
    """Tell how a survey was answered or an exam went."""

    model_config = example(
        person_id="0195b1c0-0000-7000-8000-000000000001",
        attempt_id="0195b1c0-0000-7000-8000-0000000000a9",
        check="confidence",
        answers=[{"question": "find-customer", "points": 4}],
        suggestion="More practice with the search on the first day.",
    )
    refused = RECORDING_REFUSED | {
        "already-passed": "this check was passed before",
        "answer-missing": "a question is not answered",
        "answer-unknown": "a question is answered that is not asked, or it is answered twice",
        "check-unknown": "the open stage has no such check",
        "coaching-first": "the last attempt failed: coach first",
        "own-exam": "an exam is recorded by somebody else",
        "points-out-of-range": "an answer has more or fewer points than its question takes",
    }
    person_id: UUID
    attempt_id: UUID
    check: Code
    answers: Annotated[tuple[Answer, ...], Field(min_length=1, max_length=50)]
    suggestion: Annotated[Text600 | None, Personal("person_id")] = None


def record_check(command: RecordCheck, journey: Journey, asked: Asked) -> Sequence[JourneyEvent]:
    here = place_of(command.attempt_id, "check", journey, asked)
    if here is None:
        return []
    check = next((check for check in here.stage.checks if check.code == command.check), None)
    if check is None:
        raise Rejected("check-unknown", f"{here.open.code} has no check called {command.check}")
    if check.kind == "exam" and asked.actor == str(command.person_id):
        raise Rejected("own-exam", "an exam is recorded by somebody else")
    _refuse_answers(check, command.answers)
    attempts = _attempts(check, here)
    if check.code in here.open.done:
        raise Rejected("already-passed", f"{check.code} was passed before")
    if attempts and check.retake == "after-coaching" and not _coached_since(attempts[-1], here):
        raise Rejected("coaching-first", f"coach first: the last attempt at {check.code} failed")
    return with_what_follows(journey, [_result(command, check, len(attempts) + 1, here)], asked.day)


def _refuse_answers(check: Check, answers: Sequence[Answer]) -> None:
    asked_for = Counter(question.code for question in check.questions)
    given = Counter(answer.question for answer in answers)
    if missing := asked_for - given:
        raise Rejected("answer-missing", f"not answered: {', '.join(sorted(missing))}")
    if unknown := given - asked_for:
        raise Rejected("answer-unknown", f"not asked, or answered twice: {', '.join(sorted(unknown))}")
    lowest = 1 if check.kind == "survey" else 0
    highest = {question.code: question.max_points for question in check.questions}
    for answer in answers:
        if not lowest <= answer.points <= highest[answer.question]:
            range_ = f"{lowest} to {highest[answer.question]}"
            raise Rejected("points-out-of-range", f"{answer.question} takes points from {range_}")


def _attempts(check: Check, here: Underway) -> list[Record]:
    """Earlier attempts that were not voided; all failed, or the check would be passed."""
    place = ("check", here.open.code, check.code)
    return [each for each in here.course.of_this_journey() if (each.kind, each.stage, each.code) == place]


def _coached_since(attempt: Record, here: Underway) -> bool:
    since = here.course.records[here.course.records.index(attempt) + 1 :]
    return any(record.kind == "coaching" for record in since)


def _result(command: RecordCheck, check: Check, attempt_no: int, here: Underway) -> CheckPassed | CheckFailed:
    line = SURVEY_LINE if check.kind == "survey" else check.pass_mark or 0
    score, topics = _scores(check, command.answers)
    needs = tuple(each.topic for each in topics if each.percent < line)
    if check.kind == "exam" and score < line:
        return CheckFailed(
            **here.course.fields,
            stage=here.open.code,
            check=check.code,
            attempt_id=command.attempt_id,
            attempt_no=attempt_no,
            score=score,
            pass_mark=line,
            topics=topics,
            needs=needs,
            suggestion=command.suggestion,
        )
    return CheckPassed(
        **here.course.fields,
        stage=here.open.code,
        check=check.code,
        kind=check.kind,
        attempt_id=command.attempt_id,
        attempt_no=attempt_no,
        score=score,
        topics=topics,
        needs=needs,
        open_left=len(here.left) - 1,
        suggestion=command.suggestion,
    )


def _scores(check: Check, answers: Sequence[Answer]) -> tuple[int, tuple[TopicScore, ...]]:
    """The score of the whole, and of each topic in the order the check asks about them."""
    points = {answer.question: answer.points for answer in answers}
    got: Counter[str] = Counter()
    most: Counter[str] = Counter()
    for question in check.questions:
        got[question.topic] += points[question.code]
        most[question.topic] += question.max_points
    topics = tuple(TopicScore(topic=topic, percent=_percent(got[topic], most[topic])) for topic in most)
    return _percent(got.total(), most.total()), topics


def _percent(points: int, most: int) -> int:
    """Rounded half up."""
    return (200 * points + most) // (2 * most)
