"""A bank, to try listeners with: accounts that take deposits, and letters that another service tells of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, assert_never
from uuid import UUID

from shared.core.deadline import Deadline, Done, Due, Local
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, unknown
from shared.core.event import Event, Personal, Recorded, Shape
from shared.core.policy import Policy
from shared.core.readmodel import ReadModel, Rows
from shared.core.service import Service

# Facts.


class AccountOpened(Event, name="bank.account-opened"):
    """Somebody has an account. `limit` above a million makes the reader fail."""

    account_id: UUID
    branch: UUID
    holder: Annotated[str | None, Personal("account_id")] = None
    opened_on: date = date(2027, 3, 1)


class Deposited(Event, name="bank.deposited"):
    """Money came in."""

    account_id: UUID
    cents: int
    note: Annotated[str | None, Personal("account_id")] = None
    tags: tuple[str, ...] = ()


class AccountClosed(Event, name="bank.account-closed"):
    """The account is no more."""

    account_id: UUID


class ReminderSet(Event, name="bank.reminder-set"):
    """Somebody is to look at the account: at an instant, or at an hour of a day where the branch is."""

    account_id: UUID
    at: datetime | None = None
    day: date | None = None
    hour: time = time(18)
    branch: UUID = UUID(int=0)


class ReminderDropped(Event, name="bank.reminder-dropped"):
    """Nobody needs to look at it."""

    account_id: UUID


class Looked(Event, name="bank.looked"):
    """Somebody was sent to look at the account."""

    account_id: UUID
    why: str
    at: datetime


class LetterSent(Event, name="post.letter-sent"):
    """The post has taken a letter of ours."""

    account_id: UUID
    stamp: str


AccountFact = AccountOpened | Deposited | AccountClosed
ReminderFact = ReminderSet | ReminderDropped
BankFact = AccountFact | ReminderFact | Looked

# Commands: each deposit over a hundred sends somebody to look.


class Look(Command):
    account_id: UUID
    why: str


def _decide(command: Look, looked: tuple[str, ...], seen: Seen, asked: Asked) -> Sequence[Looked]:
    if command.why == "unknown":
        raise unknown("account")
    if command.why == "refused":
        raise Rejected("not-today", "nobody looks today")
    if command.why in looked:
        return []
    return [Looked(account_id=command.account_id, why=command.why, at=asked.at)]


def look_stream(account_id: UUID) -> str:
    return f"bank.look-{account_id}"


look: Decider[Look, tuple[str, ...], Looked] = Decider(
    kind="look",
    commands=Look,
    events=Looked,
    stream=lambda command: look_stream(command.account_id),
    initial=(),
    decide=_decide,
    evolve=lambda looked, event: (*looked, event.why),
)


def look_at_deposit(event: Deposited, recorded: Recorded) -> Sequence[Look]:
    """Whenever more than a hundred came in, look, once for each hundred."""
    if event.note == POISON:
        raise ValueError("a note that no policy can read")
    why = event.note if event.note in ("unknown", "refused") else f"deposit {event.cents} at {recorded.version}"
    return [Look(account_id=event.account_id, why=why if n == 0 else f"{why}, {n}") for n in range(event.cents // 100)]


def look_at_letter(event: LetterSent, recorded: Recorded) -> Sequence[Look]:
    """Whenever a letter went out, look."""
    return [Look(account_id=event.account_id, why=f"letter {event.stamp}")]


def reminders(event: ReminderFact, recorded: Recorded) -> Due | Done:
    match event:
        case ReminderSet():
            when = event.at or Local(event.day or date(2027, 3, 1), event.hour, event.branch)
            return Due((event.account_id,), when, Look(account_id=event.account_id, why=f"reminder {recorded.version}"))
        case ReminderDropped():
            return Done((event.account_id,))
        case _:
            assert_never(event)


# Read models.


@dataclass(frozen=True)
class Account:
    account_id: UUID
    branch: UUID | None = None
    holder: Annotated[str | None, Personal("account_id")] = None
    opened_on: date | None = None
    cents: int = 0
    deposits: int = 0
    last_at: datetime | None = None
    mean: Decimal | None = None
    tags: tuple[str, ...] = ()
    note: Annotated[str | None, Personal("account_id")] = None


@dataclass(frozen=True)
class Branch:
    branch: UUID
    account_id: UUID
    stamps: int = 0


class Place(Shape):
    """Something that is no plain value."""

    street: str
    number: int


@dataclass(frozen=True)
class Letter:
    account_id: UUID
    stamp: str
    sent_at: datetime
    places: dict[str, Place]


def account_of(event: AccountFact, recorded: Recorded) -> UUID:
    return event.account_id


def fold_account(row: Account | None, event: AccountFact, recorded: Recorded) -> Account | None:
    row = row or Account(event.account_id)
    match event:
        case AccountOpened():
            return replace(row, branch=event.branch, holder=event.holder, opened_on=event.opened_on)
        case Deposited():
            if event.note == POISON:
                raise ValueError("a note that no fold can read")
            cents, deposits = row.cents + event.cents, row.deposits + 1
            mean, tags = (Decimal(cents) / deposits).quantize(Decimal("0.01")), event.tags or row.tags
            return replace(
                row, cents=cents, deposits=deposits, mean=mean, last_at=recorded.at, tags=tags, note=event.note
            )
        case AccountClosed():
            return None
        case _:
            assert_never(event)


def fold_branch(row: Branch | None, event: AccountOpened, recorded: Recorded) -> Branch:
    return Branch(event.branch, event.account_id)


def fold_letter(row: Letter | None, event: LetterSent, recorded: Recorded) -> Letter:
    return Letter(event.account_id, event.stamp, recorded.at, {"to": Place(street=event.stamp, number=1)})


accounts = ReadModel(
    "accounts",
    version=1,
    rows=[
        Rows(Account, key=("account_id",), hears=AccountFact, rows_of=account_of, fold=fold_account),
        Rows(
            Branch,
            key=("branch", "account_id"),
            hears=AccountOpened,
            rows_of=lambda event, recorded: (event.branch, event.account_id),
            fold=fold_branch,
            indexes=[("account_id",)],
        ),
    ],
)
letters = ReadModel(
    "letters",
    version=1,
    rows=[
        Rows(
            Letter,
            key=("account_id", "stamp"),
            hears=LetterSent,
            rows_of=lambda event, recorded: [(event.account_id, event.stamp)],
            fold=fold_letter,
        )
    ],
)

POISON = "poison"
NOON = datetime.fromisoformat("2027-03-01T12:00:00+02:00")
MINUTE = timedelta(minutes=1)

DEPOSITS = Policy("look-at-deposit", Deposited, look_at_deposit)
LETTERS = Policy("look-at-letter", LetterSent, look_at_letter, start="beginning")
REMINDERS = Deadline("reminder", ReminderFact, reminders)


def bank(**parts: Any) -> Service:
    """The bank with some of its parts only."""
    nobody: Any = None
    return Service("bank", events=BankFact, deciders=[look], asks=[], directory=nobody, inbox=LetterSent, **parts)
