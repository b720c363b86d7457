"""What makes a form fit to be talked through."""

from collections.abc import Sequence

from services.coaching.events.form import SCORED, FormQuestion
from shared.core.decider import Rejected

TALKED_THROUGH = ("expectations", "goals", "successes", "challenges", "actions")
FEWEST_CHOICES = 2


def refuse_unfit(question: FormQuestion) -> None:
    if question.kind == "choice" and len(question.choices) < FEWEST_CHOICES:
        raise Rejected("choices-missing", f"{question.code} offers {FEWEST_CHOICES} choices at least")
    if question.weight and question.kind not in SCORED:
        raise Rejected("weight-not-scored", f"{question.code} has no score: only {' and '.join(SCORED)} weigh")


def missing_sections(questions: Sequence[FormQuestion]) -> tuple[str, ...]:
    asked = {question.section for question in questions}
    return tuple(section for section in TALKED_THROUGH if section not in asked)


def refuse_incomplete(questions: Sequence[FormQuestion]) -> None:
    if missing := missing_sections(questions):
        raise Rejected("section-missing", f"no question is about {', '.join(missing)}")
    if not any(question.kind == "insight" and question.required for question in questions):
        raise Rejected("insight-missing", "at least one insight question has to be answered")


def differing(before: Sequence[FormQuestion], after: Sequence[FormQuestion]) -> int:
    """How many questions were added, changed or removed."""
    was, now = ({question.code: question for question in each} for each in (before, after))
    return sum(was.get(code) != now.get(code) for code in was.keys() | now.keys())
