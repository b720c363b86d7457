"""What was answered to a form: whether it is whole, and the score it gives."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from services.coaching.events.form import FormQuestion
from services.coaching.events.shapes import Answer, Num
from shared.core.decider import Rejected

IN_WORDS = ("insight", "open", "choice")
SHARES: Mapping[str, Mapping[int, Fraction]] = {
    "agree-5": {value: Fraction(value - 1, 4) for value in range(1, 6)},
    "yes-no": {0: Fraction(0), 1: Fraction(1)},
}


def refuse_answers(answers: Sequence[Answer], questions: Sequence[FormQuestion]) -> None:
    asked_for = {question.code: question for question in questions}
    given = Counter(answer.question for answer in answers)
    if unknown := [code for code, times in given.items() if code not in asked_for or times > 1]:
        raise Rejected("answer-unknown", f"not asked by the form, or answered twice: {', '.join(sorted(unknown))}")
    for answer in answers:
        _refuse_unfit(answer, asked_for[answer.question])
    answered = {answer.question for answer in answers if answer.not_asked or _is_given(answer)}
    required = [question.code for question in questions if question.required]
    if missing := [code for code in required if code not in answered]:
        raise Rejected("answer-missing", f"neither answered nor passed over: {', '.join(missing)}")


def _is_given(answer: Answer) -> bool:
    return answer.text is not None or answer.value is not None


def _refuse_unfit(answer: Answer, question: FormQuestion) -> None:
    told = None
    if answer.not_asked and _is_given(answer):
        told = "is either answered or not asked"
    elif question.kind in IN_WORDS and answer.value is not None:
        told = "is answered in words"
    elif question.kind not in IN_WORDS and answer.text is not None:
        told = "is answered by a value"
    elif question.kind == "choice" and answer.text is not None and answer.text not in question.choices:
        told = f"is one of: {', '.join(question.choices)}"
    elif question.kind in SHARES and answer.value is not None and answer.value not in SHARES[question.kind]:
        told = f"takes a value of {min(SHARES[question.kind])} to {max(SHARES[question.kind])}, in whole steps"
    if told:
        raise Rejected("answer-out-of-scale", f"{question.code} {told}")


def score_of(answers: Sequence[Answer], questions: Sequence[FormQuestion]) -> int | None:
    """The share of the weight that was reached, in percent, rounded half up; of what was answered and weighs."""
    weights = {question.code: question for question in questions if question.weight}
    scored = [
        (weights[answer.question].weight, _share(weights[answer.question].kind, answer.value))
        for answer in answers
        if answer.question in weights and answer.value is not None
    ]
    most = sum(weight for weight, _ in scored)
    if not most:
        return None
    reached = sum(weight * share for weight, share in scored) / most
    return int(reached * 100 + Fraction(1, 2))


def _share(kind: str, value: Num) -> Fraction:
    return SHARES[kind][int(value)]
