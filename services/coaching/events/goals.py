"""What can have happened to the goals of one person."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from services.coaching.events.shapes import VALUE_FROM, Num
from shared.core.event import Event, Personal

GoalKind = Literal["behaviour", "number"]
Direction = Literal["up", "down"]


class GoalSet(Event, name="coaching.goal-set"):
    """The two have agreed on a goal: a way of acting, or a number beside one."""

    person_id: UUID
    goal_id: UUID
    kind: GoalKind
    title: Annotated[str | None, Personal("person_id")]
    measure: Annotated[str | None, Personal("person_id")]
    unit: str
    direction: Direction
    baseline: Num | None = None
    target: Num
    behaviour_id: UUID | None = None
    due_on: date


class GoalProgressed(Event, name="coaching.goal-progressed"):
    """The goal stood at this value on this day."""

    person_id: UUID
    goal_id: UUID
    ref: Annotated[UUID, VALUE_FROM]
    value: Num
    on: date
    source: str


class GoalReached(Event, name="coaching.goal-reached"):
    """The target was reached on this day."""

    person_id: UUID
    goal_id: UUID
    on: date


class GoalDropped(Event, name="coaching.goal-dropped"):
    """The goal is given up, for a reason."""

    person_id: UUID
    goal_id: UUID
    reason: Annotated[str | None, Personal("person_id")]


GoalEvent = GoalSet | GoalProgressed | GoalReached | GoalDropped
