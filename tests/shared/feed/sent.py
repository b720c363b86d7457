"""What is on a topic after a relay, held against the store."""

from collections.abc import Sequence
from typing import Any

from aiokafka import ConsumerRecord

from shared.feed.cloudevents import Placed, Reader, key_of, partition_of
from shared.store.database import Database
from shared.store.store import EventStore
from tests.shared.feed.topics import Topic


def placed(records: Sequence[ConsumerRecord]) -> list[Placed]:
    reader = Reader("shop")
    reads = [reader.read(one.offset, one.partition, one.value, one.headers) for one in records]
    assert all(isinstance(read, Placed) for read in reads), reads
    return [read for read in reads if isinstance(read, Placed)]


async def whole(topic: Topic, store: EventStore) -> int:
    """Every fact of the store is on its partition, in order, the chain of `previous` without a hole. Counts repeats."""
    stored = {fact.position: fact for fact in await store.read(0, limit=1_000_000)}
    seen: set[int] = set()
    records = await topic.records()
    for partition, on_it in records.items():
        mark = 0
        for recorded, previous, partitions in placed(on_it):
            assert partition_of(key_of(recorded.tenant, recorded.stream), partitions) == partition
            fact = stored[recorded.position]
            assert recorded._replace(data="") == fact._replace(data="")
            assert recorded.data == str(fact.data).encode()
            assert previous <= mark, f"a hole before {recorded.position}"
            mark = max(mark, recorded.position)
            seen.add(recorded.position)
    assert seen == set(stored)
    return sum(map(len, records.values())) - len(seen)


async def execute(db: Database, sql: str, *values: Any) -> Any:
    async with db.driver() as driver:
        return await driver.fetchval(sql, *values) if values else await driver.execute(sql)
