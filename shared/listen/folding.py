"""The fold of one batch in one build: rows read, folded in memory, written back, a statement per row kind."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from itertools import islice
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from shared.core.event import Recorded
from shared.core.readmodel import Rows
from shared.listen.decode import Heard
from shared.listen.isolating import one_by_one
from shared.listen.pace import Pace
from shared.listen.parking import Parking, StreamKey
from shared.listen.tables import Key
from shared.store.database import Driver

KEPT = 5_000  # rows of a kind that a listener remembers from one batch to the next


class Stored(Protocol):
    """Where the rows of one kind are."""

    @property
    def rows(self) -> Rows: ...

    async def load(self, driver: Driver, keys: Sequence[Key]) -> list[Any]: ...

    async def save(self, driver: Driver, keys: Sequence[Key], rows: Sequence[Any]) -> None: ...


class Changes(NamedTuple):
    """Rows of one kind as they are to be, None for no row, and as they were stored before."""

    table: Any
    keys: list[Key]
    rows: list[Any]
    before: list[Any]


Tell = Callable[[Driver, Sequence[Heard], Sequence[Changes]], Awaitable[None]]


async def _nobody(driver: Driver, facts: Sequence[Heard], changes: Sequence[Changes]) -> None:
    """Nobody is to be told."""


class _Slot:
    """One row in memory: `row` as folded so far, `stored` as the database has it."""

    __slots__ = ("key", "kind", "row", "stored")

    def __init__(self, key: Key, kind: "_Kind") -> None:
        self.key, self.kind = key, kind
        self.row: Any = None
        self.stored: Any = None

    def put(self, row: Any) -> None:
        if row is not self.row:
            if self.row is self.stored:
                self.kind.changed.append(self)
            self.row = row


def _place(tenant: str, key: Any) -> tuple[Any, ...]:
    """Where a row is in memory: ids as numbers, which are compared and hashed in a tenth of the time."""
    if key.__class__ is UUID:
        return tenant, key.int
    if isinstance(key, tuple):
        return tenant, *[part.int if isinstance(part, UUID) else part for part in key]
    return tenant, key


class _Kind:
    """The rows of one kind that were touched lately, `kept` at least."""

    def __init__(self, table: Stored, kept: int) -> None:
        self.table, self.fold, self._rows_of = table, table.rows.fold, table.rows.rows_of
        self._kept = kept
        self.slots: dict[tuple[Any, ...], _Slot] = {}
        self._unread: list[_Slot] = []
        self.changed: list[_Slot] = []

    def touch(self, event: Any, recorded: Recorded) -> Collection[_Slot]:
        """The slots of the rows that a fact touches, each once."""
        touched, tenant = self._rows_of(event, recorded), recorded.tenant
        if touched is None:
            return ()
        if touched.__class__ is list:
            return {self._slot(tenant, key): None for key in touched}
        return (self._slot(tenant, touched),)

    def _slot(self, tenant: str, key: Any) -> _Slot:
        place = _place(tenant, key)
        slot = self.slots.get(place)
        if slot is None:
            slot = self.slots[place] = _Slot((tenant, *key) if isinstance(key, tuple) else (tenant, key), self)
            self._unread.append(slot)
        return slot

    async def load(self, driver: Driver) -> None:
        if self._unread:
            unread, self._unread = self._unread, []
            for slot, row in zip(unread, await self.table.load(driver, [slot.key for slot in unread]), strict=True):
                slot.row = slot.stored = row

    def changes(self) -> Changes:
        """What is to be written. It counts as stored from here on, and rows that were untouched longest may go."""
        changed = [slot for slot in dict.fromkeys(self.changed) if slot.row is not slot.stored]
        rows = [slot.row for slot in changed]
        found = Changes(self.table, [slot.key for slot in changed], rows, [slot.stored for slot in changed])
        for slot in changed:
            slot.stored = slot.row
        self.changed.clear()
        for key in list(islice(self.slots, max(len(self.slots) - self._kept, 0))):
            del self.slots[key]
        return found


Touch = Collection[_Slot] | Exception


class Folding:
    """The part of a listener that is a build of a read model. `tell` is called with what a turn has changed, in it."""

    def __init__(self, tables: Sequence[Stored], kept: int = KEPT, tell: Tell = _nobody) -> None:
        self._tables, self._kept, self._tell = tables, kept, tell
        self.forget()

    def forget(self) -> None:
        """The rows in memory may no longer be those in the database."""
        self._kinds = [_Kind(table, self._kept) for table in self._tables]
        self._by_name: dict[str, tuple[_Kind, ...]] = {}
        for kind in self._kinds:
            for name in kind.table.rows.events:
                self._by_name[name] = (*self._by_name.get(name, ()), kind)

    async def apply(self, driver: Driver, facts: Sequence[Heard], blocked: set[StreamKey]) -> list[Parking]:
        try:
            parked = await self.fold(driver, facts, blocked)
            changes = self.changes()
            for table, keys, rows, _ in changes:
                await table.save(driver, keys, rows)
            await self._tell(driver, facts, changes)
        except BaseException:
            self.forget()
            raise
        return parked

    async def fold(self, driver: Driver, facts: Sequence[Heard], blocked: set[StreamKey]) -> list[Parking]:
        """In memory alone: what comes of it is in `changes`."""
        touched = await self._touch(facts)
        for kind in self._kinds:
            await kind.load(driver)
        return await one_by_one(facts, blocked, lambda number, heard: _fold(touched[number], heard))

    def changes(self) -> list[Changes]:
        return [kind.changes() for kind in self._kinds]

    @property
    def size(self) -> int:
        """Rows in memory."""
        return sum(len(kind.slots) for kind in self._kinds)

    async def _touch(self, facts: Sequence[Heard]) -> list[Touch]:
        """Finds out which rows to read. A fact that cannot tell says so when it is folded."""
        pace, touched = Pace(), list[Touch]()
        for number, (recorded, event, error) in enumerate(facts):
            try:
                if error is not None:
                    raise error
                kinds = self._by_name[recorded.name]
                slots = kinds[0].touch(event, recorded)
                for kind in kinds[1:]:
                    slots = (*slots, *kind.touch(event, recorded))
                touched.append(slots)
            except Exception as failure:
                touched.append(failure)
            if not number & 31 and pace.is_over:
                await pace.rest()
        return touched


def _fold(touched: Touch, heard: Heard) -> None:
    """All rows of the fact, or none: they are kept when every fold has answered."""
    if isinstance(touched, Exception):
        raise touched
    recorded, event, _ = heard
    if len(touched) == 1:
        (slot,) = touched
        slot.put(slot.kind.fold(slot.row, event, recorded))
        return
    folded = [slot.kind.fold(slot.row, event, recorded) for slot in touched]
    for slot, row in zip(touched, folded, strict=True):
        slot.put(row)
