"""Topics of a benchmark, and facts put on them past the relay: by the bare producer, as the records the relay makes."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

from faststream.kafka import KafkaBroker

from shared.core.event import Recorded
from shared.feed.broker import producer_of
from shared.feed.cloudevents import Record, Writer, key_of, partition_of
from shared.store.database import Database
from shared.store.store import EventStore
from tests.shared.feed.topics import Topic

PARTITIONS = 6


def prefix() -> str:
    return f"bench{uuid4().hex[:8]}."


def topic(bootstrap: str, before: str) -> str:
    return Topic(bootstrap, f"{before}onboarding.events").create(PARTITIONS).name


async def records(dsn: str) -> list[list[Record]]:
    """What is in a store, of each partition, as the relay makes it."""
    writer, lasts = Writer("onboarding", PARTITIONS), [0] * PARTITIONS
    found: list[list[Record]] = [[] for _ in lasts]
    database = Database(dsn)
    for fact in await EventStore(database, "onboarding").passing(0, 1 << 30):
        partition, record = writer.record(fact, lasts)
        found[partition].append(record)
        lasts[partition] = fact.position
    await database.close()
    return found


def lasts(facts: Sequence[Recorded]) -> list[int]:
    """The last position of each partition."""
    found = [0] * PARTITIONS
    for fact in facts:
        found[partition_of(key_of(fact.tenant, fact.stream), PARTITIONS)] = fact.position
    return found


async def publish(broker: KafkaBroker, topic: str, found: Sequence[Sequence[Record]]) -> None:
    """All partitions at once, each with a batch on its way while the next is filled."""
    await asyncio.gather(*(_publish(broker, topic, number, given) for number, given in enumerate(found)))


async def _publish(broker: KafkaBroker, topic: str, partition: int, given: Sequence[Record]) -> None:
    producer, sent = producer_of(broker), []
    batch = producer.create_batch()
    for key, value, headers, timestamp in given:
        while batch.append(timestamp=timestamp, key=key, value=value, headers=headers) is None:
            sent.append(await producer.send_batch(batch, topic, partition=partition))
            batch = producer.create_batch()
    sent.append(await producer.send_batch(batch, topic, partition=partition))
    await asyncio.gather(*sent)
