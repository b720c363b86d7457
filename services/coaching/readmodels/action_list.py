"""What was agreed, and whether it was done. Answers GET /v1/action-list."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, select

from services.coaching.events.action import ActionEvent
from services.coaching.readmodels.parts.agreements import Agreement, agreeing, agreement_of
from shared.core.directory import Member
from shared.core.event import Personal
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.directory import for_insiders, is_in, team_on
from shared.web.queries import Page, Reads

BY = ("self", "team")
State = Literal["open", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class ListedAction(Agreement):
    """An action on the list."""


class ActionItem(BaseModel):
    """`overdue`: it is open, and the day to look at it again is over."""

    action_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID | None
    session_id: UUID | None
    owner: Literal["employee", "coach"]
    text: Annotated[str | None, Personal("employee_id")]
    follow_up_on: date
    goal_id: UUID | None
    times_carried: int
    state: State
    fell_due: bool
    overdue: bool


async def read(
    view: Reads,
    employee_id: UUID | None = None,
    team_id: UUID | None = None,
    state: State | None = None,
    overdue: bool | None = None,
) -> Page[ActionItem]:
    row, member = view[ListedAction], view[Member]
    team = team_on(member, view.today)
    is_overdue = and_(row.c.state == "open", row.c.follow_up_on < view.today)
    query = (
        select(*row.c, team.label("team_id"), is_overdue.label("overdue"))
        .select_from(row)
        .outerjoin(member, member.c.person_id == row.c.employee_id)
        .where(view.seen(person=row.c.employee_id, team=team, by=BY))
    )
    if employee_id is not None:
        query = query.where(row.c.employee_id == employee_id)
    if team_id is not None:
        query = query.where(is_in(member, team_id, view.today))
    if state is not None:
        query = query.where(row.c.state == state)
    if overdue is not None:
        query = query.where(is_overdue == overdue)
    page = await view.page(query, ActionItem, order=("follow_up_on", "action_id"))
    return await for_insiders(view, page, BY, Member, person_id=employee_id, team_id=team_id)


read_model = ReadModel(
    "action_list",
    version=1,
    rows=[
        Rows(
            ListedAction,
            key=("action_id",),
            hears=ActionEvent,
            rows_of=agreement_of,
            fold=agreeing(ListedAction),
            indexes=(("employee_id",), ("follow_up_on",)),
        )
    ],
    query=read,
    seen_by="self, supervisor and deputy",
    watched=Watched(BY, key=("action_id",), person="employee_id"),
)
