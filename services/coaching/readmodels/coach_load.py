"""How much coaching a coach does, week by week. Answers GET /v1/coach-load."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, Numeric, and_, cast, func, literal_column, or_, select

from services.coaching.events.session import TalkEvent
from services.coaching.readmodels.parts.talks import Talk, talk_of, talking
from shared.core.directory import Member, Team
from shared.core.readmodel import ReadModel, Rows
from shared.web.directory import for_insiders, is_in, leader_on, still_here, team_on
from shared.web.queries import Page, Reads, View

BY = ("self", "site", "org")
ISO_WEEK: ColumnElement[str] = literal_column("'IYYY-\"W\"IW'")


@dataclass(frozen=True, slots=True)
class LoadTalk(Talk):
    """A session, as far as it is work of its coach."""


class LoadItem(BaseModel):
    """`employees` are those in the teams that the coach supervises now; `minutes` are of booked and held sessions.

    A session counts in the week in which it was held, and until then in that for which it is booked.
    """

    coach_id: UUID
    week: str
    employees: int
    booked: int
    held: int
    moved: int
    minutes: int
    moves_per_session: Decimal
    unacknowledged: int


Weeks = Annotated[int, Query(ge=1, le=52, description="How many weeks back, this one included")]


async def read(view: Reads, coach_id: UUID | None = None, site: str | None = None, weeks: Weeks = 4) -> Page[LoadItem]:
    load, member, team = _by_week(view, weeks), view[Member], view[Team]
    employees = _employees(view, load)
    of_team = func.coalesce(_of_coach(view, load), team_on(member, view.today))
    query = (
        select(*load.c, employees.label("employees"))
        .outerjoin(member, member.c.person_id == load.c.coach_id)
        .where(view.seen(person=load.c.coach_id, team=of_team, by=BY))
    )
    if coach_id is not None:
        query = query.where(load.c.coach_id == coach_id)
    if site is not None:
        query = query.where(of_team.in_(select(team.c.team_id).where(team.c.site == site)))
    page = await view.page(query, LoadItem, order=("coach_id", "week"))
    return await for_insiders(view, page, BY, Member, person_id=coach_id)


def _by_week(view: View, weeks: int) -> Any:
    row = view[LoadTalk]
    monday = view.today - timedelta(days=view.today.weekday(), weeks=weeks - 1)
    booked, held = row.c.state == "booked", row.c.state == "held"
    week = func.to_char(func.coalesce(row.c.held_on, row.c.starts_on), ISO_WEEK)
    moved = func.coalesce(func.sum(row.c.moves), 0)
    return (
        select(
            row.c.coach_id,
            week.label("week"),
            func.count().filter(booked).label("booked"),
            func.count().filter(held).label("held"),
            moved.label("moved"),
            func.coalesce(func.sum(row.c.minutes), 0).label("minutes"),
            func.round(cast(moved, Numeric) / func.count(), 2).label("moves_per_session"),
            func.count().filter(held, row.c.acknowledged_on.is_(None)).label("unacknowledged"),
        )
        .where(or_(and_(held, row.c.held_on >= monday), and_(booked, row.c.starts_on >= monday)))
        .group_by(row.c.coach_id, week)
        .cte("load")
    )


def _employees(view: View, load: FromClause) -> ColumnElement[int]:
    member, team = view[Member], view[Team]
    return (
        select(func.count())
        .select_from(member)
        .join(team, is_in(member, team.c.team_id, view.today))
        .where(leader_on(team, "supervisor_id", view.today) == load.c.coach_id, still_here(member, view.today))
        .scalar_subquery()
    )


def _of_coach(view: View, load: FromClause) -> ColumnElement[UUID]:
    """A team that the coach leads: it tells the site. Of who leads none it's the team they are in."""
    team = view[Team]
    leads = (leader_on(team, part, view.today) == load.c.coach_id for part in ("supervisor_id", "deputy_id"))
    return select(team.c.team_id).where(or_(*leads)).order_by(team.c.team_id).limit(1).scalar_subquery()


read_model = ReadModel(
    "coach_load",
    version=2,
    rows=[
        Rows(
            LoadTalk,
            key=("session_id",),
            hears=TalkEvent,
            rows_of=talk_of,
            fold=talking(LoadTalk),
            indexes=(("coach_id",), ("starts_on",), ("held_on",)),
        )
    ],
    query=read,
    seen_by="self, M of the site, H",
)
