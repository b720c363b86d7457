"""Teams: name, site, who leads them, how many they are. Answers GET /v1/teams."""

from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Uuid, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from services.onboarding.events import (
    PersonJoinedTeam,
    PersonLeft,
    PersonMovedTeam,
    SupervisorAppointed,
    TeamDisbanded,
    TeamEvent,
    TeamFormed,
    TeamRenamed,
)
from services.onboarding.readmodels.people import Stay, is_in, stays_with, still_here
from shared.core.event import Recorded, Shape
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.rows import replace
from shared.web.queries import Page, Reads

BY = ("everybody",)


class Lead(Shape):
    """Who led a team from this day on."""

    since: date
    supervisor_id: UUID
    deputy_id: UUID | None


@dataclass(frozen=True, slots=True)
class Team:
    """The latest appointment may lie ahead; `before` are those it follows, oldest first."""

    team_id: UUID
    name: str | None = None
    site: str | None = None
    time_zone: str | None = None
    supervisor_id: UUID | None = None
    deputy_id: UUID | None = None
    since: date | None = None
    before: tuple[Lead, ...] = ()
    disbanded_on: date | None = None


def team_of(event: TeamEvent, _: Recorded) -> UUID:
    return event.team_id


def team(row: Team | None, event: TeamEvent, _: Recorded) -> Team:
    row = row or Team(team_id=event.team_id)
    match event:
        case TeamFormed():
            return replace(row, name=event.name, site=event.site, time_zone=event.time_zone)
        case TeamRenamed():
            return replace(row, name=event.name)
        case SupervisorAppointed():
            *before, latest = leads_with(event, row)
            return replace(row, **dict(latest), before=tuple(before))
        case TeamDisbanded():
            return replace(row, disbanded_on=event.on)
        case _:
            assert_never(event)


def leads_with(event: SupervisorAppointed, row: Team) -> list[Lead]:
    """Who led and leads from which day, oldest first: one appointment a day, and planned ones stand."""
    told = Lead(since=event.since, supervisor_id=event.supervisor_id, deputy_id=event.deputy_id)
    leads = list(row.before)
    if row.since is not None and row.supervisor_id is not None:
        leads.append(Lead(since=row.since, supervisor_id=row.supervisor_id, deputy_id=row.deputy_id))
    others = (lead for lead in leads if lead.since != told.since)
    return sorted((*others, told), key=lambda lead: lead.since)


MemberEvent = PersonJoinedTeam | PersonMovedTeam | PersonLeft


@dataclass(frozen=True, slots=True)
class Member:
    """A person, as far as teams count them: the columns are those of people's row."""

    person_id: UUID
    left_on: date | None = None
    team_id: UUID | None = None
    from_day: date | None = None
    before: tuple[Stay, ...] = ()


def member_of(event: MemberEvent, _: Recorded) -> UUID:
    return event.person_id


def member(row: Member | None, event: MemberEvent, _: Recorded) -> Member:
    row = row or Member(person_id=event.person_id)
    match event:
        case PersonJoinedTeam() | PersonMovedTeam():
            *before, latest = stays_with(event, row.team_id, row.from_day, row.before)
            left_on = None if isinstance(event, PersonJoinedTeam) else row.left_on
            return Member(event.person_id, left_on, latest.team_id, latest.from_day, tuple(before))
        case PersonLeft():
            return replace(row, left_on=event.last_day)
        case _:
            assert_never(event)


def leader_on(row: Any, part: str, day: date) -> ColumnElement[UUID]:
    """The `supervisor_id` or the `deputy_id` of a team on `day`; null before the first appointment counts."""
    path = cast(literal(f"$[*] ? (@.since <= $day).{part}"), JSONPATH)
    known = func.jsonb_path_query_array(
        cast(row.c.before, JSONB), path, func.jsonb_build_object("day", day.isoformat())
    )
    return case((row.c.since <= day, row.c[part]), else_=cast(known.op("->>")(-1), Uuid))


class TeamItem(BaseModel):
    team_id: UUID
    name: str | None
    site: str | None
    time_zone: str | None
    supervisor_id: UUID | None
    deputy_id: UUID | None
    disbanded_on: date | None
    members: int


async def read(view: Reads, site: str | None = None) -> Page[TeamItem]:
    row, person = view[Team], view[Member]
    members = (
        select(func.count())
        .select_from(person)
        .where(is_in(person, row.c.team_id, view.today), still_here(person, view.today))
        .scalar_subquery()
    )
    query = select(
        *(row.c.team_id, row.c.name, row.c.site, row.c.time_zone, row.c.disbanded_on),
        leader_on(row, "supervisor_id", view.today).label("supervisor_id"),
        leader_on(row, "deputy_id", view.today).label("deputy_id"),
        members.label("members"),
    ).where(view.seen(by=BY))
    if site is not None:
        query = query.where(row.c.site == site)
    return await view.page(query, TeamItem, order=("team_id",))


read_model = ReadModel(
    "teams",
    version=2,
    rows=[
        Rows(
            Team,
            key=("team_id",),
            hears=TeamEvent,
            rows_of=team_of,
            fold=team,
            indexes=(("supervisor_id",), ("deputy_id",), ("since",)),
        ),
        Rows(
            Member,
            key=("person_id",),
            hears=MemberEvent,
            rows_of=member_of,
            fold=member,
            indexes=(("team_id",), ("from_day",)),
        ),
    ],
    query=read,
    watched=Watched(BY, key=("team_id",)),
)
