"""Agreed actions, as several read models list them: one row each, all of it from the action's own stream."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeVar, assert_never
from uuid import UUID

from services.coaching.events.action import (
    ActionAgreed,
    ActionCarriedOver,
    ActionDone,
    ActionDropped,
    ActionEvent,
    ActionFellDue,
)
from shared.core.event import Personal, Recorded
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Agreement:
    action_id: UUID
    employee_id: UUID | None = None
    coach_id: UUID | None = None
    session_id: UUID | None = None
    owner: str | None = None
    text: Annotated[str | None, Personal("employee_id")] = None
    follow_up_on: date | None = None
    goal_id: UUID | None = None
    times_carried: int = 0
    state: str = "open"
    fell_due: bool = False


A = TypeVar("A", bound=Agreement)


def agreement_of(event: ActionEvent, _: Recorded) -> UUID:
    return event.action_id


def agreeing(kind: type[A]) -> Callable[[A | None, ActionEvent, Recorded], A]:
    """The fold of a kind of actions. A read model has a row class of its own."""

    def fold(row: A | None, event: ActionEvent, _: Recorded) -> A:
        row = row or kind(event.action_id)
        match event:
            case ActionAgreed():
                return replace(row, **{name: value for name, value in event if name != "team_id"})
            case ActionCarriedOver():
                carried = replace(row, times_carried=event.times, follow_up_on=event.follow_up_on)
                return replace(carried, fell_due=False)
            case ActionFellDue():
                return replace(row, fell_due=True)
            case ActionDone():
                return replace(row, state="done")
            case ActionDropped():
                return replace(row, state="dropped")
            case _:
                assert_never(event)

    return fold
