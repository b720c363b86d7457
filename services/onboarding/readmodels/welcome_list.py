"""What has to be ready for whom, item by item, and who was welcomed. Answers GET /v1/welcome-list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Date, Integer, Text, cast, select, true
from sqlalchemy.dialects.postgresql import JSONB

from services.onboarding.events.shapes import NEEDED_BY_DAY, KitItem
from services.onboarding.events.welcome import (
    HireWelcomed,
    KitCompleted,
    KitFoundIncomplete,
    KitItemReadied,
    KitItemReopened,
    PlanIntroduced,
    WelcomeEvent,
    WelcomePrepared,
)
from services.onboarding.readmodels.people import Person
from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.replacing import replace
from shared.web.directory import for_insiders, is_in, still_here, team_on
from shared.web.lists import holds, listed
from shared.web.queries import Page, Reads

BY = ("team", "H")


@dataclass(frozen=True, slots=True)
class Welcome:
    """One person's welcome with the whole kit: the answer has a line for each item. `readied` holds days by item."""

    person_id: UUID
    journey_no: int | None = None
    starts_on: date | None = None
    kit: tuple[KitItem, ...] = ()
    readied: Mapping[str, date] = field(default_factory=dict)
    flagged: tuple[str, ...] = ()
    welcomed_on: date | None = None
    introduced_on: date | None = None


def welcome_of(event: WelcomeEvent, _: Recorded) -> UUID:
    return event.person_id


def welcome(row: Welcome | None, event: WelcomeEvent, recorded: Recorded) -> Welcome:
    row = row or Welcome(person_id=event.person_id)
    match event:
        case WelcomePrepared():
            return _prepared(row, event)
        case KitItemReadied():
            still_flagged = tuple(code for code in row.flagged if code != event.item)
            return replace(row, readied={**row.readied, event.item: recorded.at.date()}, flagged=still_flagged)
        case KitItemReopened():
            left = {item: day for item, day in row.readied.items() if item != event.item}
            return replace(row, readied=left)
        case KitCompleted():
            return replace(row, flagged=())
        case KitFoundIncomplete():
            return replace(row, flagged=event.missing)
        case HireWelcomed():
            return replace(row, welcomed_on=event.welcomed_on)
        case PlanIntroduced():
            return replace(row, introduced_on=event.introduced_on)
        case _:
            assert_never(event)


def _prepared(row: Welcome, event: WelcomePrepared) -> Welcome:
    """Another first day of the same journey keeps what is ready; another journey starts anew."""
    if row.journey_no != event.journey_no:
        row = Welcome(person_id=event.person_id, journey_no=event.journey_no)
    return replace(row, starts_on=event.starts_on, kit=event.kit, flagged=())


class WelcomeItem(BaseModel):
    person_id: UUID
    item: str
    team_id: UUID | None
    kind: str
    title: str
    needed_by_day: Annotated[int, NEEDED_BY_DAY]
    ready: bool
    readied_on: date | None
    starts_on: date
    missing_flagged: bool
    welcomed_on: date | None
    introduced_on: date | None


async def read(
    view: Reads,
    team_id: UUID | None = None,
    starts_from: date | None = None,
    ready: bool | None = None,
) -> Page[WelcomeItem]:
    row, person = view[Welcome], view[Person]
    item = listed(row.c.kit, "item", code=Text, kind=Text, title=Text, needed_by_day=Integer)
    readied_on = cast(cast(row.c.readied, JSONB)[item.c.code].astext, Date)
    flagged = holds(row.c.flagged, item.c.code)
    team = team_on(person, view.today)
    query = (
        select(
            *(row.c.person_id, row.c.starts_on, row.c.welcomed_on, row.c.introduced_on),
            *(item.c.code.label("item"), item.c.kind, item.c.title, item.c.needed_by_day),
            *(team.label("team_id"), flagged.label("missing_flagged")),
            *(readied_on.label("readied_on"), readied_on.is_not(None).label("ready")),
        )
        .select_from(row)
        .join(item, true())
        .outerjoin(person, person.c.person_id == row.c.person_id)
        .where(view.seen(team=team, by=BY), still_here(person, view.today))
    )
    if team_id is not None:
        query = query.where(is_in(person, team_id, view.today))
    if starts_from is not None:
        query = query.where(row.c.starts_on >= starts_from)
    if ready is not None:
        query = query.where(readied_on.is_not(None) == ready)
    page = await view.page(query, WelcomeItem, order=("person_id", "item"))
    return await for_insiders(view, page, BY, Person, team_id=team_id)


read_model = ReadModel(
    "welcome_list",
    version=1,
    rows=[
        Rows(
            Welcome,
            key=("person_id",),
            hears=WelcomeEvent,
            rows_of=welcome_of,
            fold=welcome,
            indexes=(("starts_on",),),
        )
    ],
    query=read,
    seen_by="supervisor and deputy, H",
    watched=Watched(BY, key=("person_id",), person="person_id"),
)
