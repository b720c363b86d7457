"""Who was thanked, what for, and how it was rewarded. Answers GET /v1/recognition-list."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import and_, case, or_, select

from services.coaching.events.recognition import RecognitionEvent, RecognitionGiven, RewardGranted
from shared.core.directory import Member
from shared.core.event import Personal, Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.directory import for_insiders, is_in, team_on
from shared.web.queries import Page, Reads

BY = ("self", "team")
PERSON = Personal("person_id")


@dataclass(frozen=True, slots=True)
class Thanks:
    recognition_id: UUID
    person_id: UUID | None = None
    given_on: date | None = None
    kind: str | None = None
    text: Annotated[str | None, PERSON] = None
    public: bool = False
    ref: UUID | None = None
    reward: str | None = None
    value_cents: int | None = None
    value_minutes: int | None = None
    reward_note: Annotated[str | None, PERSON] = None


def thanks_of(event: RecognitionEvent, _: Recorded) -> UUID:
    return event.recognition_id


def thanks(row: Thanks | None, event: RecognitionEvent, recorded: Recorded) -> Thanks:
    row = row or Thanks(event.recognition_id)
    match event:
        case RecognitionGiven():
            told = {name: value for name, value in event if name != "team_id"}
            return replace(row, **told, given_on=recorded.at.date())
        case RewardGranted():
            return replace(
                row,
                reward=event.reward,
                value_cents=event.value_cents,
                value_minutes=event.value_minutes,
                reward_note=event.note,
            )
        case _:
            assert_never(event)


class ThanksItem(BaseModel):
    """Of what is public everybody sees the thanks; the reward is for the person and the team's supervisor."""

    recognition_id: UUID
    person_id: UUID
    team_id: UUID | None
    given_on: date
    kind: Literal["thanks", "success", "customer-thanks", "teaching", "development"]
    text: Annotated[str | None, PERSON]
    public: bool
    ref: UUID | None
    reward: Literal["voucher", "gift", "bonus", "paid-time"] | None
    value_cents: int | None
    value_minutes: int | None
    reward_note: Annotated[str | None, PERSON]


async def read(view: Reads, person_id: UUID | None = None, team_id: UUID | None = None) -> Page[ThanksItem]:
    row, member = view[Thanks], view[Member]
    team = team_on(member, view.today)
    insider = view.seen(person=row.c.person_id, team=team, by=BY)
    everybody = view.seen(by=("everybody",))
    hidden = ("reward", "value_cents", "value_minutes", "reward_note")
    query = (
        select(
            *(column for column in row.c if column.name not in hidden),
            *(case((insider, row.c[name])).label(name) for name in hidden),
            team.label("team_id"),
        )
        .select_from(row)
        .outerjoin(member, member.c.person_id == row.c.person_id)
        .where(or_(insider, and_(everybody, row.c.public)))
    )
    if person_id is not None:
        query = query.where(row.c.person_id == person_id)
    if team_id is not None:
        query = query.where(is_in(member, team_id, view.today))
    page = await view.page(query, ThanksItem, order=("-given_on", "recognition_id"))
    return await for_insiders(view, page, ("everybody",), Member, person_id=person_id, team_id=team_id)


read_model = ReadModel(
    "recognition_list",
    version=1,
    rows=[
        Rows(
            Thanks,
            key=("recognition_id",),
            hears=RecognitionEvent,
            rows_of=thanks_of,
            fold=thanks,
            indexes=(("person_id",),),
        )
    ],
    query=read,
    seen_by="self, supervisor and deputy; without the reward, of public ones, everybody",
    watched=Watched(by=("everybody",), key=()),
)
