"""The parts of team_board's answer, each read from the rows of its own streams."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Text, and_, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.coaching.readmodels.agreements import Agreement
from services.coaching.readmodels.concerns import BoardIssue, BoardItem
from services.coaching.readmodels.days import BoardActivity, BoardShift, BoardWeek
from services.coaching.readmodels.focuses import Focus
from services.coaching.readmodels.needs import Need
from services.coaching.readmodels.paces import Pace
from services.coaching.readmodels.strategies import Message, Reading
from services.coaching.readmodels.tables import as_list
from services.coaching.readmodels.talks import Talk
from shared.core.directory import Member
from shared.web.directory import is_in, still_here
from shared.web.queries import View

Person = Any  # the column that says whose part it is
Part = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class BoardFocus(Focus):
    """How far a hire is."""


@dataclass(frozen=True, slots=True)
class BoardTalk(Talk):
    """A session of somebody on the board."""


@dataclass(frozen=True, slots=True)
class BoardPace(Pace):
    """By when somebody is coached next."""


@dataclass(frozen=True, slots=True)
class BoardAction(Agreement):
    """What somebody on the board will do."""


@dataclass(frozen=True, slots=True)
class BoardNeed(Need):
    """What somebody on the board wants to learn."""


@dataclass(frozen=True, slots=True)
class BoardMessage(Message):
    """A message to read."""


@dataclass(frozen=True, slots=True)
class BoardReading(Reading):
    """Who has read it."""


def sessions_of(view: View, person: Person) -> tuple[Part, ...]:
    talk = view[BoardTalk]
    own = talk.c.employee_id == person
    booked = and_(own, talk.c.state == "booked")
    return (
        select(func.min(talk.c.starts_at))
        .where(booked, talk.c.starts_at >= view.now)
        .scalar_subquery()
        .label("next_session_at"),
        select(func.max(talk.c.held_on)).where(own, talk.c.state == "held").scalar_subquery().label("last_held_on"),
        exists().where(booked, talk.c.left_open).label("left_open"),
    )


def actions_of(view: View, person: Person) -> tuple[Part, ...]:
    action = view[BoardAction]
    is_open = and_(action.c.employee_id == person, action.c.state == "open")
    late = action.c.follow_up_on < view.today
    return _count(action, is_open).label("open_actions"), _count(action, is_open, late).label("overdue_actions")


def _count(row: FromClause, *conditions: ColumnElement[bool]) -> Part:
    return select(func.count()).select_from(row).where(*conditions).scalar_subquery()


def needs_of(view: View, person: Person) -> Part:
    need = view[BoardNeed]
    topics = func.jsonb_agg(need.c.topic.distinct(), type_=JSONB)
    found = select(topics).where(need.c.person_id == person, ~need.c.met).scalar_subquery()
    return func.coalesce(found, cast([], JSONB))


def shifts_today_of(view: View, person: Person) -> Part:
    """Of weeks that are published."""
    shift, week = view[BoardShift], view[BoardWeek]
    names = ("starts_at", "ends_at", "place", "contact_types")
    holds = exists().where(week.c.team_id == shift.c.team_id, week.c.week == shift.c.week)
    today = and_(shift.c.person_id == person, shift.c.starts_on == view.today, ~shift.c.removed)
    rows = select(*(shift.c[name] for name in names)).where(today, holds)
    return as_list(rows.order_by(shift.c.starts_at), person.table)


def activities_of(view: View, person: Person) -> Part:
    row = view[BoardActivity]
    today = and_(row.c.person_id == person, row.c.starts_on == view.today, row.c.placed)
    rows = select(row.c.kind, row.c.starts_at, row.c.minutes).where(today)
    return as_list(rows.order_by(row.c.starts_at), person.table)


def header_of(view: View, team_id: UUID) -> Part:
    item, issue = view[BoardItem], view[BoardIssue]
    open_item = and_(item.c.team_id == team_id, ~item.c.over)
    late = or_(
        item.c.acknowledge_by < view.now,
        item.c.decide_by < view.today,
        item.c.tell_back_by < view.today,
    )
    open_issue = and_(issue.c.team_id == team_id, issue.c.state != "resolved")
    parts = {
        "open_feedback": _count(item, open_item),
        "overdue_feedback": _count(item, open_item, late),
        "untold": _count(item, open_item, item.c.tell_back_by.is_not(None)),
        "open_issues": _count(issue, open_issue),
        "escalated_issues": _count(issue, open_issue, issue.c.level >= 1),
        "unread_messages": _unread(view, team_id),
    }
    return func.jsonb_build_object(*(part for pair in parts.items() for part in pair), type_=JSONB)


def _unread(view: View, team_id: UUID) -> Part:
    """Messages that somebody in the team has not read."""
    message, read, member = view[BoardMessage], view[BoardReading], view[Member]
    of_team = cast(message.c.team_ids, JSONB).op("?", is_comparison=True)(cast(literal(str(team_id)), Text))
    of_both = (read.c.message_id == message.c.message_id, read.c.person_id == member.c.person_id)
    has_read = exists().where(*of_both).correlate(message, member)
    here = and_(is_in(member, team_id, view.today), still_here(member, view.today))
    somebody = exists(select(member.c.person_id).where(here, ~has_read))
    return _count(message, of_team, ~message.c.withdrawn, somebody)
