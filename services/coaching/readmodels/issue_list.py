"""Matters that must be addressed, until they are. Answers GET /v1/issue-list."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, and_, exists, false, or_, select

from services.coaching.events.issue import (
    IssueBacked,
    IssueEscalated,
    IssueEvent,
    IssueRaised,
    IssueResolved,
    IssueTakenUp,
)
from shared.core.directory import Team
from shared.core.event import Personal, Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.directory import leader_on
from shared.web.queries import Page, Reads, View

State = Literal["raised", "in-hand", "resolved"]
RAISER = Personal("raiser_id")
OF_ISSUE = Personal("person_id", otherwise="raiser_id")


@dataclass(frozen=True, slots=True)
class Issue:
    issue_id: UUID
    team_id: UUID | None = None
    raiser_id: Annotated[UUID | None, RAISER] = None
    about: str | None = None
    person_id: UUID | None = None
    kind: Annotated[str | None, OF_ISSUE] = None
    text: Annotated[str | None, OF_ISSUE] = None
    address_by: date | None = None
    state: str = "raised"
    handler_id: UUID | None = None
    plan: Annotated[str | None, OF_ISSUE] = None
    backed: int = 0
    level: int = 0
    outcome: str | None = None
    note: Annotated[str | None, OF_ISSUE] = None


def issue_of(event: IssueEvent, _: Recorded) -> UUID:
    return event.issue_id


def issue(row: Issue | None, event: IssueEvent, _: Recorded) -> Issue:
    row = row or Issue(event.issue_id)
    match event:
        case IssueRaised():
            return replace(row, **dict(event))
        case IssueBacked():
            return replace(row, backed=event.times)
        case IssueTakenUp():
            there = replace(row, state="in-hand", handler_id=event.handler_id)
            return replace(there, plan=event.plan, address_by=event.address_by)
        case IssueEscalated():
            return replace(row, level=event.level, address_by=event.address_by)
        case IssueResolved():
            return replace(row, state="resolved", outcome=event.outcome, note=event.note)
        case _:
            assert_never(event)


class IssueItem(BaseModel):
    """Who raised it is shown to nobody. `person_id` is whom it is about, who sees it once it is taken up."""

    issue_id: UUID
    team_id: UUID
    about: Literal["person", "team", "practice"]
    person_id: UUID | None
    kind: Annotated[str | None, OF_ISSUE]
    text: Annotated[str | None, OF_ISSUE]
    address_by: date
    state: State
    handler_id: UUID | None
    plan: Annotated[str | None, OF_ISSUE]
    backed: int
    level: int
    outcome: Literal["corrected", "agreed-action", "unfounded", "moved-on"] | None
    note: Annotated[str | None, OF_ISSUE]


async def read(
    view: Reads, team_id: UUID | None = None, state: State | None = None, level: int | None = None
) -> Page[IssueItem]:
    row = view[Issue]
    query = select(*(column for column in row.c if column.name != "raiser_id")).where(_seen(view, row))
    if team_id is not None:
        query = query.where(row.c.team_id == team_id)
    if state is not None:
        query = query.where(row.c.state == state)
    if level is not None:
        query = query.where(row.c.level == level)
    return await view.page(query, IssueItem, order=("address_by", "issue_id"))


def _seen(view: View, row: FromClause) -> ColumnElement[bool]:
    """Who raised it, deals with it, leads the team; above them, when it has gone up, or is about those who lead.

    Whom it is about sees it once it is taken up, and not before, whoever they are.
    """
    names = ("raiser_id", "handler_id", "person_id")
    raiser, handler, whom = (view.seen(person=row.c[name], by=("self",)) for name in names)
    leading = _about_a_leader(view, row)
    insiders = or_(
        *(raiser, handler, whom),
        and_(_part(view, row, "team"), ~leading) if "S" in view.caller.roles else false(),
        and_(_part(view, row, "site"), or_(row.c.level >= 1, leading)) if "M" in view.caller.roles else false(),
        and_(_part(view, row, "org"), row.c.level >= 2) if view.caller.roles & {"H", "M"} else false(),
    )
    return and_(insiders, ~_is_so(and_(whom, row.c.state == "raised")))


def _part(view: View, row: FromClause, by: str) -> ColumnElement[bool]:
    if by == "org" and "H" not in view.caller.roles and view.caller.site is not None:
        return false()
    return view.seen(team=row.c.team_id, by=(by,))


def _about_a_leader(view: View, row: FromClause) -> ColumnElement[bool]:
    team = view[Team]
    leaders = (leader_on(team, part, view.today) == row.c.person_id for part in ("supervisor_id", "deputy_id"))
    return exists().where(team.c.team_id == row.c.team_id, or_(*leaders))


def _is_so(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """False where it is not known."""
    return condition.is_(True)


read_model = ReadModel(
    "issue_list",
    version=1,
    rows=[
        Rows(
            Issue,
            key=("issue_id",),
            hears=IssueEvent,
            rows_of=issue_of,
            fold=issue,
            indexes=(("team_id",), ("address_by",)),
        )
    ],
    query=read,
    seen_by=(
        "who raised it or deals with it, supervisor and deputy; above them what has gone up or is about them;"
        " whom it is about, once it is taken up"
    ),
    # Nothing that is told may say whom an issue is about: so all are told alike, that something has changed.
    watched=Watched(by=("everybody",), key=()),
)
