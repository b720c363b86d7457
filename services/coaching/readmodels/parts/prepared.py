"""What session_prep answers with."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel

from services.coaching.events.form import FormQuestion
from services.coaching.events.shapes import ScaleCode
from services.coaching.inbox.journey import Requirement
from services.coaching.readmodels.parts.preparations import EMPLOYEE


class LastTime(BaseModel):
    held_on: date
    successes: tuple[str, ...] | None
    challenges: tuple[str, ...] | None


class PrepActionItem(BaseModel):
    action_id: UUID
    owner: Literal["employee", "coach"]
    text: str | None
    follow_up_on: date
    times_carried: int
    overdue: bool


class PrepNeedItem(BaseModel):
    need_id: UUID
    topic: str


class PrepGoalItem(BaseModel):
    goal_id: UUID
    kind: Literal["behaviour", "number"]
    title: str | None
    unit: str
    target: Decimal
    value: Decimal | None
    due_on: date


class LowScale(BaseModel):
    scale: ScaleCode
    score: int


class StageFocus(BaseModel):
    """Of the stage that is open, what is still to be watched and coached."""

    stage: str
    title: str
    due_on: date
    open: tuple[Requirement, ...]


class StrategyItem(BaseModel):
    """What the own team does because of it; what is expected of the role, until the team has said."""

    message_id: UUID
    title: str
    actions: tuple[str, ...]
    effect: str | None


class PrepThanksItem(BaseModel):
    recognition_id: UUID
    given_on: date
    kind: str
    text: str | None


class PrepItem(BaseModel):
    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    starts_at: datetime
    minutes: int
    questions: tuple[FormQuestion, ...]
    employee_topics: Annotated[tuple[str, ...] | None, EMPLOYEE]
    coach_topics: Annotated[tuple[str, ...] | None, EMPLOYEE]
    last_time: LastTime | None
    actions: tuple[PrepActionItem, ...]
    needs: tuple[PrepNeedItem, ...]
    goals: tuple[PrepGoalItem, ...]
    what_matters: Annotated[str | None, EMPLOYEE]
    behaviours: tuple[LowScale, ...]
    stage_focus: StageFocus | None
    strategy: tuple[StrategyItem, ...]
    recognitions_since: tuple[PrepThanksItem, ...]
