"""Trainings and sparrings: when, with whom, and what came of them. Answers GET /v1/training-calendar."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Subquery,
    Text,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH

from services.coaching.events.sparring import SparringEvent
from services.coaching.events.training import TrainingEvent
from services.coaching.readmodels.parts.lessons import (
    SparringEntry,
    TrainingEntry,
    sparring,
    sparring_of,
    training,
    training_of,
)
from shared.core.directory import Member
from shared.core.event import Personal
from shared.core.readmodel import ReadModel, Rows
from shared.core.types import Day
from shared.web.directory import for_insiders, is_in, team_on
from shared.web.lists import texts
from shared.web.queries import Page, Reads, View
from shared.web.view import as_id

BY = ("self", "team", "T")
DAY = timedelta(days=1)


class CalendarItem(BaseModel):
    """`people` are those who are trained; a sparring has one. Without `starts_at` it waits to be booked."""

    activity_id: UUID
    kind: Literal["training", "sparring"]
    skill: str
    package_id: UUID | None
    trainer_id: UUID | None
    people: tuple[UUID, ...]
    starts_at: datetime | None
    minutes: int | None
    state: Literal["planned", "asked", "booked", "held", "rated", "cancelled"]
    contacts: int | None
    useful: int | None
    wish: Annotated[str | None, Personal("people")]
    observations: Annotated[tuple[str, ...] | None, Personal("people")]
    tip: Annotated[str | None, Personal("people")]


From = Annotated[Day | None, Query(alias="from", description="The first day")]
To = Annotated[Day | None, Query(description="The last day")]


async def read(
    view: Reads, person_id: UUID | None = None, team_id: UUID | None = None, from_: From = None, to: To = None
) -> Page[CalendarItem]:
    of = _entries(view)
    seen = _somebody(view, of, lambda person, member: view.seen(person=person, team=team_on(member, view.today), by=BY))
    query = select(of).where(or_(seen, literal("T" in view.caller.roles)))
    if person_id is not None:
        query = query.where(_somebody(view, of, lambda person, _: person == person_id))
    if team_id is not None:
        query = query.where(_somebody(view, of, lambda _, member: is_in(member, team_id, view.today)))
    if from_ is not None:
        query = query.where(of.c.starts_at >= datetime.combine(from_, time.min, view.now.tzinfo))
    if to is not None:
        query = query.where(of.c.starts_at < datetime.combine(to + DAY, time.min, view.now.tzinfo))
    page = await view.page(query, CalendarItem, order=("starts_at", "activity_id"))
    return await for_insiders(view, page, BY, Member, person_id=person_id, team_id=team_id)


def _entries(view: View) -> Subquery:
    training, sparring = view[TrainingEntry], view[SparringEntry]
    me = as_id(view.caller.person_id)
    own = or_(sparring.c.employee_id == me, sparring.c.trainer_id == me)
    both: tuple[str, ...] = ("skill", "trainer_id", "starts_at", "minutes", "state")
    trainings = select(
        *(training.c.training_id.label("activity_id"), literal("training").label("kind")),
        *(training.c[name] for name in both),
        *(training.c.package_id, cast(training.c.people, JSONB).label("people")),
        *(literal(None, Integer).label(name) for name in ("contacts", "useful")),
        *(literal(None, Text).label("wish"), cast(None, JSONB).label("observations"), literal(None, Text).label("tip")),
    )
    sparrings = select(
        *(sparring.c.sparring_id, literal("sparring")),
        *(sparring.c[name] for name in both),
        *(literal(None, Uuid), func.jsonb_build_array(sparring.c.employee_id)),
        *(sparring.c.contacts, sparring.c.useful),
        *(case((own, sparring.c.wish)), case((own, cast(sparring.c.observations, JSONB))), case((own, sparring.c.tip))),
    )
    return union_all(trainings, sparrings).subquery()


def _somebody(view: View, of: FromClause, is_so: Any) -> ColumnElement[bool]:
    """Whether it is so of somebody in the entry, the trainer included."""
    everybody = func.jsonb_path_query_array(
        of.c.people.op("||")(func.jsonb_build_array(of.c.trainer_id)), cast("$[*] ? (@ != null)", JSONPATH)
    )
    who, member = texts(everybody, "who"), view[Member]
    person = cast(who.c.who, Uuid)
    joined = who.outerjoin(member, and_(member.c.person_id == person))
    return exists(select(literal(1)).select_from(joined).where(is_so(person, member)))


read_model = ReadModel(
    "training_calendar",
    version=1,
    rows=[
        Rows(
            TrainingEntry,
            key=("training_id",),
            hears=TrainingEvent,
            rows_of=training_of,
            fold=training,
            indexes=(("starts_at",),),
        ),
        Rows(
            SparringEntry,
            key=("sparring_id",),
            hears=SparringEvent,
            rows_of=sparring_of,
            fold=sparring,
            indexes=(("starts_at",),),
        ),
    ],
    query=read,
    seen_by="self, supervisor and deputy, T; what was said, the two alone",
)
