"""The parts of team_board's answer, each read from the rows of its own streams."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.coaching.readmodels.parts.agreements import Agreement
from services.coaching.readmodels.parts.concerns import BoardIssue, BoardItem
from services.coaching.readmodels.parts.days import BoardActivity, BoardShift, BoardWeek
from services.coaching.readmodels.parts.focuses import Focus
from services.coaching.readmodels.parts.needs import Need
from services.coaching.readmodels.parts.paces import Pace
from services.coaching.readmodels.parts.strategies import Message, Reading
from services.coaching.readmodels.parts.talks import Talk
from shared.core.directory import Member, Team
from shared.web.directory import is_in, leader_on, still_here
from shared.web.draft import Draft
from shared.web.lists import holds
from shared.web.nested import gathered
from shared.web.scope import OWN

Part = ColumnElement[Any]
Person = Part  # says whose part it is


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


def people_of(draft: Draft, team_id: Part, by: Sequence[str]) -> CTE:
    """Looked up once: all parts are about them alone."""
    member = draft[Member]
    told = (member.c.person_id, team_id.label("team_id"), member.c.role_code, member.c.joined_on, member.c.left_on)
    here = and_(is_in(member, team_id, draft.today), still_here(member, draft.today))
    return select(*told).where(draft.seen(team=team_id, by=by), here).cte("people")


def sessions_of(draft: Draft, person: Person) -> FromClause:
    talk = draft[BoardTalk]
    booked = talk.c.state == "booked"
    ahead, held = and_(booked, talk.c.starts_at >= draft.now), talk.c.state == "held"
    parts: tuple[Part, ...] = (
        func.min(talk.c.starts_at).filter(ahead).label("next_session_at"),
        func.max(talk.c.held_on).filter(held).label("last_held_on"),
        func.coalesce(func.bool_or(talk.c.left_open).filter(booked), False).label("left_open"),
    )
    return select(*parts).where(talk.c.employee_id == person).lateral()


def actions_of(draft: Draft, person: Person) -> FromClause:
    action = draft[BoardAction]
    late = func.count().filter(action.c.follow_up_on < draft.today)
    parts: tuple[Part, ...] = (func.count().label("open_actions"), late.label("overdue_actions"))
    return select(*parts).where(action.c.employee_id == person, action.c.state == "open").lateral()


def needs_of(draft: Draft, person: Person) -> FromClause:
    need = draft[BoardNeed]
    topics = func.coalesce(func.jsonb_agg(need.c.topic.distinct()), cast([], JSONB), type_=JSONB)
    return select(topics.label("open_needs")).where(need.c.person_id == person, ~need.c.met).lateral()


def shifts_today_of(draft: Draft, person: Person) -> FromClause:
    """Of weeks that are published."""
    shift, week = draft[BoardShift], draft[BoardWeek]
    holds = exists().where(week.c.team_id == shift.c.team_id, week.c.week == shift.c.week)
    today = and_(shift.c.person_id == person, shift.c.starts_on == draft.today, ~shift.c.removed)
    rows = _listed(shift, ("starts_at", "ends_at", "place", "contact_types"))
    return rows.where(today, holds).lateral()


def activities_of(draft: Draft, person: Person) -> FromClause:
    row = draft[BoardActivity]
    today = and_(row.c.person_id == person, row.c.starts_on == draft.today, row.c.placed)
    return _listed(row, ("kind", "starts_at", "minutes")).where(today).lateral()


def _listed(row: FromClause, names: Sequence[str]) -> Select[Any]:
    """The named columns of the rows in a column `listed`, the earliest first."""
    return select(gathered((row.c[name] for name in names), row.c.starts_at).label("listed")).select_from(row)


def header_of(draft: Draft, team_id: Part, people: CTE) -> Part:
    feedback, issues = _feedback(draft, team_id).subquery(), _issues(draft, team_id).subquery()
    unread = _unread(draft, team_id, people).scalar_subquery().label("unread_messages")
    whole = select(feedback, issues, unread).select_from(feedback.join(issues, true())).subquery()
    return select(func.to_jsonb(whole.table_valued(), type_=JSONB)).select_from(whole).scalar_subquery()


def _feedback(draft: Draft, team_id: Part) -> Select[Any]:
    item = draft[BoardItem]
    late = or_(
        item.c.acknowledge_by < draft.now,
        item.c.decide_by < draft.today,
        item.c.tell_back_by < draft.today,
    )
    parts: tuple[Part, ...] = (
        func.count().label("open_feedback"),
        func.count().filter(late).label("overdue_feedback"),
        func.count(item.c.tell_back_by).label("untold"),
    )
    return select(*parts).where(item.c.team_id == team_id, ~item.c.over)


def _issues(draft: Draft, team_id: Part) -> Select[Any]:
    issue = draft[BoardIssue]
    escalated = func.count().filter(issue.c.level >= 1)
    parts: tuple[Part, ...] = (func.count().label("open_issues"), escalated.label("escalated_issues"))
    open_ = and_(issue.c.team_id == team_id, issue.c.state != "resolved")
    return select(*parts).where(open_, _may_know(draft, team_id, issue))


def _may_know(draft: Draft, team_id: Part, issue: FromClause) -> Part:
    """As issue_list: one about oneself once it is taken up; one about those who lead here from above them alone."""
    oneself = func.coalesce(issue.c.about_id == OWN, False)
    team = draft[Team]
    leads = (leader_on(team, part, draft.today) == issue.c.about_id for part in ("supervisor_id", "deputy_id"))
    about_a_leader = exists().where(team.c.team_id == team_id, or_(*leads))
    above = (
        draft.seen(team=team_id, by=("site",)) if "M" in draft.roles else false(),
        issue.c.level >= 2 if "H" in draft.roles else false(),
    )
    return case((oneself, issue.c.state != "raised"), else_=or_(~about_a_leader, *above))


def _unread(draft: Draft, team_id: Part, people: CTE) -> Select[Any]:
    """Messages that somebody in the team has not read."""
    message, read = draft[BoardMessage], draft[BoardReading]
    of_team = holds(message.c.team_ids, cast(team_id, Text))
    of_both = and_(read.c.message_id == message.c.message_id, read.c.person_id == people.c.person_id)
    each = people.outerjoin(read, of_both)
    somebody = (
        select(people.c.person_id).select_from(each).where(read.c.person_id.is_(None)).correlate(message).exists()
    )
    return select(func.count()).select_from(message).where(of_team, ~message.c.withdrawn, somebody)
