"""How answers become scores: a behaviour counts in its scale, a scale by its weight, and nothing that was not seen."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID

from services.coaching.events.evaluation import SeenBehaviour
from services.coaching.events.shapes import SCALES, ScaleCode, ScaleScore
from shared.core.event import Shape

MOST_AGREED = 5
MISSED = 2  # agreed this far or less, a critical behaviour was missed
LOW = 50


class Scores(Shape):
    scales: tuple[ScaleScore, ...]
    score: int
    not_seen: int
    critical_missed: tuple[UUID, ...]
    low_scales: tuple[ScaleCode, ...]


def scored(answers: Sequence[SeenBehaviour], weights: Mapping[ScaleCode, int]) -> Scores | None:
    """None when nothing was seen on a scale that counts. `weights` are those of the role, 0 where one is left out."""
    seen = {scale: _seen_on(scale, answers) for scale in SCALES}
    weight = {scale: weights.get(scale, 0) for scale in SCALES}
    counted = sum(weight[scale] for scale in SCALES if seen[scale])
    if not counted:
        return None
    means = {scale: _mean(parts) for scale, parts in seen.items() if parts}
    asked = {answer.scale for answer in answers}
    scales = tuple(
        ScaleScore(scale=scale, score=_percent(means.get(scale)), seen=len(seen[scale]), weight=weight[scale])
        for scale in SCALES
        if weight[scale] or scale in asked
    )
    return Scores(
        scales=scales,
        score=_half_up(sum((weight[scale] * mean for scale, mean in means.items()), Fraction()) / counted),
        not_seen=sum(answer.agree is None for answer in answers),
        critical_missed=tuple(answer.behaviour_id for answer in answers if _is_missed(answer)),
        low_scales=tuple(each.scale for each in scales if each.weight and each.score is not None and each.score < LOW),
    )


class Line(Shape):
    """What one behaviour brought of the 100 points: `points` of `most`, both None where it was not seen."""

    behaviour_id: UUID
    scale: ScaleCode
    critical: bool
    agree: int | None
    points: Decimal | None
    most: Decimal | None


def explained(answers: Sequence[SeenBehaviour], scales: Sequence[ScaleScore]) -> tuple[Line, ...]:
    """The score, line by line: the points of all lines together are the score before it was rounded."""
    seen = {each.scale: each for each in scales if each.seen}
    counted = sum(each.weight for each in seen.values())
    return tuple(_line(answer, seen.get(answer.scale), counted) for answer in answers)


def _line(answer: SeenBehaviour, on: ScaleScore | None, counted: int) -> Line:
    told: dict[str, Decimal | None] = {"points": None, "most": None}
    if answer.agree is not None and on is not None:
        most = Fraction(100 * on.weight, counted * on.seen)
        told = {"points": _cents(most * (answer.agree - 1) / (MOST_AGREED - 1)), "most": _cents(most)}
    return Line(**dict(answer), **told)


def _cents(exact: Fraction) -> Decimal:
    return Decimal(_half_up(exact * 100)).scaleb(-2)


def _seen_on(scale: ScaleCode, answers: Sequence[SeenBehaviour]) -> list[Fraction]:
    """In per cent of full agreement."""
    agreed = [answer.agree for answer in answers if answer.scale == scale and answer.agree is not None]
    return [Fraction(100 * (agree - 1), MOST_AGREED - 1) for agree in agreed]


def _mean(parts: Sequence[Fraction]) -> Fraction:
    return sum(parts, Fraction()) / len(parts)


def _percent(mean: Fraction | None) -> int | None:
    return None if mean is None else _half_up(mean)


def _half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


def _is_missed(answer: SeenBehaviour) -> bool:
    return answer.critical and answer.agree is not None and answer.agree <= MISSED
