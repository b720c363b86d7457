"""Who trains others, who waits for the turn, and by which rules. Answers GET /v1/trainer-pool."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, FromClause, Integer, and_, case, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from services.coaching.events.shapes import MAX_SHARE, SHARE
from services.coaching.events.training import TrainingHeld
from services.coaching.readmodels.parts.trainers import (
    HeaderEvent,
    Pool,
    Sparred,
    SparredEvent,
    Trained,
    Trainer,
    TrainerEvent,
    a_pool,
    pool_of,
    sparred,
    sparred_of,
    trained,
    trained_of,
    trainer,
    trainer_of,
)
from shared.core.directory import Member
from shared.core.event import Personal
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.web.lists import holds
from shared.web.queries import Page, Reads
from shared.web.view import as_id

State = Literal["interested", "serving", "rested", "withdrawn"]


class TrainerItem(BaseModel):
    """`queue` is the place of who waits: fewer terms first, then the longer wait. `left_on` asks to end the term.

    A pool that nobody has come to has one line too, of no person: its rules are there before its trainers.
    """

    pool_id: UUID
    person_id: UUID | None
    title: str | None
    term_days: int | None
    max_share: Annotated[int | None, MAX_SHARE]
    rules: tuple[str, ...] | None
    changing_days_rule: str | None
    rules_version: int | None
    state: State | None
    topics: tuple[str, ...]
    queue: int | None
    waiting_since: date | None
    waiting_days: int | None
    terms_served: int
    share: Annotated[int | None, SHARE]
    starts_on: date | None
    ends_on: date | None
    declined_reasons: Annotated[str | None, Personal("person_id")]
    next_review_on: date | None
    sparrings: int
    trainings: int
    contacts: int
    usefulness: Decimal | None
    left_on: date | None


async def read(
    view: Reads, pool_id: UUID | None = None, topic: str | None = None, state: State | None = None
) -> Page[TrainerItem]:
    """Everybody who is in the pool sees its queue; reasons of a no are for the person and those who gave it."""
    row, pool, member, me = view[Trainer], view[Pool], view[Member], view[Trainer]
    mine = exists().where(me.c.pool_id == pool.c.pool_id, me.c.person_id == as_id(view.caller.person_id))
    seen = view.seen(person=row.c.person_id, by=("self", "S", "H", "M"))
    waits, goes_on = row.c.state == "interested", _goes_on(row, view.today)
    place = func.row_number().over(
        partition_by=(pool.c.pool_id, waits), order_by=(row.c.terms_served, row.c.waiting_since, row.c.person_id)
    )
    otherwise = ("pool_id", "state", "topics", "terms_served", "declined_reasons")
    plain = (each for each in row.c if each.name not in otherwise)
    query = (
        select(
            *plain,
            *(each for each in pool.c if each.name != "pool_starts_on"),
            case((goes_on, "serving"), else_=row.c.state).label("state"),
            func.coalesce(cast(row.c.topics, JSONB), cast([], JSONB)).label("topics"),
            func.coalesce(row.c.terms_served, 0).label("terms_served"),
            case((seen, row.c.declined_reasons)).label("declined_reasons"),
            case((waits, place)).label("queue"),
            (view.today - row.c.waiting_since).label("waiting_days"),
            *(*_sparrings(view[Sparred], row), _trainings(view[Trained], row).label("trainings")),
            member.c.left_on,
        )
        .select_from(pool)
        .outerjoin(row, row.c.pool_id == pool.c.pool_id)
        .outerjoin(member, member.c.person_id == row.c.person_id)
    )
    of = query.add_columns(or_(seen, mine).label("shown")).subquery()
    shown = select(*(each for each in of.c if each.name != "shown")).where(of.c.shown)
    if pool_id is not None:
        shown = shown.where(of.c.pool_id == pool_id)
    if topic is not None:
        shown = shown.where(holds(of.c.topics, topic))
    if state is not None:
        shown = shown.where(of.c.state == state)
    return await view.page(shown, TrainerItem, order=("pool_id", "queue", "person_id"))


def _goes_on(row: FromClause, today: date) -> ColumnElement[bool]:
    """Whether the end of a term was told ahead of its day."""
    return and_(row.c.state == "rested", row.c.ends_on > today, row.c.ends_on >= row.c.starts_on)


def _sparrings(of: FromClause, row: FromClause) -> list[Any]:
    own = of.c.trainer_id == row.c.person_id
    told = {
        "sparrings": func.count(),
        "contacts": cast(func.coalesce(func.sum(of.c.contacts), 0), Integer),
        "usefulness": func.round(func.avg(of.c.useful), 2),
    }
    return [select(column).where(own).scalar_subquery().label(name) for name, column in told.items()]


def _trainings(of: FromClause, row: FromClause) -> Any:
    return select(func.count()).select_from(of).where(of.c.trainer_id == row.c.person_id).scalar_subquery()


read_model = ReadModel(
    "trainer_pool",
    version=2,
    rows=[
        Rows(Pool, key=("pool_id",), hears=HeaderEvent, rows_of=pool_of, fold=a_pool),
        Rows(
            Trainer,
            key=("pool_id", "person_id"),
            hears=TrainerEvent,
            rows_of=trainer_of,
            fold=trainer,
            indexes=(("person_id",),),
        ),
        Rows(
            Sparred,
            key=("sparring_id",),
            hears=SparredEvent,
            rows_of=sparred_of,
            fold=sparred,
            indexes=(("trainer_id",),),
        ),
        Rows(
            Trained,
            key=("training_id",),
            hears=TrainingHeld,
            rows_of=trained_of,
            fold=trained,
            indexes=(("trainer_id",),),
        ),
    ],
    query=read,
    seen_by="self, S H M; without reasons everybody in the pool",
    watched=Watched(by=("S", "M", "H"), key=("pool_id",)),
)
