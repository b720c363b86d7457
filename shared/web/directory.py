"""Whose team is whose: what relations, time zones and columns about the present team are resolved from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from shared.core.readmodel import ReadModel
from shared.web import problems
from shared.web.paging import Page
from shared.web.view import View

T = TypeVar("T")
_NEVER = literal_column("'infinity'::date", Date)
_LEADER, _DAY = bindparam("leader", type_=Uuid), bindparam("day", type_=Date)


Day = date | ColumnElement[date]


@lru_cache(1_000)
def team_on(person: Any, day: Day) -> ColumnElement[UUID]:
    """The team of a row with stays on `day`; who has not come yet counts to the team that waits for them."""
    before = cast(person.c.before, JSONB)
    path = cast(literal("$[*] ? (@.from_day <= $day).team_id"), JSONPATH)
    reached = func.jsonb_path_query_array(before, path, func.jsonb_build_object("day", _on(day)))
    earlier = func.coalesce(reached.op("->>")(-1), before[0]["team_id"].astext)
    newest = or_(person.c.from_day <= day, func.jsonb_array_length(before) == 0)
    return case((newest, person.c.team_id), else_=cast(earlier, Uuid))


def is_in(person: Any, team_id: UUID | ColumnElement[UUID], day: Day) -> ColumnElement[bool]:
    """Whether the row is in the team on `day`. The first half is what an index finds: few moves lie ahead."""
    near = or_(person.c.team_id == team_id, _ahead(person.c.from_day, day))
    return and_(near, team_on(person, day) == team_id)


def _ahead(column: ColumnElement[date], day: Day) -> ColumnElement[bool]:
    """Later than `day`. Between two ends, PostgreSQL expects few rows; beyond one that it does not know, a third."""
    return and_(column > day, column < _NEVER)


def still_here(person: Any, day: Day) -> ColumnElement[bool]:
    return or_(person.c.left_on.is_(None), person.c.left_on >= day)


def leader_on(row: Any, part: str, day: Day) -> ColumnElement[UUID]:
    """The `supervisor_id` or the `deputy_id` of a team on `day`; null before the first appointment counts."""
    path = cast(literal(f"$[*] ? (@.since <= $day).{part}"), JSONPATH)
    on = _on(day)
    known = func.jsonb_path_query_array(cast(row.c.before, JSONB), path, func.jsonb_build_object("day", on))
    return case((row.c.since <= on, row.c[part]), else_=cast(known.op("->>")(-1), Uuid))


def _on(day: Day) -> ColumnElement[date]:
    return literal(day, Date) if isinstance(day, date) else day


@lru_cache(1_000)
def _leads(row: Any) -> Select[Any]:
    """The teams that a bound person leads on a bound day: asked with most requests, so built once for all of them."""
    near = or_(row.c.supervisor_id == _LEADER, row.c.deputy_id == _LEADER, _ahead(row.c.since, _DAY))
    leads = (leader_on(row, part, _DAY) == _LEADER for part in ("supervisor_id", "deputy_id"))
    return select(row.c.team_id).where(near, or_(*leads))


async def for_insiders(
    view: View,
    page: Page[T],
    by: Sequence[str],
    person_row: type[Any],
    *,
    person_id: UUID | None = None,
    team_id: UUID | None = None,
) -> Page[T]:
    """The page that a filter on a person or a team gave. Nothing of one whom the caller may not see is a 404."""
    asked = person_id or team_id
    if asked is not None and not page.items:
        row = view[person_row]
        team = select(team_on(row, view.today)).where(row.c.person_id == person_id).scalar_subquery()
        of_team = literal(team_id, Uuid) if team_id is not None else team
        seen = view.seen(person=literal(person_id, Uuid), team=of_team, by=by)
        if not await view.all(select(literal(1)).where(seen)):
            raise problems.not_found()
    return page


@dataclass
class PeopleAndTeams:
    """A directory over rows of people and of teams, kept by the read models that it `reads`."""

    reads: Sequence[ReadModel]
    person: type[Any]
    team: type[Any]

    async def team_of(self, view: Any, person_id: UUID, day: date) -> UUID | None:
        row = view[self.person]
        found = await view.first(select(team_on(row, day)).where(row.c.person_id == person_id))
        return found[0] if found else None

    async def leads(self, view: Any, person_id: UUID, day: date) -> frozenset[UUID]:
        found = await view.all(_leads(view[self.team]), {_LEADER.key: person_id, _DAY.key: day})
        return frozenset(team_id for (team_id,) in found)

    async def teams_at(self, view: Any, site: str) -> frozenset[UUID]:
        row = view[self.team]
        found = await view.all(select(row.c.team_id).where(row.c.site == site))
        return frozenset(team_id for (team_id,) in found)

    async def zone_of(self, view: Any, team_id: UUID) -> str | None:
        row = view[self.team]
        found = await view.first(select(row.c.time_zone).where(row.c.team_id == team_id))
        return found[0] if found else None

    async def zones(self, view: Any) -> dict[UUID, str]:
        row = view[self.team]
        found = await view.all(select(row.c.team_id, row.c.time_zone).where(row.c.time_zone.is_not(None)))
        return dict(found)
