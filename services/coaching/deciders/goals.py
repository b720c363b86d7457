"""The goals of one person. Nobody is led by numbers alone: beside a number there is an open goal of acting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, assert_never
from uuid import UUID

from services.coaching.events.goals import (
    Direction,
    GoalDropped,
    GoalEvent,
    GoalKind,
    GoalProgressed,
    GoalReached,
    GoalSet,
)
from services.coaching.events.shapes import VALUE_FROM, Num
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, example
from shared.core.event import Personal
from shared.core.replacing import replace
from shared.core.types import Code, Day, Text120, Text200, Text300

MOST_OPEN = 5
AINO = "0195b1c0-0000-7000-8000-000000000001"
GOAL = "0195b1c0-0000-7000-8000-0000000000a5"


class SetGoal(Command):
    """Agree on a goal: a way of acting, or a number beside one."""

    model_config = example(
        person_id=AINO,
        goal_id=GOAL,
        kind="behaviour",
        title="Asks one question about needs in every contact",
        measure="Contacts out of five listened to",
        unit="contacts",
        direction="up",
        baseline="2",
        target="4",
        due_on="2027-05-31",
    )
    refused = {
        "behaviour-goal-missing": "beside a number there is a goal of acting: agree on that first",
        "goal-exists": "a goal with this id was agreed with other fields",
        "in-the-past": "a goal is for a day to come",
        "too-many-goals": f"{MOST_OPEN} goals are open: reach or drop one first",
    }
    person_id: UUID
    goal_id: UUID
    kind: GoalKind
    title: Annotated[Text120, Personal("person_id")]
    measure: Annotated[Text200, Personal("person_id")]
    unit: Code
    direction: Direction
    baseline: Num | None = None
    target: Num
    behaviour_id: UUID | None = None
    due_on: Day


class ReportProgress(Command):
    """Tell where a goal stood on a day."""

    model_config = example(
        person_id=AINO,
        goal_id=GOAL,
        ref="0195b1c0-0000-7000-8000-0000000000f1",
        value="3",
        on="2027-02-26",
        source="measured",
    )
    refused = {
        "goal-closed": "the goal was reached or dropped",
        "goal-unknown": "the person has no such goal",
        "in-the-future": "only what was measured is told",
    }
    person_id: UUID
    goal_id: UUID
    ref: Annotated[UUID, VALUE_FROM]
    value: Num
    on: Day
    source: Literal["session", "evaluation", "measured"]


class DropGoal(Command):
    """Give a goal up, with the reason."""

    model_config = example(person_id=AINO, goal_id=GOAL, reason="Another product from May on.")
    refused = {"goal-unknown": "the person has no such goal"}
    person_id: UUID
    goal_id: UUID
    reason: Annotated[Text300, Personal("person_id")]


GoalCommand = SetGoal | ReportProgress | DropGoal


@dataclass(frozen=True, slots=True)
class Goal:
    """`refs` are where its values came from, each told once."""

    set: GoalSet
    refs: frozenset[UUID] = frozenset()
    closed: bool = False

    def reached_by(self, value: Num) -> bool:
        return value >= self.set.target if self.set.direction == "up" else value <= self.set.target


@dataclass(frozen=True, slots=True)
class Goals:
    """Always open: a person without goals has none yet."""

    by_id: Mapping[UUID, Goal] = field(default_factory=dict)

    @property
    def open(self) -> list[Goal]:
        return [goal for goal in self.by_id.values() if not goal.closed]


def stream_of(person_id: UUID) -> str:
    return f"coaching.goals-{person_id}"


def decide(command: GoalCommand, goals: Goals, seen: Seen, asked: Asked) -> Sequence[GoalEvent]:
    match command:
        case SetGoal():
            return _set(command, goals, asked)
        case ReportProgress():
            return _report(command, goals, asked)
        case DropGoal():
            return _drop(command, goals)
        case _:
            assert_never(command)


def _set(command: SetGoal, goals: Goals, asked: Asked) -> Sequence[GoalEvent]:
    told = GoalSet(**dict(command))
    if (before := goals.by_id.get(command.goal_id)) is not None:
        if before.set == told:
            return []
        raise Rejected("goal-exists", "a goal with this id was agreed with other fields")
    if command.kind == "number" and not any(goal.set.kind == "behaviour" for goal in goals.open):
        raise Rejected("behaviour-goal-missing", "beside a number there is a goal of acting: agree on that first")
    if len(goals.open) >= MOST_OPEN:
        raise Rejected("too-many-goals", f"{MOST_OPEN} goals are open: reach or drop one first")
    if command.due_on < asked.day:
        raise Rejected("in-the-past", "a goal is for a day to come")
    return [told]


def _report(command: ReportProgress, goals: Goals, asked: Asked) -> Sequence[GoalEvent]:
    goal = _known(command.goal_id, goals)
    if command.ref in goal.refs:
        return []
    if goal.closed:
        if asked.by_person:
            raise Rejected("goal-closed", "the goal was reached or dropped")
        return []
    if asked.by_person and command.on > asked.day:
        raise Rejected("in-the-future", "only what was measured is told")
    progressed = GoalProgressed(**dict(command))
    if not goal.reached_by(command.value):
        return [progressed]
    return [progressed, GoalReached(person_id=command.person_id, goal_id=command.goal_id, on=command.on)]


def _drop(command: DropGoal, goals: Goals) -> Sequence[GoalEvent]:
    if _known(command.goal_id, goals).closed:
        return []
    return [GoalDropped(**dict(command))]


def _known(goal_id: UUID, goals: Goals) -> Goal:
    if (goal := goals.by_id.get(goal_id)) is None:
        raise Rejected("goal-unknown", "the person has no such goal")
    return goal


def evolve(goals: Goals, event: GoalEvent) -> Goals:
    match event:
        case GoalSet():
            return _with(goals, Goal(event))
        case GoalProgressed():
            goal = goals.by_id[event.goal_id]
            return _with(goals, replace(goal, refs=goal.refs | {event.ref}))
        case GoalReached() | GoalDropped():
            return _with(goals, replace(goals.by_id[event.goal_id], closed=True))
        case _:
            assert_never(event)


def _with(goals: Goals, goal: Goal) -> Goals:
    return Goals({**goals.by_id, goal.set.goal_id: goal})


goals: Decider[GoalCommand, Goals, GoalEvent] = Decider(
    kind="goals",
    commands=GoalCommand,
    events=GoalEvent,
    stream=lambda command: stream_of(command.person_id),
    initial=Goals(),
    decide=decide,
    evolve=evolve,
)
