"""The values that coaching's facts and commands share.

A shape stands in facts too, so a limit here may be widened but never narrowed: every stored fact stays readable.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.core.event import Personal, Shape
from shared.core.types import Code, Percent, Text300, Text600, Text2000, once

Num = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
Minutes = Annotated[int, Field(ge=0)]
Place = Literal["site", "remote"]

# What a field's name does not tell, wherever it stands.
MAX_SHARE = Field(description="Of the contract time that a trainer may train at most, in percent")
SHARE = Field(description="Of the contract time, in percent")
ORIGIN = Field(description="What showed the need; `self` and `supervisor` said so")
ORIGIN_REF = Field(description="The attempt, evaluation or mapping round that showed it")
MET_BY = Field(description="The session or sparring that took care of it")
VALUE_FROM = Field(description="The session, evaluation or measurement that told the value; each counts once")
INTERVAL = Field(description="Days from one session to the next at most")

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


MOST_NEEDS = 10
Needs = Annotated[tuple[NeedRef, ...], Field(max_length=MOST_NEEDS), once("need_id")]


class Seat(Shape):
    """Somebody in a training, with the team whose working time it takes."""

    person_id: UUID
    team_id: UUID


class ScaleScore(Shape):
    """How one behaviour scale went; `seen` behaviours were answered, and there is no score where none was."""

    scale: ScaleCode
    score: Percent | None
    seen: int
    weight: Percent


class Answer(Shape):
    """What was answered to a question of the form: in words, or by a value; or that it was not asked."""

    question: Code
    text: Annotated[Text2000 | None, Personal("employee_id")] = None
    value: Num | None = None
    not_asked: bool = False


class AgreedAction(Shape):
    """Something that one of the two will do, and the day on which they look at it again."""

    action_id: UUID
    owner: Literal["employee", "coach"]
    text: Annotated[Text300 | None, Personal("employee_id")]
    follow_up_on: date
    goal_id: UUID | None = None


class ActionReview(Shape):
    """What has come of an action agreed before."""

    action_id: UUID
    outcome: Literal["done", "carried-over", "dropped"]
    follow_up_on: date | None = None
    note: Annotated[Text300 | None, Personal("employee_id")] = None


class GoalValue(Shape):
    """Where a goal stands."""

    goal_id: UUID
    value: Num


class PassedOn(Shape):
    """A matter the two cannot influence themselves; it becomes a feedback item."""

    item_id: UUID
    text: Annotated[Text600 | None, Personal("employee_id")]
