"""People: who works where, under which name. Answers GET /v1/people, and tells every other file whose team is whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Uuid, and_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from services.onboarding.events import PersonEvent, PersonJoinedTeam, PersonLeft, PersonMovedTeam, RoleChanged
from shared.core.event import Personal, Recorded, Shape
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.rows import replace
from shared.web import problems
from shared.web.queries import Page, Reads, View
from shared.web.view import as_id

BY = ("self", "team", "site", "org")
T = TypeVar("T")


class Stay(Shape):
    """A time in a team, from this day on."""

    team_id: UUID
    from_day: date


@dataclass(frozen=True, slots=True)
class Person:
    """`team_id` is that of the latest stay, which may lie ahead; `before` are the stays it follows, oldest first."""

    person_id: UUID
    display_name: Annotated[str | None, Personal("person_id")] = None
    role_code: str | None = None
    joined_on: date | None = None
    left_on: date | None = None
    team_id: UUID | None = None
    from_day: date | None = None
    before: tuple[Stay, ...] = ()


def person_of(event: PersonEvent, _: Recorded) -> UUID:
    return event.person_id


def person(row: Person | None, event: PersonEvent, _: Recorded) -> Person:
    row = row or Person(person_id=event.person_id)
    match event:
        case PersonJoinedTeam():
            *before, latest = stays_with(event, row.team_id, row.from_day, row.before)
            return Person(
                person_id=event.person_id,
                display_name=event.display_name,
                role_code=event.role_code,
                joined_on=event.joined_on,
                team_id=latest.team_id,
                from_day=latest.from_day,
                before=tuple(before),
            )
        case PersonMovedTeam():
            *before, latest = stays_with(event, row.team_id, row.from_day, row.before)
            return replace(row, team_id=latest.team_id, from_day=latest.from_day, before=tuple(before))
        case RoleChanged():
            return replace(row, role_code=event.role_code)
        case PersonLeft():
            return replace(row, left_on=event.last_day)
        case _:
            assert_never(event)


def stays_with(
    event: PersonJoinedTeam | PersonMovedTeam, team_id: UUID | None, from_day: date | None, before: tuple[Stay, ...]
) -> tuple[Stay, ...]:
    """The stays of a row and the one that is told, oldest first. One a day; later ones stand; none before joining."""
    if team_id is not None and from_day is not None:
        before = (*before, Stay(team_id=team_id, from_day=from_day))
    match event:
        case PersonJoinedTeam():
            earlier, told = list[Stay](), Stay(team_id=event.team_id, from_day=event.joined_on)
        case PersonMovedTeam():
            earlier = [stay for stay in before if stay.from_day < event.from_day]
            told = Stay(team_id=event.to_team_id, from_day=event.from_day)
        case _:
            assert_never(event)
    later = (stay for stay in before if stay.from_day > told.from_day)
    return (*earlier, told, *later)


def team_on(person: Any, day: date) -> ColumnElement[UUID]:
    """The team of a row with stays on `day`; who has not come yet counts to the team that waits for them."""
    before = cast(person.c.before, JSONB)
    path = cast(literal("$[*] ? (@.from_day <= $day).team_id"), JSONPATH)
    reached = func.jsonb_path_query_array(before, path, func.jsonb_build_object("day", day.isoformat()))
    earlier = func.coalesce(reached.op("->>")(-1), before[0]["team_id"].astext)
    newest = or_(person.c.from_day <= day, func.jsonb_array_length(before) == 0)
    return case((newest, person.c.team_id), else_=cast(earlier, Uuid))


def is_in(person: Any, team_id: UUID | ColumnElement[UUID], day: date) -> ColumnElement[bool]:
    """Whether the row is in the team on `day`. The first half is what an index finds: few moves lie ahead."""
    near = or_(person.c.team_id == team_id, person.c.from_day > day)
    return and_(near, team_on(person, day) == team_id)


def still_here(person: Any, day: date) -> ColumnElement[bool]:
    return or_(person.c.left_on.is_(None), person.c.left_on >= day)


async def for_insiders(
    view: View, page: Page[T], by: Sequence[str], *, person_id: UUID | None = None, team_id: UUID | None = None
) -> Page[T]:
    """The page that a filter on a person or a team gave. Nothing of one whom the caller may not see is a 404."""
    asked = person_id or team_id
    if asked is not None and not page.items:
        row = view[Person]
        team = select(team_on(row, view.today)).where(row.c.person_id == person_id).scalar_subquery()
        of_team = literal(team_id, Uuid) if team_id is not None else team
        if not await view.all(
            select(literal(1)).where(view.seen(person=literal(person_id, Uuid), team=of_team, by=by))
        ):
            raise problems.not_found()
    return page


class Colleague(BaseModel):
    person_id: UUID
    display_name: Annotated[str | None, Personal("person_id")]
    team_id: UUID | None
    role_code: str | None
    joined_on: date | None
    left_on: date | None


async def read(view: Reads, team_id: UUID | None = None, include_left: bool = False) -> Page[Colleague]:
    """Everybody sees their own team; those who lead see the teams they lead."""
    row, me = view[Person], view[Person]
    team = team_on(row, view.today)
    mine = select(team_on(me, view.today)).where(me.c.person_id == as_id(view.caller.person_id)).scalar_subquery()
    seen = view.seen(person=row.c.person_id, team=team, by=BY)
    shown = (row.c.person_id, row.c.display_name, row.c.role_code, row.c.joined_on, row.c.left_on)
    query = select(*shown, team.label("team_id")).where(or_(seen, is_in(row, mine, view.today)))
    if team_id is not None:
        query = query.where(is_in(row, team_id, view.today))
    if not include_left:
        query = query.where(still_here(row, view.today))
    page = await view.page(query, Colleague, order=("person_id",))
    return await for_insiders(view, page, BY, team_id=team_id)


read_model = ReadModel(
    "people",
    version=2,
    rows=[
        Rows(
            Person,
            key=("person_id",),
            hears=PersonEvent,
            rows_of=person_of,
            fold=person,
            indexes=(("team_id",), ("from_day",)),
        )
    ],
    query=read,
    watched=Watched(BY, key=("person_id",), person="person_id", team="team_id"),
)
