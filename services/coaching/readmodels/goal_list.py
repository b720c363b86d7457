"""Goals, where they stand and how they came there. Answers GET /v1/goal-list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Date, FromClause, Integer, Text, Uuid, cast, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from services.coaching.events.goals import GoalProgressed
from services.coaching.readmodels.parts.aims import (
    Aim,
    AimEvent,
    AimValue,
    aim_of,
    aiming,
    newest_value,
    percent_of,
    value_of,
    valued,
)
from shared.core.directory import Member
from shared.core.event import Personal
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.nested import as_list
from shared.web.queries import Page, Reads, View

BY: Sequence[str] = ("self", "team", "N")
INSIDERS = ("self", "team")
ORDER = ("team_id", "kind", "unit", "direction", "person_id", "goal_id")
PERSON = Personal("person_id")
FEWEST = 5  # people with goals in a team: below so many an analyst sees none of them
State = Literal["open", "reached", "dropped"]


@dataclass(frozen=True, slots=True)
class ListedGoal(Aim):
    """A goal on the list."""


@dataclass(frozen=True, slots=True)
class GoalStep(AimValue):
    """A value on the curve of a goal."""


class Step(BaseModel):
    on: date
    value: Decimal
    source: Literal["session", "evaluation", "measured"]


class GoalItem(BaseModel):
    """For analysts a line is a team: `n` people's goals that are counted alike, and the averages of their values."""

    team_id: UUID | None
    kind: Literal["behaviour", "number"]
    unit: str
    direction: Literal["up", "down"]
    person_id: UUID | None
    goal_id: UUID | None
    n: int
    title: Annotated[str | None, PERSON]
    measure: Annotated[str | None, PERSON]
    baseline: Decimal | None
    target: Decimal
    behaviour_id: UUID | None
    value: Decimal | None
    progress: int | None
    due_on: date | None
    state: State | None
    curve: tuple[Step, ...]


async def read(
    view: Reads, person_id: UUID | None = None, team_id: UUID | None = None, state: State | None = None
) -> Page[GoalItem]:
    goal, member = _goals(view), view[Member]
    query = (
        select(goal, team_on(member, view.today).label("team_id"))
        .outerjoin(member, member.c.person_id == goal.c.person_id)
        .where(still_here(member, view.today))
    )
    if person_id is not None:
        query = query.where(goal.c.person_id == person_id)
    if team_id is not None:
        query = query.where(is_in(member, team_id, view.today))
    if state is not None:
        query = query.where(goal.c.state == state)
    found = query.cte("found")
    seen = view.seen(person=found.c.person_id, team=found.c.team_id, by=INSIDERS)
    lines = union_all(_single(found).where(seen), _averages(found, "N" in view.caller.roles)).subquery()
    page = await view.page(select(lines), GoalItem, order=ORDER)
    return await for_insiders(view, page, BY, Member, person_id=person_id, team_id=team_id)


def _goals(view: View) -> Any:
    aim, value, step = view[ListedGoal], view[GoalStep], view[GoalStep]
    goal = select(*aim.c, newest_value(aim, value).label("value"), _curve(aim, step).label("curve")).cte("goal")
    return select(*goal.c, cast(percent_of(goal, goal.c.value), Integer).label("progress")).cte("goals")


def _curve(aim: FromClause, step: FromClause) -> ColumnElement[Any]:
    of_goal = step.c.person_id == aim.c.person_id, step.c.goal_id == aim.c.goal_id
    rows = select(step.c.on, step.c.value, step.c.source).where(*of_goal)
    return as_list(rows.order_by(step.c.on, step.c.version), aim)


def _single(found: FromClause) -> Any:
    of = found.c
    return select(
        *(of.team_id, of.kind, of.unit, of.direction, of.person_id, of.goal_id, literal(1).label("n")),
        *(of.title, of.measure, of.baseline, of.target, of.behaviour_id, of.value, of.progress),
        *(of.due_on, of.state, of.curve),
    )


def _averages(found: FromClause, wanted: bool) -> Any:
    of = found.c
    alike = (of.team_id, of.kind, of.unit, of.direction)
    people = func.count(of.person_id.distinct())
    means = [func.round(func.avg(each), 2) for each in (of.baseline, of.target)]
    progress = cast(func.round(func.avg(of.progress)), Integer)
    return (
        select(
            *(*alike, literal(None, Uuid), literal(None, Uuid), people, literal(None, Text), literal(None, Text)),
            *(*means, literal(None, Uuid), func.round(func.avg(of.value), 2), progress),
            *(literal(None, Date), literal(None, Text), cast([], JSONB)),
        )
        .where(literal(wanted), of.team_id.is_not(None))
        .group_by(*alike)
        .having(people >= FEWEST)
    )


read_model = ReadModel(
    "goal_list",
    version=1,
    rows=[
        Rows(ListedGoal, key=("person_id", "goal_id"), hears=AimEvent, rows_of=aim_of, fold=aiming(ListedGoal)),
        Rows(
            GoalStep,
            key=("person_id", "goal_id", "ref"),
            hears=GoalProgressed,
            rows_of=value_of,
            fold=valued(GoalStep),
        ),
    ],
    query=read,
    seen_by="self, supervisor and deputy; N averages of five people and more",
    watched=Watched(INSIDERS, key=("person_id",), person="person_id"),
)
