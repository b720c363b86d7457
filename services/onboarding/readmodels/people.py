"""People: who works where, under which name. Answers GET /v1/people, and tells every other file whose team is whose."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeVar, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import or_, select

from services.onboarding.events.structure import PersonEvent, PersonJoinedTeam, PersonLeft, PersonMovedTeam, RoleChanged
from shared.core.directory import Stay, Stays, columns_of, joining, moving, stays_of
from shared.core.event import Personal, Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.queries import Page, Reads
from shared.web.view import as_id

BY = ("self", "team", "site", "org")
T = TypeVar("T")


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
    before: Stays = ()


def person_of(event: PersonEvent, _: Recorded) -> UUID:
    return event.person_id


def person(row: Person | None, event: PersonEvent, _: Recorded) -> Person:
    row = row or Person(person_id=event.person_id)
    match event:
        case PersonJoinedTeam():
            came = Person(event.person_id, event.display_name, event.role_code, event.joined_on)
            told = Stay(team_id=event.team_id, from_day=event.joined_on)
            return replace(came, **columns_of(joining(stays_of(row), told, row.joined_on, row.left_on)))
        case PersonMovedTeam():
            told = Stay(team_id=event.to_team_id, from_day=event.from_day)
            return replace(row, **columns_of(moving(stays_of(row), told)))
        case RoleChanged():
            return replace(row, role_code=event.role_code)
        case PersonLeft():
            return replace(row, left_on=event.last_day)
        case _:
            assert_never(event)


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
    return await for_insiders(view, page, BY, Person, team_id=team_id)


read_model = ReadModel(
    "people",
    version=4,
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
    seen_by="own team, its supervisor and deputy, M of the site, H",
    watched=Watched(BY, key=("person_id",), person="person_id", team="team_id"),
)
