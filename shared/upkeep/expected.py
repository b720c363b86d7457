"""The records of a store's facts as they belong on its topic: byte by byte what the relay sends."""

from collections.abc import AsyncIterator, Sequence
from typing import Final, NamedTuple

from shared.feed.ahead import Ahead
from shared.feed.cloudevents import Record, Writer, key_of, partition_of
from shared.store.passing import Passing
from shared.store.store import EventStore

PAGE: Final = 2000


class Expected(NamedTuple):
    position: int
    partition: int
    record: Record
    fact: Passing


async def expected(
    store: EventStore, partitions: int, after: int, upto: int, lasts: list[int] | None = None
) -> AsyncIterator[list[Expected]]:
    """Page by page, the facts after one position up to another. `lasts` are brought forward when they are given."""
    lasts = lasts if lasts is not None else await lasts_at(store, partitions, after)
    writer, ahead = Writer(store.source, partitions), Ahead(store, after, PAGE)
    try:
        while facts := await ahead.next():
            page = []
            for fact in facts:
                if fact.position > upto:
                    break
                partition, record = writer.record(fact, lasts)
                page.append(Expected(fact.position, partition, record, fact))
                lasts[partition] = fact.position
            if page:
                yield page
            if facts[-1].position >= upto:
                return
    finally:
        await ahead.close()


async def lasts_at(store: EventStore, partitions: int, position: int) -> list[int]:
    """The last position on each partition when everything up to this one has been sent."""
    lasts = [0] * partitions
    missing = set(range(partitions))
    while missing and position > 0 and (keys := await store.keys_back(position)):
        for found, tenant, stream in keys:
            if (partition := partition_of(key_of(tenant, stream), partitions)) in missing:
                missing.discard(partition)
                lasts[partition] = found
        position = keys[-1][0] - 1
    return lasts


def by_partition(page: Sequence[Expected], partitions: int) -> list[list[Expected]]:
    parts: list[list[Expected]] = [[] for _ in range(partitions)]
    for one in page:
        parts[one.partition].append(one)
    return parts
