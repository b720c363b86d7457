"""Sessions by day: booked, moved, held, left open. Answers GET /v1/coaching-calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, Interval, cast, exists, func, literal, or_, select

from services.coaching.events.session import TalkEvent
from services.coaching.readmodels.parts.talks import Talk, talk_of, talking
from shared.core.directory import Member
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.types import Day
from shared.web.directory import for_insiders, is_in, team_on
from shared.web.queries import Page, Reads

BY = ("self", "team", "site")


@dataclass(frozen=True, slots=True)
class CalendarTalk(Talk):
    """A session in the calendar."""


class TalkItem(BaseModel):
    """`coach_busy`: another booked session of the coach is at the same time. `team_id` is the present team."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID | None
    form_id: UUID
    kind: Literal["regular", "onboarding", "follow-up"]
    starts_at: datetime
    starts_on: date
    minutes: int
    place: Literal["site", "remote"]
    state: Literal["booked", "held", "voided", "cancelled"]
    held_on: date | None
    coach_busy: bool
    moves: int
    clashes: int
    left_open: bool
    prepared_by: tuple[str, ...]
    acknowledged_on: date | None
    reminded: bool


From = Annotated[Day | None, Query(alias="from", description="The first day")]
To = Annotated[Day | None, Query(description="The last day")]


async def read(
    view: Reads,
    from_: From = None,
    to: To = None,
    coach_id: UUID | None = None,
    employee_id: UUID | None = None,
    team_id: UUID | None = None,
) -> Page[TalkItem]:
    row, other, member = view[CalendarTalk], view[CalendarTalk], view[Member]
    team = func.coalesce(team_on(member, view.today), row.c.team_then)
    seen = [view.seen(person=person, team=team, by=BY) for person in (row.c.employee_id, row.c.coach_id)]
    query = (
        select(*row.c, team.label("team_id"), _busy(row, other).label("coach_busy"))
        .select_from(row)
        .outerjoin(member, member.c.person_id == row.c.employee_id)
        .where(or_(*seen))
    )
    if from_ is not None:
        query = query.where(row.c.starts_on >= from_)
    if to is not None:
        query = query.where(row.c.starts_on <= to)
    if coach_id is not None:
        query = query.where(row.c.coach_id == coach_id)
    if employee_id is not None:
        query = query.where(row.c.employee_id == employee_id)
    if team_id is not None:
        query = query.where(is_in(member, team_id, view.today))
    page = await view.page(query, TalkItem, order=("starts_at", "session_id"))
    return await for_insiders(view, page, BY, Member, person_id=employee_id or coach_id, team_id=team_id)


def _busy(row: FromClause, other: FromClause) -> ColumnElement[bool]:
    minute = cast(literal("1 minute"), Interval)
    overlap = (
        other.c.starts_at < row.c.starts_at + row.c.minutes * minute,
        row.c.starts_at < other.c.starts_at + other.c.minutes * minute,
    )
    both_booked = (row.c.state == "booked", other.c.state == "booked", other.c.session_id != row.c.session_id)
    return exists().where(other.c.coach_id == row.c.coach_id, *both_booked, *overlap)


read_model = ReadModel(
    "coaching_calendar",
    version=1,
    rows=[
        Rows(
            CalendarTalk,
            key=("session_id",),
            hears=TalkEvent,
            rows_of=talk_of,
            fold=talking(CalendarTalk),
            indexes=(("employee_id",), ("coach_id", "starts_at"), ("starts_on",)),
        )
    ],
    query=read,
    seen_by="both parties, supervisor and deputy, M of the site",
    watched=Watched(BY, key=("session_id",), person="employee_id", parties=("coach_id",)),
)
