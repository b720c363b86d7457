"""A till, to try the store with: it takes money and gives it back, and never goes below nothing."""

from collections.abc import Sequence
from typing import Any, assert_never
from uuid import UUID

from shared.core.decider import Asked, Command, Decider, Look, LookUps, Rejected, Seen, over, unknown
from shared.core.event import Event
from shared.core.service import Service


class TillOpened(Event, name="shop.till-opened"):
    """A till stands ready."""

    till_id: UUID


class MoneyTaken(Event, name="shop.money-taken"):
    """Money went into the till."""

    till_id: UUID
    cents: int
    note: str = ""


class TillClosed(Event, name="shop.till-closed"):
    """The till is counted and closed."""

    till_id: UUID


ShopEvent = TillOpened | MoneyTaken | TillClosed


class OpenTill(Command):
    till_id: UUID


class TakeMoney(Command):
    till_id: UUID
    cents: int
    note: str = ""
    beside: UUID | None = None


class CloseTill(Command):
    till_id: UUID


ShopCommand = OpenTill | TakeMoney | CloseTill


def stream_of(till_id: UUID) -> str:
    return f"shop.till-{till_id}"


def look_ups(command: ShopCommand, state: int | None) -> LookUps:
    match command:
        case TakeMoney(beside=UUID() as beside):
            return {"beside": Look(till, stream_of(beside))}
    return {}


def decide(command: ShopCommand, state: int | None, seen: Seen, asked: Asked) -> Sequence[ShopEvent]:
    match command:
        case OpenTill():
            return [] if state is not None else [TillOpened(till_id=command.till_id)]
        case TakeMoney():
            return _take(command, state, seen)
        case CloseTill():
            return [TillClosed(till_id=command.till_id)] if state is not None else []
        case _:
            assert_never(command)


def _take(command: TakeMoney, state: int | None, seen: Seen) -> Sequence[ShopEvent]:
    if state is None:
        raise unknown("till")
    if state == -1:
        raise over("till")
    if command.beside and seen.beside is None:
        raise Rejected("neighbour-missing", "the till beside it is not open")
    if state + command.cents < 0:
        raise Rejected("till-too-empty", f"there are {state} cents in it")
    return [MoneyTaken(till_id=command.till_id, cents=command.cents, note=command.note)] if command.cents else []


def evolve(state: int | None, event: ShopEvent) -> int | None:
    match event:
        case TillOpened():
            return 0
        case MoneyTaken():
            return (state or 0) + event.cents
        case TillClosed():
            return -1
        case _:
            assert_never(event)


till: Decider[Any, int | None, Any] = Decider(
    kind="till",
    commands=ShopCommand,
    events=ShopEvent,
    stream=lambda command: stream_of(command.till_id),
    initial=None,
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)
shop = Service(name="shop", events=ShopEvent, deciders=[till], asks=[], directory=None)  # type: ignore[arg-type]
