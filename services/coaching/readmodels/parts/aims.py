"""Goals, as several read models show them, with every value they had."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar, assert_never
from uuid import UUID

from sqlalchemy import FromClause, Numeric, case, cast, func, select

from services.coaching.events.goals import GoalDropped, GoalProgressed, GoalReached, GoalSet
from shared.core.event import Personal, Recorded
from shared.core.replacing import replace

PERSON = Personal("person_id")


@dataclass(frozen=True, slots=True)
class Aim:
    person_id: UUID
    goal_id: UUID
    kind: str | None = None
    title: Annotated[str | None, PERSON] = None
    measure: Annotated[str | None, PERSON] = None
    unit: str | None = None
    direction: str | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    behaviour_id: UUID | None = None
    due_on: date | None = None
    state: str = "open"


A = TypeVar("A", bound=Aim)
AimEvent = GoalSet | GoalReached | GoalDropped


def aim_of(event: AimEvent, _: Recorded) -> tuple[UUID, UUID]:
    return event.person_id, event.goal_id


def aiming(kind: type[A]) -> Callable[[A | None, AimEvent, Recorded], A]:
    """The fold of a kind of goals. A read model has a row class of its own."""

    def fold(row: A | None, event: AimEvent, _: Recorded) -> A:
        row = row or kind(event.person_id, event.goal_id)
        match event:
            case GoalSet():
                return replace(row, **dict(event))
            case GoalReached():
                return replace(row, state="reached")
            case GoalDropped():
                return replace(row, state="dropped")
            case _:
                assert_never(event)

    return fold


@dataclass(frozen=True, slots=True)
class AimValue:
    """Where a goal stood. The newest is the one of the latest day; of two, the one told later."""

    person_id: UUID
    goal_id: UUID
    ref: UUID
    value: Decimal
    on: date
    source: str
    version: int


V = TypeVar("V", bound=AimValue)


def value_of(event: GoalProgressed, _: Recorded) -> tuple[UUID, UUID, UUID]:
    return event.person_id, event.goal_id, event.ref


def valued(kind: type[V]) -> Callable[[V | None, GoalProgressed, Recorded], V]:
    def fold(_row: V | None, event: GoalProgressed, recorded: Recorded) -> V:
        return kind(**dict(event), version=recorded.version)

    return fold


def newest_value(aim: FromClause, value: FromClause) -> Any:
    """The newest value that was told; the baseline before that."""
    told = (
        select(value.c.value)
        .where(value.c.person_id == aim.c.person_id, value.c.goal_id == aim.c.goal_id)
        .order_by(value.c.on.desc(), value.c.version.desc())
        .limit(1)
    )
    return func.coalesce(told.scalar_subquery(), aim.c.baseline)


def percent_of(aim: Any, value: Any) -> Any:
    """How much of the way from the baseline to the target, 0 to 100; null without a baseline or a way to go."""
    way = func.nullif(aim.c.target - aim.c.baseline, 0)
    share = func.round(cast(100 * (value - aim.c.baseline) / way, Numeric))
    return case((way.is_not(None), func.greatest(0, func.least(100, share))))
