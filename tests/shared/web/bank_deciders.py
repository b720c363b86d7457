"""What the bank decides: facts, commands, and the two deciders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shared.core.decider import Asked, Command, Decider, Rejected, Seen, if_unknown, unknown
from shared.core.event import Event, Personal, Shape
from shared.core.types import Code, Text80, TimeZone


class Label(Shape):
    code: Code
    words: Text80 | None = None


class CrewFormed(Event, name="bank.crew-formed"):
    team_id: UUID
    site: Code
    time_zone: str
    leader_id: UUID


class MemberJoined(Event, name="bank.member-joined"):
    person_id: UUID
    team_id: UUID


class AccountOpened(Event, name="bank.account-opened"):
    account_id: UUID
    person_id: UUID
    team_id: UUID
    note: Annotated[str | None, Personal("person_id")] = None
    labels: tuple[Label, ...] = ()


class MoneyPaidIn(Event, name="bank.money-paid-in"):
    account_id: UUID
    amount: int
    day: date


class WhistleBlown(Event, name="bank.whistle-blown"):
    account_id: UUID


class FormCrew(Command):
    """A crew begins."""

    team_id: UUID
    site: Code
    time_zone: TimeZone
    leader_id: UUID


class JoinCrew(Command):
    person_id: UUID
    team_id: UUID


class OpenAccount(Command):
    """Somebody of a crew gets an account."""

    account_id: UUID
    person_id: UUID
    team_id: UUID
    note: Text80 | None = None
    labels: tuple[Label, ...] = ()
    limits: dict[str, int] = {}


class PayIn(Command):
    refused = if_unknown("account") | {"unlucky-amount": "thirteen is not taken here"}
    account_id: UUID
    person_id: UUID
    amount: int = Field(ge=1, le=10**12)


class BlowWhistle(Command):
    refused = if_unknown("account")
    account_id: UUID


CrewCommand = FormCrew | JoinCrew
AccountCommand = OpenAccount | PayIn | BlowWhistle
AccountEvent = AccountOpened | MoneyPaidIn | WhistleBlown


@dataclass(frozen=True, slots=True)
class Account:
    opened: AccountOpened | None = None
    blown: bool = False


def _decide_crew(command: CrewCommand, state: int, seen: Seen, asked: Asked) -> Sequence[CrewFormed | MemberJoined]:
    match command:
        case FormCrew():
            return [] if state else [CrewFormed(**command.model_dump())]
        case JoinCrew():
            return [MemberJoined(**command.model_dump())]


def _decide(command: AccountCommand, account: Account, seen: Seen, asked: Asked) -> Sequence[AccountEvent]:
    if isinstance(command, OpenAccount):
        return [] if account.opened else [AccountOpened(**command.model_dump(exclude={"limits"}))]
    if account.opened is None:
        raise unknown("account")
    if isinstance(command, BlowWhistle):
        return [WhistleBlown(account_id=command.account_id)]
    if command.amount == 13:
        raise Rejected("unlucky-amount", "thirteen is not taken here")
    return [MoneyPaidIn(account_id=command.account_id, amount=command.amount, day=asked.day)]


def _evolve(account: Account, event: AccountEvent) -> Account:
    match event:
        case AccountOpened():
            return replace(account, opened=event)
        case WhistleBlown():
            return replace(account, blown=True)
    return account


def _crew_stream(command: CrewCommand) -> str:
    return f"bank.crew-{command.team_id}" if isinstance(command, FormCrew) else f"bank.member-{command.person_id}"


crews: Decider[Any, int, Any] = Decider(
    kind="crew",
    commands=CrewCommand,
    events=CrewFormed | MemberJoined,
    stream=_crew_stream,
    initial=0,
    decide=_decide_crew,
    evolve=lambda state, event: state + 1,
)
accounts: Decider[Any, Account, Any] = Decider(
    kind="account",
    commands=AccountCommand,
    events=AccountEvent,
    stream=lambda command: f"bank.account-{command.account_id}",
    initial=Account(),
    decide=_decide,
    evolve=_evolve,
)
