"""How far every hire is, from the first plan to the last review. Answers GET /v1/onboarding-progress."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, assert_never
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, FromClause, Select, and_, cast, exists, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from services.onboarding.events.shapes import IN_TIME, JOURNEY_DAY, OPEN_LEFT, PACE
from services.onboarding.events.structure import PersonJoinedTeam
from services.onboarding.events.welcome import (
    HireWelcomed,
    KitItemReadied,
    KitItemReopened,
    PlanIntroduced,
    WelcomePrepared,
)
from services.onboarding.readmodels.journeys import Journey, ProgressEvent, journey, journey_of
from services.onboarding.readmodels.people import Person
from services.onboarding.readmodels.records import Record, RecordEvent, record_of, recording
from shared.core.event import Personal, Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.draft import Draft
from shared.web.lists import texts
from shared.web.queries import Page, Reads

ArrivalEvent = WelcomePrepared | KitItemReadied | KitItemReopened | HireWelcomed | PlanIntroduced
BY = ("self", "team", "org")
State = Literal["waiting", "underway", "completed", "stopped"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How the person is received; shown while it is about the journey that the row shows."""

    person_id: UUID
    journey_no: int | None = None
    ready: tuple[str, ...] = ()
    kit_left: int | None = None
    welcomed_on: date | None = None
    introduced_on: date | None = None


def arrival_of(event: ArrivalEvent, _: Recorded) -> UUID:
    return event.person_id


def arrival(row: Arrival | None, event: ArrivalEvent, _: Recorded) -> Arrival:
    row = row or Arrival(event.person_id)
    match event:
        case WelcomePrepared():
            if row.journey_no != event.journey_no:
                row = Arrival(event.person_id, event.journey_no)
            return replace(row, kit_left=sum(item.code not in row.ready for item in event.kit))
        case KitItemReadied():
            return replace(row, ready=(*row.ready, event.item), kit_left=event.left)
        case KitItemReopened():
            ready = tuple(item for item in row.ready if item != event.item)
            return replace(row, ready=ready, kit_left=event.left)
        case HireWelcomed():
            return replace(row, welcomed_on=event.welcomed_on)
        case PlanIntroduced():
            return replace(row, introduced_on=event.introduced_on)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class Hire:
    person_id: UUID
    display_name: Annotated[str | None, Personal("person_id")] = None


def hire_of(event: PersonJoinedTeam, _: Recorded) -> UUID:
    return event.person_id


def hire(_row: Hire | None, event: PersonJoinedTeam, _: Recorded) -> Hire:
    return Hire(event.person_id, event.display_name)


@dataclass(frozen=True, slots=True)
class ProgressRecord(Record):
    """Coaching, monitoring and attempts; counted when read."""


class ProgressItem(BaseModel):
    """`team_id` is the present team. `needs` are those of the newest attempt at each check."""

    person_id: UUID
    display_name: Annotated[str | None, Personal("person_id")]
    team_id: UUID | None
    journey_no: int
    team_then: UUID = Field(description="In which the journey was started, or moved while it lasted")
    template_id: UUID
    template_version: int
    starts_on: date
    final_goal: str
    pace: Annotated[int, PACE]
    credited: tuple[str, ...]
    kit_left: int | None = Field(description="Things of the kit that are not ready")
    welcomed_on: date | None
    introduced_on: date | None
    state: State
    stage: str | None
    stage_title: str | None
    stage_order: int | None
    stages_total: int
    stage_due_on: date | None
    open_left: Annotated[int | None, OPEN_LEFT]
    stalled: bool
    first_contact_on: date | None
    first_contact_day: Annotated[int | None, JOURNEY_DAY]
    in_time: Annotated[bool | None, IN_TIME]
    supporter_id: UUID | None
    support_at: datetime | None
    unlocked: tuple[str, ...]
    needs: tuple[str, ...]
    coached: int
    monitored: int
    hire_rating: int | None
    supervisor_rating: int | None
    review_asked: bool


async def read(
    view: Reads, team_id: UUID | None = None, state: State | None = None, stalled: bool | None = None
) -> Page[ProgressItem]:
    question = view.kept(_hires, team_id=team_id, state=state, stalled=stalled)
    page = await view.page(question, ProgressItem, order=("person_id",))
    return await for_insiders(view, page, BY, Person, team_id=team_id)


def _hires(
    draft: Draft,
    team_id: ColumnElement[UUID] | None,
    state: ColumnElement[str] | None,
    stalled: ColumnElement[bool] | None,
) -> Select[Any]:
    row, kit, hire, person = draft[Journey], draft[Arrival], draft[Hire], draft[Person]
    record, later = draft[ProgressRecord], draft[ProgressRecord]
    team = team_on(person, draft.today)
    query = (
        select(
            *(*row.c, kit.c.kit_left, kit.c.welcomed_on, kit.c.introduced_on, hire.c.display_name),
            *(team.label("team_id"), _needs(row, record, later).label("needs")),
            *(_count(row, record, "coaching").label("coached"), _count(row, record, "monitoring").label("monitored")),
        )
        .select_from(row)
        .outerjoin(kit, and_(kit.c.person_id == row.c.person_id, kit.c.journey_no == row.c.journey_no))
        .outerjoin(hire, hire.c.person_id == row.c.person_id)
        .outerjoin(person, person.c.person_id == row.c.person_id)
        .where(draft.seen(person=row.c.person_id, team=team, by=BY))
        .where(still_here(person, draft.today), row.c.template_id.is_not(None))
    )
    if team_id is not None:
        query = query.where(is_in(person, team_id, draft.today))
    if state is not None:
        query = query.where(row.c.state == state)
    if stalled is not None:
        query = query.where(row.c.stalled == stalled)
    return query


def _of(row: FromClause, record: FromClause, kind: str) -> ColumnElement[bool]:
    same = record.c.person_id == row.c.person_id, record.c.journey_no == row.c.journey_no
    return and_(*same, record.c.kind == kind, ~record.c.voided)


def _count(row: FromClause, record: FromClause, kind: str) -> Any:
    return select(func.count()).select_from(record).where(_of(row, record, kind)).scalar_subquery()


def _needs(row: FromClause, record: FromClause, later: FromClause) -> ColumnElement[Any]:
    """Each topic once, of the newest attempt at each check."""
    same = [record.c[each] == later.c[each] for each in ("person_id", "journey_no", "kind", "stage", "code")]
    outdone = exists().where(*same, later.c.version > record.c.version, ~later.c.voided)
    need = texts(record.c.needs, "need")
    each = select(func.jsonb_agg(need.c.need.distinct(), type_=JSONB)).select_from(record.join(need, true()))
    found = each.where(_of(row, record, "check"), ~outdone).scalar_subquery()
    return func.coalesce(found, cast([], JSONB))


read_model = ReadModel(
    "onboarding_progress",
    version=1,
    rows=[
        Rows(Journey, key=("person_id",), hears=ProgressEvent, rows_of=journey_of, fold=journey),
        Rows(Arrival, key=("person_id",), hears=ArrivalEvent, rows_of=arrival_of, fold=arrival),
        Rows(
            ProgressRecord,
            key=("person_id", "record_id"),
            hears=RecordEvent,
            rows_of=record_of,
            fold=recording(ProgressRecord),
        ),
        Rows(Hire, key=("person_id",), hears=PersonJoinedTeam, rows_of=hire_of, fold=hire),
    ],
    query=read,
    seen_by="self, supervisor and deputy, M, H",
    watched=Watched(BY, key=("person_id",), person="person_id"),
)
