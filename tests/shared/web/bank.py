"""A small service to ask over HTTP: crews with a leader, and accounts that belong to people of crews."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, select

from shared.core.access import ANY, Ask, may, myself, own_team
from shared.core.event import Personal, Recorded
from shared.core.readmodel import ReadModel, Rows, Watched
from shared.core.service import Service
from shared.web.draft import Draft
from shared.web.queries import Page, Reads
from tests.shared.web.bank_deciders import (
    AccountEvent,
    AccountOpened,
    BlowWhistle,
    CrewFormed,
    FormCrew,
    JoinCrew,
    MemberJoined,
    MoneyPaidIn,
    OpenAccount,
    PayIn,
    accounts,
    crews,
)


@dataclass(frozen=True, slots=True)
class Crew:
    team_id: UUID
    site: str
    time_zone: str
    leader_id: UUID


@dataclass(frozen=True, slots=True)
class Member:
    person_id: UUID
    team_id: UUID


@dataclass(frozen=True, slots=True)
class Line:
    account_id: UUID
    person_id: UUID | None = None
    team_id: UUID | None = None
    note: Annotated[str | None, Personal("person_id")] = None
    paid_in: int = 0
    newest: date | None = None


def _crew(row: Crew | None, event: CrewFormed, recorded: Recorded) -> Crew:
    return Crew(event.team_id, event.site, event.time_zone, event.leader_id)


def _member(row: Member | None, event: MemberJoined, recorded: Recorded) -> Member:
    return Member(event.person_id, event.team_id)


def _line(row: Line | None, event: AccountEvent, recorded: Recorded) -> Line:
    line = row or Line(event.account_id)
    match event:
        case AccountOpened():
            return replace(line, person_id=event.person_id, team_id=event.team_id, note=event.note)
        case MoneyPaidIn():
            return replace(line, paid_in=line.paid_in + event.amount, newest=event.day)
    return line


roster = ReadModel(
    "roster",
    version=1,
    rows=[
        Rows(Crew, ("team_id",), CrewFormed, lambda event, _: event.team_id, _crew),
        Rows(Member, ("person_id",), MemberJoined, lambda event, _: event.person_id, _member),
    ],
)


BY = ("self", "team", "site", "org", "N")


async def read_accounts(
    view: Reads,
    account_id: UUID | None = None,
    paid_in: int | None = None,
    note: str | None = None,
    latest: bool = False,
) -> Page[Line]:
    question = view.kept(lines, account_id=account_id, paid_in=paid_in, note=note)
    order = ("-newest", "account_id") if latest else ("account_id",)
    return await view.page(question, Line, order, asked_for=account_id)


def lines(draft: Draft, **wanted: ColumnElement[Any] | None) -> Select[Any]:
    line = draft[Line]
    query = select(line).where(draft.seen(person=line.c.person_id, team=line.c.team_id, by=BY))
    for name, value in wanted.items():
        if value is not None:
            query = query.where(line.c[name] == value)
    return query


async def read_forgotten(view: Reads) -> Page[Line]:
    """A query whose author forgot to say who may see it."""
    return await view.page(select(view[Line]), Line, ("account_id",))


class Words(BaseModel):
    account_id: UUID
    words: str | None


async def read_words(view: Reads) -> Page[Words]:
    """A marked column under another name."""
    line = view[Line]
    query = select(line.c.account_id, line.c.note.label("words")).where(view.seen(by=("org", "N")))
    return await view.page(query, Words, ("account_id",))


_ACCOUNT_ROWS = [Rows(Line, ("account_id",), AccountEvent, lambda event, _: event.account_id, _line)]
_WATCHED = Watched(by=BY, key=("account_id",), person="person_id", team="team_id")
account_lines = ReadModel(
    "account_lines", 1, _ACCOUNT_ROWS, read_accounts, _WATCHED, "self, who leads them, M, H and N"
)


class Roster:
    reads: Sequence[Any] = (roster,)

    async def team_of(self, view: Any, person_id: UUID, day: date) -> UUID | None:
        member = view[Member]
        found = await view.first(select(member.c.team_id).where(member.c.person_id == person_id))
        return found.team_id if found else None

    async def leads(self, view: Any, person_id: UUID, day: date) -> frozenset[UUID]:
        crew = view[Crew]
        rows = await view.all(select(crew.c.team_id).where(crew.c.leader_id == person_id))
        return frozenset(row.team_id for row in rows)

    async def teams_at(self, view: Any, site: str) -> frozenset[UUID]:
        crew = view[Crew]
        return frozenset(row.team_id for row in await view.all(select(crew.c.team_id).where(crew.c.site == site)))

    async def zone_of(self, view: Any, team_id: UUID) -> str | None:
        return (await self.zones(view)).get(team_id)

    async def zones(self, view: Any) -> dict[UUID, str]:
        crew = view[Crew]
        return {row.team_id: row.time_zone for row in await view.all(select(crew.c.team_id, crew.c.time_zone))}


bank = Service(
    name="bank",
    events=CrewFormed | MemberJoined | AccountEvent,
    deciders=[crews, accounts],
    asks=[
        Ask(FormCrew, may("H", "M")),
        Ask(JoinCrew, may("H") + own_team("S")),
        Ask(OpenAccount, may("H", "M") + own_team("S")),
        Ask(PayIn, may("H") + myself("A") + own_team("S", "person_id")),
        Ask(BlowWhistle, may(ANY), unsigned=True),
    ],
    directory=Roster(),
    read_models=[roster, account_lines],
)
