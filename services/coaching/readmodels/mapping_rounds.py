"""Rounds of skills mapping, and how many have answered. Answers GET /v1/mapping-rounds."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select

from services.coaching.events.round import RoundAnnounced, RoundClosed, RoundEvent, RoundOpened
from services.coaching.events.skills import MappingAnswered, MappingAsked
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.queries import Page, Reads

State = Literal["announced", "open", "closed", "called-off"]
AnswerEvent = MappingAsked | MappingAnswered


@dataclass(frozen=True, slots=True)
class Round:
    round_id: UUID
    pool_id: UUID | None = None
    title: str | None = None
    why: str | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    closed_on: date | None = None
    invited: int = 0
    skills: tuple[str, ...] = ()
    state: str = "announced"


def round_of(event: RoundEvent, _: Recorded) -> UUID:
    return event.round_id


def a_round(row: Round | None, event: RoundEvent, _: Recorded) -> Round:
    row = row or Round(event.round_id)
    match event:
        case RoundAnnounced():
            told = {name: value for name, value in event if name != "people"}
            return Round(**told, invited=len(event.people))
        case RoundOpened():
            return replace(row, state="open")
        case RoundClosed():
            return replace(row, closed_on=event.closed_on, state="closed" if row.state == "open" else "called-off")
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """One person in a round, once asked."""

    round_id: UUID
    person_id: UUID
    answered: bool = False


def answer_of(event: AnswerEvent, _: Recorded) -> tuple[UUID, UUID]:
    return event.round_id, event.person_id


def answer(row: RoundAnswer | None, event: AnswerEvent, _: Recorded) -> RoundAnswer:
    row = row or RoundAnswer(event.round_id, event.person_id)
    return replace(row, answered=True) if isinstance(event, MappingAnswered) else row


class RoundItem(BaseModel):
    """`invited` were told of the round, `asked` were asked when it opened or later, `answered` have told."""

    round_id: UUID
    pool_id: UUID
    title: str
    why: str
    opens_on: date
    closes_on: date
    closed_on: date | None
    skills: tuple[str, ...]
    state: State
    invited: int
    asked: int
    answered: int


async def read(view: Reads, state: State | None = None) -> Page[RoundItem]:
    row, person = view[Round], view[RoundAnswer]
    of_round = person.c.round_id == row.c.round_id
    asked = select(func.count()).select_from(person).where(of_round).scalar_subquery()
    answered = select(func.count()).select_from(person).where(of_round, person.c.answered).scalar_subquery()
    query = select(*row.c, asked.label("asked"), answered.label("answered")).where(view.seen(by=("everybody",)))
    if state is not None:
        query = query.where(row.c.state == state)
    return await view.page(query, RoundItem, order=("opens_on", "round_id"))


read_model = ReadModel(
    "mapping_rounds",
    version=1,
    rows=[
        Rows(Round, key=("round_id",), hears=RoundEvent, rows_of=round_of, fold=a_round),
        Rows(
            RoundAnswer,
            key=("round_id", "person_id"),
            hears=AnswerEvent,
            rows_of=answer_of,
            fold=answer,
        ),
    ],
    query=read,
    seen_by="everybody",
    watched=Watched(by=("everybody",), key=("round_id",)),
)
