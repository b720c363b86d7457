"""How the stages of a template work out, over all who went through them. Answers GET /v1/template-insight."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.onboarding.readmodels.courses import (
    EXAM,
    Course,
    CourseEvent,
    Run,
    RunEvent,
    Try,
    TryEvent,
    course,
    course_of,
    one_try,
    run,
    run_of,
    try_of,
)
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.lists import holds, listed, texts
from shared.web.nested import gathered
from shared.web.queries import Page, Reads

BY = ("H", "M", "N")


class WeakTopic(BaseModel):
    """A topic, and the share of attempts in which it was a need."""

    topic: str
    failing: int


class StageInsight(BaseModel):
    """`journeys` began the stage; `completed` counts those who completed it, `journeys_completed` those who completed
    the whole. `rating` and the suggestions of reviews are about the whole journey: they are the same in every stage;
    suggestions made in the checks of the stage come on top."""

    template_id: UUID
    version: int
    stage: str
    stage_order: int
    journeys: int
    journeys_completed: int
    completed: int
    stopped_here: int
    stalled: int
    mean_days: Decimal | None = Field(description="Working days to completion; a decimal, and so told as text")
    target_days: int = Field(description="Working days, at full time")
    first_pass: int | None = Field(description="Percent of exams that were passed at the first attempt")
    weak_topics: tuple[WeakTopic, ...]
    rating: Decimal | None = Field(description="Mean of the reviews by hires and supervisors, from 1 to 5, the best")
    suggestions: int


STAGE = ("template_id", "template_version", "stage")


async def read(view: Reads, template_id: UUID | None = None) -> Page[StageInsight]:
    seen = view.seen(by=BY)
    runs = _runs(view[Course], view[Run], template_id)
    tries = _tries(runs, view[Try])
    stages, tried, weak = _stages(runs), _tried(tries), _weak(_topics(tries))
    query = (
        select(
            *(each for each in stages.c if each.name != "suggestions"),
            stages.c.template_version.label("version"),
            tried.c.first_pass,
            (stages.c.suggestions + func.coalesce(tried.c.suggestions, 0)).label("suggestions"),
            func.coalesce(weak.c.weak_topics, cast([], JSONB)).label("weak_topics"),
        )
        .select_from(stages)
        .outerjoin(tried, _same(stages, tried))
        .outerjoin(weak, _same(stages, weak))
        .where(seen)
    )
    return await view.page(query, StageInsight, order=("template_id", "version", "stage_order"))


def _runs(row: FromClause, run: FromClause, template_id: UUID | None) -> CTE:
    """A row for every stage of every journey, also for those not reached."""
    stage = listed(row.c.stages, "planned", stage=Text, stage_order=Integer, target_days=Integer)
    of_stage = [run.c.person_id == row.c.person_id, run.c.journey_no == row.c.journey_no, run.c.stage == stage.c.stage]
    query = (
        select(*row.c, *stage.c, run.c.started, run.c.working_days, run.c.stalled)
        .select_from(row)
        .join(stage, true())
        .outerjoin(run, and_(*of_stage))
    )
    return (query if template_id is None else query.where(row.c.template_id == template_id)).cte("runs")


def _stages(runs: CTE) -> CTE:
    of = runs.c
    ratings = func.count(of.hire_rating) + func.count(of.supervisor_rating)
    rated = func.sum(func.coalesce(of.hire_rating, 0) + func.coalesce(of.supervisor_rating, 0))
    suggested = func.sum(cast(of.hire_suggested, Integer) + cast(of.supervisor_suggested, Integer))
    return _by_stage(
        runs,
        func.min(of.stage_order).label("stage_order"),
        func.max(of.target_days).label("target_days"),
        _counted(of.started).label("journeys"),
        _counted(of.completed).label("journeys_completed"),
        func.count(of.working_days).label("completed"),
        _counted(of.stopped_in == of.stage).label("stopped_here"),
        _counted(of.stalled).label("stalled"),
        func.round(func.avg(of.working_days), 2).label("mean_days"),
        func.round(rated / func.nullif(ratings, 0), 2).label("rating"),
        suggested.label("suggestions"),
    ).cte("stages")


def _tries(runs: CTE, row: FromClause) -> CTE:
    """The attempts that count, each with its number among those of the person at the check."""
    same = [row.c[each] == runs.c[each] for each in ("person_id", "journey_no", "stage")]
    check = (row.c.person_id, row.c.journey_no, row.c.stage, row.c.check)
    number = func.row_number().over(partition_by=check, order_by=row.c.version)
    told = (row.c.kind, row.c.passed, row.c.topics, row.c.needs, row.c.suggested, number.label("number"))
    return select(*_stage_of(runs), *told).select_from(runs).join(row, and_(*same)).where(~row.c.voided).cte("tries")


def _tried(tries: CTE) -> CTE:
    """First attempts at exams: a survey always passes, and so tells nothing of how a stage works out."""
    first = and_(tries.c.number == 1, tries.c.kind == EXAM)
    return _by_stage(
        tries,
        _percent(_counted(and_(first, tries.c.passed)), _counted(first)).label("first_pass"),
        _counted(tries.c.suggested).label("suggestions"),
    ).cte("tried")


def _topics(tries: CTE) -> CTE:
    """Topics that were a need at least once, with the share of attempts in which they were."""
    asked = texts(tries.c.topics, "topic")
    needed = _counted(holds(tries.c.needs, asked.c.topic))
    share = _percent(needed, func.count()).label("failing")
    query = select(*_stage_of(tries), asked.c.topic, share).select_from(tries).join(asked, true())
    return query.group_by(*_stage_of(tries), asked.c.topic).having(needed > 0).cte("topics")


def _weak(topics: CTE) -> CTE:
    of = topics.c
    worst_first = gathered((of.topic, of.failing), of.failing.desc(), of.topic)
    return _by_stage(topics, worst_first.label("weak_topics")).cte("weak")


def _stage_of(rows: CTE) -> list[ColumnElement[Any]]:
    return [rows.c[name] for name in STAGE]


def _by_stage(rows: CTE, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*_stage_of(rows), *columns).group_by(*_stage_of(rows))


def _same(one: CTE, other: CTE) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in STAGE))


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _percent(part: ColumnElement[int], whole: ColumnElement[int]) -> ColumnElement[int]:
    """Rounded half up; null where there is nothing to have a share of."""
    return cast(func.round(100 * part / cast(func.nullif(whole, 0), Numeric)), Integer)


read_model = ReadModel(
    "template_insight",
    version=2,
    rows=[
        Rows(
            Course,
            key=("person_id", "journey_no"),
            hears=CourseEvent,
            rows_of=course_of,
            fold=course,
            indexes=(("template_id",),),
        ),
        Rows(Run, key=("person_id", "journey_no", "stage"), hears=RunEvent, rows_of=run_of, fold=run),
        Rows(
            Try,
            key=("person_id", "attempt_id"),
            hears=TryEvent,
            rows_of=try_of,
            fold=one_try,
            indexes=(("person_id", "journey_no", "stage"),),
        ),
    ],
    query=read,
    seen_by="H M N",
    watched=Watched(BY, key=()),
)
