"""Who was given chances to learn, teach and be thanked in a year, beside their team. Answers GET /v1/opportunities."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import CTE, Integer, Numeric, Uuid, cast, extract, func, literal, select, true, union_all

from services.coaching.events.plan import NeedMet, NeedRaised
from services.coaching.events.pool import TrainerAppointed
from services.coaching.events.recognition import RecognitionGiven, RewardGranted
from services.coaching.events.sparring import SparringHeld
from services.coaching.events.training import TrainingHeld
from shared.core.directory import Member
from shared.core.event import Recorded
from shared.core.ids import derive
from shared.core.readmodel import ReadModel, Rows
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.lists import texts
from shared.web.queries import Page, Reads, View

BY = ("self", "team", "org", "N")
FEWEST = 5  # people in a team, below which a median would tell of one of them
KINDS = {
    "trainings": "training",
    "sparrings": "sparring",
    "trainer_terms": "trainer-term",
    "recognitions": "recognition",
    "rewards": "reward",
}
NEEDS = {"needs_raised": "need-raised", "needs_met": "need-met"}
ChanceEvent = SparringHeld | TrainerAppointed | RecognitionGiven | RewardGranted | NeedRaised | NeedMet


@dataclass(frozen=True, slots=True)
class Chance:
    """One thing that one person was given, or would need."""

    person_id: UUID
    kind: str
    ref: UUID
    on: date


def chance_of(event: ChanceEvent, recorded: Recorded) -> tuple[UUID, str, UUID]:
    told = chance(None, event, recorded)
    return told.person_id, told.kind, told.ref


def chance(_row: Chance | None, event: ChanceEvent, recorded: Recorded) -> Chance:
    told_on = recorded.at.date()
    match event:
        case SparringHeld():
            return Chance(event.employee_id, "sparring", event.sparring_id, event.held_at.date())
        case TrainerAppointed():
            term = derive("term", event.pool_id, event.person_id, event.term_no)
            return Chance(event.person_id, "trainer-term", term, event.starts_on)
        case RecognitionGiven():
            return Chance(event.person_id, "recognition", event.recognition_id, told_on)
        case RewardGranted():
            return Chance(event.person_id, "reward", event.recognition_id, told_on)
        case NeedRaised():
            return Chance(event.person_id, "need-raised", event.need_id, told_on)
        case NeedMet():
            return Chance(event.person_id, "need-met", event.need_id, told_on)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class TrainingTaken:
    """A training, and who came."""

    training_id: UUID
    attended: tuple[UUID, ...]
    on: date


def training_of(event: TrainingHeld, _: Recorded) -> UUID:
    return event.training_id


def training_taken(_row: TrainingTaken | None, event: TrainingHeld, _: Recorded) -> TrainingTaken:
    return TrainingTaken(event.training_id, event.attended, event.held_at.date())


class OpportunityItem(BaseModel):
    """`chances` are all but the needs; `team_median` is of the chances in a team of five or more."""

    person_id: UUID
    team_id: UUID | None
    year: int
    trainings: int
    sparrings: int
    trainer_terms: int
    recognitions: int
    rewards: int
    needs_raised: int
    needs_met: int
    needs_met_share: int | None
    chances: int
    team_median: Decimal | None
    difference: Decimal | None


async def read(view: Reads, team_id: UUID | None = None, year: int | None = None) -> Page[OpportunityItem]:
    member = view[Member]
    of = _people(view, year or view.today.year)
    median = (
        select(of.c.team_id, cast(func.percentile_cont(0.5).within_group(of.c.chances), Numeric).label("team_median"))
        .group_by(of.c.team_id)
        .having(func.count() >= FEWEST)
        .cte("median")
    )
    share = func.round(cast(100 * of.c.needs_met, Numeric) / func.nullif(of.c.needs_raised, 0))
    query = (
        select(
            *(*of.c, cast(share, Integer).label("needs_met_share"), median.c.team_median),
            (of.c.chances - median.c.team_median).label("difference"),
        )
        .select_from(of)
        .join(member, member.c.person_id == of.c.person_id)
        .outerjoin(median, median.c.team_id == of.c.team_id)
        .where(view.seen(person=of.c.person_id, team=of.c.team_id, by=BY))
    )
    if team_id is not None:
        query = query.where(is_in(member, team_id, view.today))
    page = await view.page(query, OpportunityItem, order=("person_id",))
    return await for_insiders(view, page, BY, Member, team_id=team_id)


def _people(view: View, year: int) -> CTE:
    """Everybody who is here, also those who were given nothing."""
    member, given = view[Member], _counted(view, year)
    counts = (func.coalesce(given.c[name], 0).label(name) for name in (*KINDS, *NEEDS, "chances"))
    return (
        select(member.c.person_id, team_on(member, view.today).label("team_id"), literal(year).label("year"), *counts)
        .select_from(member)
        .outerjoin(given, given.c.person_id == member.c.person_id)
        .where(still_here(member, view.today))
        .cte("people")
    )


def _counted(view: View, year: int) -> CTE:
    given = _given(view, year)
    counts = {name: func.count().filter(given.c.kind == kind) for name, kind in {**KINDS, **NEEDS}.items()}
    chances = func.count().filter(given.c.kind.in_(KINDS.values()))
    columns = (count.label(name) for name, count in {**counts, "chances": chances}.items())
    return select(given.c.person_id, *columns).group_by(given.c.person_id).cte("counted")


def _given(view: View, year: int) -> Any:
    row, training = view[Chance], view[TrainingTaken]
    who = texts(training.c.attended, "who")
    came = select(cast(who.c.who, Uuid).label("person_id"), literal("training").label("kind"), training.c.on)
    trainings = came.select_from(training).join(who, true())
    all_of_it = union_all(trainings, select(row.c.person_id, row.c.kind, row.c.on)).subquery()
    return select(all_of_it).where(extract("year", all_of_it.c.on) == year).subquery()


read_model = ReadModel(
    "opportunities",
    version=1,
    rows=[
        Rows(Chance, key=("person_id", "kind", "ref"), hears=ChanceEvent, rows_of=chance_of, fold=chance),
        Rows(TrainingTaken, key=("training_id",), hears=TrainingHeld, rows_of=training_of, fold=training_taken),
    ],
    query=read,
    seen_by="self, supervisor and deputy, H M N",
)
