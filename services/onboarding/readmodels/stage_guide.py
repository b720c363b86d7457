"""What to watch and coach now, line by line of each stage. Answers GET /v1/stage-guide."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, assert_never
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import Boolean, ColumnElement, Date, FromClause, Integer, Text, and_, case, cast, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from services.onboarding.events.stage import (
    CheckFailed,
    CheckPassed,
    CoachingRecorded,
    MonitoringRecorded,
    RecordVoided,
)
from services.onboarding.readmodels.guides import CHECK, Guide, GuideEvent, guide, guide_of
from services.onboarding.readmodels.people import Person
from services.onboarding.readmodels.records import Record, RecordEvent, record_of, recording
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.lists import listed
from shared.web.queries import Page, Reads

BY = ("self", "team", "H")
COUNTED = ("monitor", "coach", "spar", "train")


@dataclass(frozen=True, slots=True)
class GuideRecord(Record):
    """What was done for a line of this kind; counted when read. A code that was dropped may come back for another."""

    line_kind: str | None = None


_recorded = recording(GuideRecord)


def guide_record(row: GuideRecord | None, event: RecordEvent, recorded: Recorded) -> GuideRecord:
    row = _recorded(row, event, recorded)
    match event:
        case CoachingRecorded():
            return replace(row, line_kind=event.form)
        case MonitoringRecorded():
            return replace(row, line_kind="monitor")
        case CheckPassed() | CheckFailed():
            return replace(row, line_kind=CHECK)
        case RecordVoided():
            return row
        case _:
            assert_never(event)


class GuideItem(BaseModel):
    """One line of a stage. `needs` are the topics that the newest attempt at a check showed."""

    person_id: UUID
    stage: str
    code: str
    stage_order: int
    line_order: int
    stage_title: str
    kind: Literal["monitor", "coach", "spar", "train", "first-contact", "sign-off", "check"]
    focus: str | None
    count: int
    done: int
    met_on: date | None
    needs: tuple[str, ...]
    open_stage: bool
    credited: bool
    supported: tuple[str, ...]
    unlocks: tuple[str, ...]
    verified_on: date | None
    completed_on: date | None


Open = Annotated[bool, Query(description="Only the stage that is open now; false: all stages")]


async def read(
    view: Reads, person_id: UUID | None = None, team_id: UUID | None = None, open: Open = True
) -> Page[GuideItem]:
    row, person, record = view[Guide], view[Person], view[GuideRecord]
    stage = _stages(row)
    line = _lines_of(stage)
    is_open = func.coalesce(row.c.open_stage == stage.c.stage, False)
    of_line = and_(
        *(record.c.person_id == row.c.person_id, record.c.journey_no == row.c.journey_no),
        *(record.c.stage == stage.c.stage, record.c.code == line.c.code, record.c.line_kind == line.c.kind),
        ~record.c.voided,
    )
    query = (
        select(
            *(row.c.person_id, stage.c.stage, stage.c.stage_order, stage.c.title.label("stage_title")),
            *(stage.c.credited, stage.c.supported, stage.c.unlocks, stage.c.verified_on, stage.c.completed_on),
            *(line.c.code, line.c.line_order, line.c.kind, line.c.focus, line.c.count, line.c.met_on),
            *(is_open.label("open_stage"), _done(line, record, of_line).label("done")),
            _needs(record, of_line).label("needs"),
        )
        .select_from(row)
        .join(stage, true())
        .join(line, true())
        .outerjoin(person, person.c.person_id == row.c.person_id)
        .where(view.seen(person=row.c.person_id, team=team_on(person, view.today), by=BY))
        .where(still_here(person, view.today))
    )
    if person_id is not None:
        query = query.where(row.c.person_id == person_id)
    if team_id is not None:
        query = query.where(is_in(person, team_id, view.today))
    if open:
        query = query.where(is_open)
    page = await view.page(query, GuideItem, order=("person_id", "stage_order", "line_order"))
    return await for_insiders(view, page, BY, Person, person_id=person_id, team_id=team_id)


def _stages(row: FromClause) -> Any:
    told = {"verified_on": Date, "completed_on": Date}
    planned = {"stage_order": Integer, "credited": Boolean, "supported": JSONB, "unlocks": JSONB, "lines": JSONB}
    return listed(row.c.stages, "stage", stage=Text, title=Text, **planned, **told)


def _lines_of(stage: FromClause) -> Any:
    order = {"line_order": Integer, "count": Integer, "met_on": Date}
    return listed(stage.c.lines, "line", code=Text, kind=Text, focus=Text, **order)


def _done(line: Any, record: FromClause, of_line: ColumnElement[bool]) -> ColumnElement[int]:
    counted = select(func.count()).select_from(record).where(of_line).scalar_subquery()
    return case((line.c.kind.in_(COUNTED), counted), (line.c.met_on.is_not(None), 1), else_=0)


def _needs(record: FromClause, of_line: ColumnElement[bool]) -> ColumnElement[Any]:
    newest = select(cast(record.c.needs, JSONB)).where(of_line).order_by(record.c.version.desc()).limit(1)
    return func.coalesce(newest.scalar_subquery(), cast([], JSONB))


read_model = ReadModel(
    "stage_guide",
    version=2,
    rows=[
        Rows(Guide, key=("person_id",), hears=GuideEvent, rows_of=guide_of, fold=guide),
        Rows(
            GuideRecord,
            key=("person_id", "record_id"),
            hears=RecordEvent,
            rows_of=record_of,
            fold=guide_record,
        ),
    ],
    query=read,
    seen_by="self, supervisor and deputy, H",
    watched=Watched(BY, key=("person_id",), person="person_id"),
)
