"""Whether everybody is coached once a month, and who keeps the times. Answers GET /v1/cadence-compliance."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Numeric,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from services.coaching.events.session import SessionMoved, TalkEvent
from services.coaching.events.shapes import INTERVAL
from services.coaching.readmodels.parts.months import months_before
from services.coaching.readmodels.parts.paces import Pace, PaceEvent, pace_of, pacing
from services.coaching.readmodels.parts.talks import Talk, talk_of, talking
from shared.core.directory import Member
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.lists import listed
from shared.web.queries import Page, Reads, View

BY = ("self", "team", "site", "N")
NINETY_DAYS = timedelta(days=90)
MONTHS = 12
AVOIDABLE = ("replaced", "other")


@dataclass(frozen=True, slots=True)
class Cadence(Pace):
    """The rhythm of one person."""


@dataclass(frozen=True, slots=True)
class CadenceTalk(Talk):
    """A session, as far as it keeps the rhythm."""


@dataclass(frozen=True, slots=True)
class CadenceMove:
    """A session that was moved to another time; `nth` is the fact's place in the session's stream."""

    session_id: UUID
    nth: int
    employee_id: UUID
    on: date
    by: str


def move_of(event: SessionMoved, recorded: Recorded) -> tuple[UUID, int] | None:
    return None if event.starts_at == event.starts_at_before else (event.session_id, recorded.version)


def move(_row: CadenceMove | None, event: SessionMoved, recorded: Recorded) -> CadenceMove:
    return CadenceMove(event.session_id, recorded.version, event.employee_id, recorded.at.date(), event.moved_by)


class CadenceItem(BaseModel):
    """Of who had joined by the end of the month. `compliant`: a session was held in it, or they joined or were away."""

    person_id: UUID
    team_id: UUID | None
    left_on: date | None
    interval_days: Annotated[int | None, INTERVAL]
    next_due_on: date | None
    paused_until: date | None
    months_missed: int
    next_session_at: datetime | None
    booked_ahead_days: int
    series_until: date | None
    held_in_month: int
    moves_90d: int
    cancelled_90d: int
    moved_by_coach: int | None
    compliant: bool


Month = Annotated[
    str | None, Query(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$", description="2027-03; this month when none is named")
]


async def read(
    view: Reads, team_id: UUID | None = None, month: Month = None, missed: bool | None = None
) -> Page[CadenceItem]:
    pace, member = view[Cadence], view[Member]
    team = team_on(member, view.today)
    first, last = _days_of(month, view.today)
    months_missed, held = _months_missed(pace, view.today), _held(view, member, first, last)
    query = (
        select(
            *(member.c.person_id, team.label("team_id"), member.c.left_on, pace.c.interval_days, pace.c.next_due_on),
            *(pace.c.series_until, _paused_until(pace, view.today).label("paused_until")),
            func.coalesce(months_missed, 0).label("months_missed"),
            *(_ahead(view, member)),
            *(_moves(view, member)),
            *(_cancelled(view, member).label("cancelled_90d"), held.label("held_in_month")),
            or_(held > 0, _joined(member, first, last), _away(pace, first, last)).label("compliant"),
        )
        .select_from(member)
        .outerjoin(pace, pace.c.person_id == member.c.person_id)
        .where(view.seen(person=member.c.person_id, team=team, by=BY), still_here(member, view.today))
        .where(member.c.joined_on <= last)
    )
    if team_id is not None:
        query = query.where(is_in(member, team_id, view.today))
    if missed is not None:
        query = query.where((func.coalesce(months_missed, 0) > 0) == missed)
    page = await view.page(query, CadenceItem, order=("person_id",))
    return await for_insiders(view, page, BY, Member, team_id=team_id)


def _days_of(month: str | None, today: date) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01") if month else today.replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _paused_until(pace: FromClause, today: date) -> ColumnElement[date]:
    """The end of the pause that holds today, or of the next one."""
    away = listed(pace.c.away, "pause", from_day=Date, until_day=Date)
    return select(func.min(away.c.until_day)).where(away.c.until_day >= today).scalar_subquery()


def _months_missed(pace: FromClause, today: date) -> ColumnElement[int]:
    """Of this month and the eleven before, those with a due day that nobody has made good."""
    miss = listed(pace.c.misses, "miss", due_on=Date, made_good=Boolean)
    since = months_before(today, MONTHS - 1)
    months = func.count(func.to_char(miss.c.due_on, "YYYY-MM").distinct())
    return select(months).where(~miss.c.made_good, miss.c.due_on >= since).scalar_subquery()


def _held(view: View, member: FromClause, first: date, last: date) -> ColumnElement[int]:
    talk = view[CadenceTalk]
    in_month = and_(talk.c.state == "held", talk.c.held_on.between(first, last))
    of_member = talk.c.employee_id == member.c.person_id
    return select(func.count()).select_from(talk).where(of_member, in_month).scalar_subquery()


def _ahead(view: View, member: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """When the next session is, and how many days are booked ahead."""
    talk = view[CadenceTalk]
    ahead = and_(talk.c.employee_id == member.c.person_id, talk.c.state == "booked", talk.c.starts_at >= view.now)
    days = cast(func.coalesce(func.max(talk.c.starts_on) - view.today, 0), Integer)
    return (
        select(func.min(talk.c.starts_at)).where(ahead).scalar_subquery().label("next_session_at"),
        select(days).where(ahead).scalar_subquery().label("booked_ahead_days"),
    )


def _moves(view: View, member: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    row = view[CadenceMove]
    lately = and_(row.c.employee_id == member.c.person_id, row.c.on > view.today - NINETY_DAYS)
    by_coach = func.count().filter(row.c.by == "coach")
    share = cast(func.round(cast(100 * by_coach, Numeric) / func.nullif(func.count(), 0)), Integer)
    return (
        select(func.count()).select_from(row).where(lately).scalar_subquery().label("moves_90d"),
        select(share).select_from(row).where(lately).scalar_subquery().label("moved_by_coach"),
    )


def _cancelled(view: View, member: FromClause) -> ColumnElement[int]:
    talk = view[CadenceTalk]
    lately = and_(talk.c.cancelled_on > view.today - NINETY_DAYS, talk.c.cancelled_for.in_(AVOIDABLE))
    of_member = talk.c.employee_id == member.c.person_id
    return select(func.count()).select_from(talk).where(of_member, lately).scalar_subquery()


def _joined(member: FromClause, first: date, last: date) -> ColumnElement[bool]:
    return member.c.joined_on.between(first, last)


def _away(pace: FromClause, first: date, last: date) -> ColumnElement[bool]:
    away = listed(pace.c.away, "away", from_day=Date, until_day=Date)
    return exists(select(literal(1)).select_from(away).where(away.c.from_day <= last, away.c.until_day >= first))


read_model = ReadModel(
    "cadence_compliance",
    version=4,
    rows=[
        Rows(Cadence, key=("person_id",), hears=PaceEvent, rows_of=pace_of, fold=pacing(Cadence)),
        Rows(
            CadenceTalk,
            key=("session_id",),
            hears=TalkEvent,
            rows_of=talk_of,
            fold=talking(CadenceTalk),
            indexes=(("employee_id", "starts_on"),),
        ),
        Rows(
            CadenceMove,
            key=("session_id", "nth"),
            hears=SessionMoved,
            rows_of=move_of,
            fold=move,
            indexes=(("employee_id", "on"),),
        ),
    ],
    query=read,
    seen_by="self, supervisor and deputy, M of the site, N",
    watched=Watched(BY, key=("person_id",), person="person_id", otherwise={"person_id": "employee_id"}),
)
