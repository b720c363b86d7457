"""The values that coaching's facts and commands share.

A shape stands in facts too, so a limit here may be widened but never narrowed: every stored fact stays readable.
"""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.core.event import Shape
from shared.core.types import Code, Percent

Num = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
Minutes = Annotated[int, Field(ge=0)]
Place = Literal["site", "remote"]

ScaleCode = Literal[
    "carefulness",
    "sales-confidence",
    "service-mindedness",
    "social-confidence",
    "stress-tolerance",
    "integrity",
]
SCALES: tuple[ScaleCode, ...] = (
    "carefulness",  # huolellisuus
    "sales-confidence",  # myynnillinen itseluottamus
    "service-mindedness",  # palveluhenkisyys
    "social-confidence",  # sosiaalinen itsevarmuus
    "stress-tolerance",  # stressinsietokyky
    "integrity",  # suoraselkäisyys
)


class NeedRef(Shape):
    """A development need that something is about."""

    need_id: UUID
    topic: Code


class Seat(Shape):
    """Somebody in a training, with the team whose working time it takes."""

    person_id: UUID
    team_id: UUID


class ScaleScore(Shape):
    """How one behaviour scale went; `seen` behaviours were answered."""

    scale: ScaleCode
    score: Percent
    seen: int
    weight: Percent
