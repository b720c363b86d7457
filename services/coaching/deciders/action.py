"""An agreed action: agreed, looked at again, carried over three times at most, done or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, assert_never
from uuid import UUID

from services.coaching.events.action import (
    ActionAgreed,
    ActionCarriedOver,
    ActionDone,
    ActionDropped,
    ActionEvent,
    ActionFellDue,
)
from services.coaching.events.shapes import ActionReview
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, example, if_over, if_unknown, over, unknown
from shared.core.event import Personal
from shared.core.replacing import replace
from shared.core.types import Day, Text300

MOST_TIMES = 3
ACTION = "0195b1c0-0000-7000-8000-0000000000a1"
AINO = "0195b1c0-0000-7000-8000-000000000001"


class AgreeAction(Command):
    """Agree on something that one of the two will do, and on the day to look at it again."""

    model_config = example(
        action_id=ACTION,
        employee_id=AINO,
        coach_id="0195b1c0-0000-7000-8000-000000000002",
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        owner="employee",
        text="Tries the search by customer number first.",
        follow_up_on="2027-04-01",
    )
    refused = {
        "action-exists": "an action with this id was agreed with other fields",
        "follow-up-in-past": "the two look at it again today or later",
        "text-missing": "an action says what will be done",
    }
    action_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    session_id: UUID | None = None
    owner: Literal["employee", "coach"]
    text: Annotated[Text300 | None, Personal("employee_id")]
    follow_up_on: Day
    goal_id: UUID | None = None


class FollowUpAction(Command):
    """Say what has come of an action. Who asks for themselves names themselves as the employee."""

    model_config = example(
        action_id=ACTION, employee_id=AINO, outcome="carried-over", follow_up_on="2027-04-15", note="Was away."
    )
    refused = (
        if_unknown("action")
        | if_over("action")
        | {
            "carried-too-often": "carried over three times already: do it, split it or drop it",
            "follow-up-missing": "what is carried over is looked at again on a later day",
            "not-the-employee": "the action was agreed with somebody else",
            "note-missing": "what is dropped has a reason",
        }
    )
    action_id: UUID
    employee_id: UUID | None = None
    outcome: Literal["done", "carried-over", "dropped"]
    session_id: UUID | None = None
    follow_up_on: Day | None = None
    note: Annotated[Text300 | None, Personal("employee_id")] = None


class FlagActionDue(Command):
    """Tell that the day to look at an action again has passed."""

    model_config = example(action_id=ACTION, follow_up_on="2027-04-01")
    refused = if_unknown("action")
    action_id: UUID
    follow_up_on: Day


ActionCommand = AgreeAction | FollowUpAction | FlagActionDue


@dataclass(frozen=True, slots=True)
class Unagreed:
    pass


@dataclass(frozen=True, slots=True)
class Open:
    agreed: ActionAgreed
    follow_up_on: date
    carried: int = 0
    fell_due: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    agreed: ActionAgreed


@dataclass(frozen=True, slots=True)
class Dropped:
    agreed: ActionAgreed


Action = Unagreed | Open | Done | Dropped


def stream_of(action_id: UUID) -> str:
    return f"coaching.action-{action_id}"


def decide(command: ActionCommand, action: Action, seen: Seen, asked: Asked) -> Sequence[ActionEvent]:
    match command:
        case AgreeAction():
            return _agree(command, action, asked)
        case FollowUpAction():
            return _follow_up(command, action, asked)
        case FlagActionDue():
            return _flag_due(command, action)
        case _:
            assert_never(command)


def _agree(command: AgreeAction, action: Action, asked: Asked) -> Sequence[ActionEvent]:
    agreed = ActionAgreed(**dict(command))
    if not isinstance(action, Unagreed):
        if action.agreed == agreed:
            return []
        raise Rejected("action-exists", "an action with this id was agreed with other fields")
    if asked.by_person and command.text is None:
        raise Rejected("text-missing", "an action says what will be done")
    if asked.by_person and command.follow_up_on < asked.day:
        raise Rejected("follow-up-in-past", "the two look at it again today or later")
    return [agreed]


def _follow_up(command: FollowUpAction, action: Action, asked: Asked) -> Sequence[ActionEvent]:
    match action:
        case Unagreed():
            raise unknown("action")
        case Done() | Dropped():
            if command.outcome == ("done" if isinstance(action, Done) else "dropped"):
                return []
            raise over("action")
        case Open():
            if command.employee_id not in (None, action.agreed.employee_id):
                raise Rejected("not-the-employee", "the action was agreed with somebody else")
            review = ActionReview.model_validate(command, from_attributes=True)
            if is_kept(review, action):
                return []
            if asked.by_person:
                refuse_review(review, action, asked.day)
            return [_reviewed(command, action, asked)]
        case _:
            assert_never(action)


def is_kept(review: ActionReview, action: Open) -> bool:
    """Whether the day to look at it again is the one there is."""
    return review.outcome == "carried-over" and review.follow_up_on == action.follow_up_on


def refuse_review(review: ActionReview, action: Open, day: date) -> None:
    """What is carried over has a later day than before, and than the day it is told on; what is dropped, a reason."""
    if review.outcome == "carried-over":
        if review.follow_up_on is None or review.follow_up_on <= max(action.follow_up_on, day):
            raise Rejected("follow-up-missing", "what is carried over is looked at again on a later day")
        if action.carried >= MOST_TIMES:
            raise Rejected("carried-too-often", "carried over three times already: do it, split it or drop it")
    if review.outcome == "dropped" and review.note is None:
        raise Rejected("note-missing", "what is dropped has a reason")


def _reviewed(command: FollowUpAction, action: Open, asked: Asked) -> ActionEvent:
    action_id, employee_id = command.action_id, action.agreed.employee_id
    match command.outcome:
        case "done":
            return ActionDone(action_id=action_id, employee_id=employee_id, on=asked.day, note=command.note)
        case "dropped":
            return ActionDropped(action_id=action_id, employee_id=employee_id, note=command.note)
        case "carried-over":
            return ActionCarriedOver(
                action_id=action_id,
                employee_id=employee_id,
                team_id=action.agreed.team_id,
                times=action.carried + 1,
                follow_up_on=command.follow_up_on or action.follow_up_on,
                note=command.note,
            )
        case _:
            assert_never(command.outcome)


def _flag_due(command: FlagActionDue, action: Action) -> Sequence[ActionEvent]:
    match action:
        case Unagreed():
            raise unknown("action")
        case Open() if action.follow_up_on == command.follow_up_on and not action.fell_due:
            agreed = action.agreed
            return [
                ActionFellDue(
                    **dict(command), employee_id=agreed.employee_id, coach_id=agreed.coach_id, team_id=agreed.team_id
                )
            ]
        case Open() | Done() | Dropped():
            return []
        case _:
            assert_never(action)


def evolve(action: Action, event: ActionEvent) -> Action:
    if isinstance(event, ActionAgreed):
        return Open(event, event.follow_up_on)
    assert isinstance(action, Open), "what happens to an action happens while it is open"
    match event:
        case ActionCarriedOver():
            return replace(action, follow_up_on=event.follow_up_on, carried=event.times, fell_due=False)
        case ActionFellDue():
            return replace(action, fell_due=True)
        case ActionDone():
            return Done(action.agreed)
        case ActionDropped():
            return Dropped(action.agreed)
        case _:
            assert_never(event)


action: Decider[ActionCommand, Action, ActionEvent] = Decider(
    kind="action",
    commands=ActionCommand,
    events=ActionEvent,
    stream=lambda command: stream_of(command.action_id),
    initial=Unagreed(),
    decide=decide,
    evolve=evolve,
)
