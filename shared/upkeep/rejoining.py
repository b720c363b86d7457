"""A store that was put back from an older copy gets the facts it lacks from its topic, exactly as they were.

Not on the topic are the ids of commands. So `command_id` of these facts is a made-up one, the same for the facts of one
command, and receipts come back only where the id follows from the envelope: see `receipts`. A person's command that is
asked again after this, with an id from before, is decided again.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from faststream.kafka import KafkaBroker

from shared.core.ids import derive
from shared.feed import lead as leading
from shared.feed.batch import Broken
from shared.feed.cloudevents import Placed, Reader
from shared.store.database import Database, Driver
from shared.store.store import EventStore, offset_of
from shared.upkeep import receipts
from shared.upkeep.expected import lasts_at
from shared.upkeep.positions import Positions
from shared.upkeep.reading import Reading, reading
from shared.upkeep.reconciliation import Reconciliation

_COLUMNS: Final = (
    "position", "tenant", "stream", "version", "name", "id", "at", "at_offset", "recorded_at", "actor", "command_id",
    "correlation_id", "causation_id", "traceparent", "data",
)  # fmt: skip
_LOCK = "set local synchronous_commit = on; set local lock_timeout = '30s'; select pg_advisory_xact_lock(76117072)"
_HEAD = "select coalesce(max(position), 0) from facts"


class HistoriesDiffer(Exception):
    """Store and topic are not the beginning and the whole of one history: nothing was put back."""


class Rejoined(NamedTuple):
    """`lost` are positions that are neither in the store nor on the topic."""

    head_before: int
    head: int
    facts: int
    receipts: int
    lost: tuple[int, ...]


async def rejoin(
    database: Database,
    store: EventStore,
    broker: KafkaBroker,
    topic: str,
    *,
    accept_lost: bool = False,
    told: Callable[[str, int], None] = lambda step, position: None,
) -> Rejoined:
    """All of it in one transaction, or nothing. Asked again after it is done, it has nothing to do."""
    async with leading.held(database) as driver, reading(broker, topic) as found:
        head = await store.head()
        if (partitions := await _written_for(found, store.source)) is None:
            raise HistoriesDiffer(f"{topic} holds no fact of {store.source}: there is nothing to put back")
        await _same_until(store, found, partitions, head, lambda position: told("compared", position))
        lasts = await lasts_at(store, partitions, head)
        missing = Missing(found, store.source, partitions, head, lasts, accept_lost)
        async with driver.transaction():
            await driver.execute(_LOCK)
            if (now := await driver.fetchval(_HEAD)) != head:
                raise HistoriesDiffer(f"facts were appended meanwhile, up to {now}: stop the api first")
            await _copy(driver, missing, lambda position: told("put back", position))
            written = await receipts.write(driver, head)
            await leading.put(driver, partitions, missing.upto, missing.lasts)
        return Rejoined(head, missing.upto, missing.facts, written, tuple(missing.lost))


async def _written_for(found: Reading, source: str) -> int | None:
    """The number of partitions that the newest readable fact of the topic was written for."""
    reader = Reader(source)
    for number in range(found.partitions):
        for window in (1, 1_000, 1 << 62):
            start = max(found.begins[number], found.ends[number] - window)
            partitions = None
            async for record in found.at(number, start):
                read = reader.read(record.offset, number, record.value, record.headers)
                partitions = read.partitions if isinstance(read, Placed) else partitions
            if partitions is not None:
                return partitions
    return None


async def _same_until(
    store: EventStore, found: Reading, partitions: int, head: int, told: Callable[[int], None]
) -> None:
    for number, begin in enumerate(found.begins):
        found.seek(number, begin)
    reconciliation = Reconciliation(store, found, partitions)
    await reconciliation.begin()
    await reconciliation.advance(head, to_end=False, told=told)
    report = await reconciliation.report()
    differing = [one for one in report.differences if one.first is not None and one.first <= head]
    if differing:
        first = differing[0]
        raise HistoriesDiffer(
            f"store and topic differ at position {first.first} already (partition {first.partition}, {first.kind}:"
            f" {first.words}), before the store's end at {head}"
        )


@dataclass
class Missing:
    """The facts of a topic behind `upto`, one after the other in the order of positions."""

    found: Reading
    source: str
    partitions: int
    upto: int
    lasts: list[int]
    accept_lost: bool
    facts: int = 0
    lost: list[int] = field(default_factory=list)

    async def __aiter__(self) -> AsyncIterator[Placed]:
        reader = Reader(self.source)
        waiting = {number: placed for number in range(self.partitions) if (placed := await self._next(reader, number))}
        while waiting:
            number = min(waiting, key=lambda one: waiting[one].recorded.position)
            placed = waiting.pop(number)
            self._check(number, placed)
            self.lasts[number] = self.upto = placed.recorded.position
            self.facts += 1
            yield placed
            if following := await self._next(reader, number):
                waiting[number] = following

    async def _next(self, reader: Reader, number: int) -> Placed | None:
        """Repeats and strangers are passed over; a fact that cannot be read ends it all."""
        while buffer := await self.found.fill(number, 1):
            record = buffer.popleft()
            position = Positions(self.source).of(record.headers)
            if position is None or position <= self.lasts[number]:
                continue
            read = reader.read(record.offset, number, record.value, record.headers)
            if isinstance(read, Broken):
                raise HistoriesDiffer(f"position {position} on partition {number} cannot be read: {read.error}")
            if isinstance(read, Placed):
                return read
        return None

    def _check(self, number: int, placed: Placed) -> None:
        position = placed.recorded.position
        if placed.partitions != self.partitions:
            raise HistoriesDiffer(f"position {position} was written for {placed.partitions} partitions")
        if placed.previous != self.lasts[number]:
            raise HistoriesDiffer(
                f"partition {number} lacks facts between {self.lasts[number]} and {position}: nothing was put back"
            )
        gap = range(self.upto + 1, position)
        if gap and not self.accept_lost:
            words = f"{gap[0]} is" if len(gap) == 1 else f"{gap[0]} to {gap[-1]} are"
            raise HistoriesDiffer(f"position {words} neither in the store nor on the topic; --accept-lost goes on")
        self.lost.extend(gap)


async def _copy(driver: Driver, missing: Missing, told: Callable[[int], None]) -> None:
    async def rows() -> AsyncIterator[tuple[Any, ...]]:
        async for placed in missing:
            yield _row(placed)
            if not missing.facts % 1000:
                told(missing.upto)

    await driver.copy_records_to_table("facts", records=rows(), columns=_COLUMNS)
    told(missing.upto)


def _row(placed: Placed) -> tuple[Any, ...]:
    fact = placed.recorded
    command = derive("rejoined", fact.tenant, fact.stream, fact.actor, fact.correlation_id, fact.recorded_at)
    data = bytes(fact.data).decode() if not isinstance(fact.data, str) else fact.data
    return (
        fact.position, fact.tenant, fact.stream, fact.version, fact.name, fact.id, fact.at, offset_of(fact.at),
        fact.recorded_at, fact.actor, command, fact.correlation_id, fact.causation_id, fact.traceparent, data,
    )  # fmt: skip
