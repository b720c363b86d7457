"""Why contacts came to be evaluated, and what had caused complaints: team by team and month. Answers GET /v1/causes."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import Integer, Numeric, cast, func, select

from services.coaching.events.evaluation import EvaluationRecorded, EvaluationVoided
from services.coaching.readmodels.parts.months import months_before
from shared.core.directory import Team
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows
from shared.core.replacing import replace
from shared.web.nested import gathered
from shared.web.queries import Page, Reads

CaseEvent = EvaluationRecorded | EvaluationVoided


@dataclass(frozen=True, slots=True)
class Case:
    """One evaluation; `team_id` is the team then. One made `beside` another of the same case counts no second time."""

    evaluation_id: UUID
    team_id: UUID | None = None
    month: date | None = None
    occasion: str | None = None
    cause: str | None = None
    beside: bool = False
    voided: bool = False


def case_of(event: CaseEvent, _: Recorded) -> UUID:
    return event.evaluation_id


def a_case(row: Case | None, event: CaseEvent, _: Recorded) -> Case:
    row = row or Case(event.evaluation_id)
    match event:
        case EvaluationRecorded():
            return replace(
                row,
                team_id=event.team_id,
                month=event.observed_on.replace(day=1),
                occasion=event.occasion,
                cause=event.cause,
                beside=event.purpose in ("calibration", "self"),
            )
        case EvaluationVoided():
            return replace(row, voided=True)
        case _:
            assert_never(event)


class Count(BaseModel):
    occasion: str
    cause: str
    evaluations: int


class CauseItem(BaseModel):
    """`behaviour_share` is that of complaints caused by how somebody acted, and not by product, service or process."""

    team_id: UUID
    month: date
    evaluations: int
    complaints: int
    behaviour_share: int | None
    counts: tuple[Count, ...]


Months = Annotated[int, Query(ge=1, le=60, description="How many months back, this one included")]


async def read(view: Reads, site: str | None = None, months: Months = 12) -> Page[CauseItem]:
    row, team = view[Case], view[Team]
    first = months_before(view.today, months - 1)
    counted = (
        select(row.c.team_id, row.c.month, row.c.occasion, row.c.cause, func.count().label("evaluations"))
        .where(row.c.team_id.is_not(None), row.c.month >= first, ~row.c.voided, ~row.c.beside)
        .group_by(row.c.team_id, row.c.month, row.c.occasion, row.c.cause)
        .cte("counted")
    )
    of = counted.c
    complaints = func.sum(of.evaluations).filter(of.occasion == "complaint")
    by_behaviour = func.sum(of.evaluations).filter(of.occasion == "complaint", of.cause == "behaviour")
    share = func.round(cast(100 * func.coalesce(by_behaviour, 0), Numeric) / complaints)
    query = (
        select(
            *(of.team_id, of.month, cast(func.sum(of.evaluations), Integer).label("evaluations")),
            cast(func.coalesce(complaints, 0), Integer).label("complaints"),
            cast(share, Integer).label("behaviour_share"),
            gathered((of.occasion, of.cause, of.evaluations), of.occasion, of.cause).label("counts"),
        )
        .where(view.seen(by=("S", "M", "H", "N")))
        .group_by(of.team_id, of.month)
    )
    if site is not None:
        query = query.where(of.team_id.in_(select(team.c.team_id).where(team.c.site == site)))
    return await view.page(query, CauseItem, order=("team_id", "month"))


read_model = ReadModel(
    "causes",
    version=2,
    rows=[
        Rows(
            Case,
            key=("evaluation_id",),
            hears=CaseEvent,
            rows_of=case_of,
            fold=a_case,
            indexes=(("month",),),
        )
    ],
    query=read,
    seen_by="S M H N",
)
