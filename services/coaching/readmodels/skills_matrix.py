"""Who masters what in a team, who could teach it, and who would like to learn it. Answers GET /v1/skills-matrix."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Text,
    and_,
    case,
    false,
    func,
    literal,
    select,
    true,
    union_all,
)

from services.coaching.events.skills import SkillsEvent
from services.coaching.readmodels.parts.levels import Skilled, skilled, skilled_of
from services.coaching.readmodels.parts.needs import Need, NeedEvent, need_of, needing
from shared.core.directory import Member
from shared.core.event import Personal
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.lists import listed
from shared.web.queries import Page, Reads, View

BY = ("self", "team", "site", "P", "org")
READS_HISTORY = ("self", "team", "H")
MASTERS = 3
FEWEST_HOLDERS = 2
SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class MatrixNeed(Need):
    """Something a person would like to learn, or should."""


class SkillItem(BaseModel):
    """A person and a skill. Without a level it is a need; without a skill nothing is known of the person yet.

    `holders` are those of the team who master it alone; with fewer than two, the team hangs on a `single_point`.
    Whose confirmation has `expired` holds and teaches nothing until it is given anew; `level` stays what it was.
    """

    person_id: UUID
    skill: str | None
    team_id: UUID | None
    level: int | None
    by_self: bool | None
    can_teach: bool
    valid_until: date | None
    expires_soon: bool
    expired: bool
    need_open: bool
    holders: int
    teachers: int
    single_point: bool
    mapping_state: str | None
    mapping_due_on: date | None
    answered_on: date | None
    work_history: Annotated[str | None, Personal("person_id")]
    studies: Annotated[str | None, Personal("person_id")]
    needs_text: Annotated[str | None, Personal("person_id")]


async def read(
    view: Reads,
    team_id: UUID | None = None,
    skill: str | None = None,
    min_level: int | None = None,
    can_teach: bool | None = None,
) -> Page[SkillItem]:
    row, member = view[Skilled], view[Member]
    of = _counted(view, _known(row, view[MatrixNeed]))
    history = view.seen(person=member.c.person_id, team=of.c.team_id, by=READS_HISTORY)
    told = {name: case((history, row.c[name])) for name in ("work_history", "studies", "needs_text")}
    query = (
        select(
            *of.c,
            *(row.c.mapping_state, row.c.mapping_due_on, row.c.answered_on),
            *(column.label(name) for name, column in told.items()),
        )
        .select_from(of)
        .join(member, member.c.person_id == of.c.person_id)
        .outerjoin(row, row.c.person_id == of.c.person_id)
        .where(view.seen(person=of.c.person_id, team=of.c.team_id, by=BY))
    )
    if team_id is not None:
        query = query.where(is_in(member, team_id, view.today))
    if skill is not None:
        query = query.where(of.c.skill == skill)
    if min_level is not None:
        query = query.where(of.c.level >= min_level)
    if can_teach is not None:
        query = query.where(of.c.can_teach == can_teach)
    page = await view.page(query, SkillItem, order=("person_id", "skill"))
    return await for_insiders(view, page, BY, Member, team_id=team_id)


def _known(row: FromClause, need: FromClause) -> CTE:
    """One line for each person and skill: told, confirmed, or wanted."""
    columns: dict[str, Any] = {"level": Integer, "by_self": Boolean, "can_teach": Boolean, "valid_until": Date}
    level = listed(row.c.levels, "level_of", skill=Text, **columns)
    told = select(row.c.person_id, *level.c, false().label("wanted")).select_from(row).join(level, true())
    nothing = [literal(None, kind).label(name) for name, kind in columns.items()]
    wanted = select(need.c.person_id, need.c.topic, *nothing, true().label("wanted")).where(~need.c.met)
    of = union_all(told, wanted).subquery()
    return (
        select(
            *(of.c.person_id, of.c.skill),
            *(func.max(of.c.level).label("level"), func.bool_and(of.c.by_self).label("by_self")),
            func.coalesce(func.bool_or(of.c.can_teach), false()).label("can_teach"),
            *(func.max(of.c.valid_until).label("valid_until"), func.bool_or(of.c.wanted).label("need_open")),
        )
        .group_by(of.c.person_id, of.c.skill)
        .cte("known")
    )


def _counted(view: View, known: CTE) -> CTE:
    """Everybody who is here, with what is known, and how many of the team master each skill."""
    member = view[Member]
    team = team_on(member, view.today)
    expired = func.coalesce(known.c.valid_until < view.today, false())
    soon = known.c.valid_until.between(view.today, view.today + SOON)
    can_teach = and_(func.coalesce(known.c.can_teach, false()), ~expired)
    holders = _over(and_(known.c.level >= MASTERS, known.c.skill.is_not(None), ~expired), team, known)
    return (
        select(
            *(member.c.person_id, known.c.skill, team.label("team_id"), known.c.level, known.c.by_self),
            *(can_teach.label("can_teach"), known.c.valid_until),
            *(func.coalesce(soon, false()).label("expires_soon"), expired.label("expired")),
            func.coalesce(known.c.need_open, false()).label("need_open"),
            *(holders.label("holders"), _over(can_teach, team, known).label("teachers")),
            and_(known.c.skill.is_not(None), holders < FEWEST_HOLDERS).label("single_point"),
        )
        .select_from(member)
        .outerjoin(known, known.c.person_id == member.c.person_id)
        .where(still_here(member, view.today))
        .cte("counted")
    )


def _over(condition: ColumnElement[bool], team: ColumnElement[UUID], known: CTE) -> ColumnElement[int]:
    return func.count().filter(condition).over(partition_by=(team, known.c.skill))


read_model = ReadModel(
    "skills_matrix",
    version=2,
    rows=[
        Rows(Skilled, key=("person_id",), hears=SkillsEvent, rows_of=skilled_of, fold=skilled),
        Rows(
            MatrixNeed,
            key=("person_id", "need_id"),
            hears=NeedEvent,
            rows_of=need_of,
            fold=needing(MatrixNeed),
        ),
    ],
    query=read,
    seen_by="self, supervisor and deputy, M and P of the site, H",
    watched=Watched(BY, key=("person_id",), person="person_id"),
)
