"""A conversation as it was written down, for the two who had it. Answers GET /v1/session-record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, FromClause, Select, and_, cast, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.coaching.events.action import ActionEvent
from services.coaching.events.form import FormPublished, FormQuestion
from services.coaching.events.shapes import ActionReview, Answer, GoalValue, NeedRef, PassedOn
from services.coaching.readmodels.parts.agreements import Agreement, agreeing, agreement_of
from services.coaching.readmodels.parts.records import (
    EMPLOYEE,
    Record,
    RecordEvent,
    RecordForm,
    Remark,
    form,
    form_of,
    record,
    record_of,
)
from shared.core.directory import Member, Team
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.directory import leader_on, team_on
from shared.web.draft import Draft
from shared.web.nested import as_list
from shared.web.queries import Page, Reads
from shared.web.scope import OWN

Filter = ColumnElement[UUID] | None


@dataclass(frozen=True, slots=True)
class RecordAction(Agreement):
    """An action that was agreed, as it stands now."""


class RecordedAction(BaseModel):
    action_id: UUID
    owner: Literal["employee", "coach"]
    text: Annotated[str | None, EMPLOYEE]
    follow_up_on: date
    goal_id: UUID | None
    times_carried: int
    state: Literal["open", "done", "dropped"]


class RecordItem(BaseModel):
    """`questions` are those of the version that was talked through; `actions` stand as they are now."""

    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_then: UUID = Field(description="The team of the employee when it was booked or last moved")
    kind: Literal["regular", "onboarding", "follow-up"]
    starts_at: datetime
    minutes: int
    place: Literal["site", "remote"]
    state: Literal["booked", "held", "voided", "cancelled"]
    employee_topics: Annotated[tuple[str, ...] | None, EMPLOYEE]
    coach_topics: Annotated[tuple[str, ...] | None, EMPLOYEE]
    held_at: datetime | None
    form_id: UUID
    form_version: int | None
    form_name: str | None
    questions: tuple[FormQuestion, ...]
    score: int | None
    answers: tuple[Answer, ...]
    successes: Annotated[tuple[str, ...] | None, EMPLOYEE]
    challenges: Annotated[tuple[str, ...] | None, EMPLOYEE]
    actions: tuple[RecordedAction, ...]
    needs: tuple[NeedRef, ...]
    reviewed: tuple[ActionReview, ...]
    progress: tuple[GoalValue, ...]
    passed_on: tuple[PassedOn, ...]
    messages: tuple[UUID, ...]
    moves: int
    acknowledged_on: date | None
    comment: Annotated[str | None, EMPLOYEE]
    remarks: tuple[Remark, ...]
    voided_for: Annotated[str | None, EMPLOYEE]


async def read(view: Reads, session_id: UUID | None = None, employee_id: UUID | None = None) -> Page[RecordItem]:
    question = view.kept(_written, session_id=session_id, employee_id=employee_id)
    return await view.page(question, RecordItem, order=("starts_at", "session_id"), asked_for=session_id or employee_id)


def _written(draft: Draft, session_id: Filter, employee_id: Filter) -> Select[Any]:
    row, there = draft[Record], draft[RecordForm]
    actions = _actions(row, draft[RecordAction])
    parties = [draft.seen(person=person, by=("self",)) for person in (row.c.employee_id, row.c.coach_id)]
    query = (
        select(
            *(column for column in row.c if column.name != "actions"),
            *(there.c.name.label("form_name"), actions.label("actions")),
            func.coalesce(cast(there.c.questions, JSONB), cast([], JSONB)).label("questions"),
        )
        .select_from(row)
        .outerjoin(there, and_(there.c.form_id == row.c.form_id, there.c.version == row.c.form_version))
        .where(or_(*parties, _stands_in(draft, row)))
    )
    if session_id is not None:
        query = query.where(row.c.session_id == session_id)
    if employee_id is not None:
        query = query.where(row.c.employee_id == employee_id)
    return query


def _actions(row: FromClause, action: FromClause) -> ColumnElement[Any]:
    names = ("action_id", "owner", "text", "follow_up_on", "goal_id", "times_carried", "state")
    rows = select(*(action.c[name] for name in names)).where(
        action.c.session_id == row.c.session_id, action.c.employee_id == row.c.employee_id
    )
    return as_list(rows.order_by(action.c.follow_up_on, action.c.action_id), row)


def _stands_in(draft: Draft, row: FromClause) -> ColumnElement[bool]:
    """Whether the caller is the deputy of the coach, in the team that the employee is in now."""
    if "S" not in draft.roles:
        return false()
    member, team = draft[Member], draft[Team]
    deputy, lead = (leader_on(team, part, draft.today) for part in ("deputy_id", "supervisor_id"))
    return exists(
        select(team.c.team_id)
        .select_from(member)
        .join(team, team.c.team_id == team_on(member, draft.today))
        .where(member.c.person_id == row.c.employee_id)
        .where(deputy == OWN, lead == row.c.coach_id)
    )


read_model = ReadModel(
    "session_record",
    version=2,
    rows=[
        Rows(
            Record,
            key=("session_id",),
            hears=RecordEvent,
            rows_of=record_of,
            fold=record,
            indexes=(("employee_id",), ("coach_id",)),
        ),
        Rows(RecordForm, key=("form_id", "version"), hears=FormPublished, rows_of=form_of, fold=form),
        Rows(
            RecordAction,
            key=("action_id",),
            hears=ActionEvent,
            rows_of=agreement_of,
            fold=agreeing(RecordAction),
            indexes=(("session_id",),),
        ),
    ],
    query=read,
    seen_by="both parties; the coach's deputy",
    watched=Watched(by=("self",), key=("session_id",), person="employee_id", parties=("coach_id",)),
)
