"""Teams: name, site, who leads them, how many they are. Answers GET /v1/teams."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, func, select

from services.onboarding.events.structure import PersonEvent, TeamEvent
from shared.core.directory import Facts, Member, Team, rows
from shared.core.readmodel import ReadModel, Watched
from shared.web.directory import is_in, leader_on, still_here
from shared.web.draft import Draft
from shared.web.queries import Page, Reads

BY = ("everybody",)


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
    return await view.page(view.kept(_teams, site=site), TeamItem, order=("team_id",))


def _teams(draft: Draft, site: ColumnElement[str] | None) -> Select[Any]:
    row, person = draft[Team], draft[Member]
    members = (
        select(func.count())
        .select_from(person)
        .where(is_in(person, row.c.team_id, draft.today), still_here(person, draft.today))
        .scalar_subquery()
    )
    query = select(
        *(row.c.team_id, row.c.name, row.c.site, row.c.time_zone, row.c.disbanded_on),
        leader_on(row, "supervisor_id", draft.today).label("supervisor_id"),
        leader_on(row, "deputy_id", draft.today).label("deputy_id"),
        members.label("members"),
    ).where(draft.seen(by=BY))
    return query if site is None else query.where(row.c.site == site)


read_model = ReadModel(
    "teams",
    version=4,
    rows=rows(Facts.of(TeamEvent | PersonEvent)),
    query=read,
    seen_by="everybody",
    watched=Watched(BY, key=("team_id",)),
)
