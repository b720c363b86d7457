"""Facts of several services in their own stores, brought to a service by either feed until it has heard them all."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from shared.core.event import Recorded
from shared.core.service import Service
from shared.feed.batch import Batch
from shared.feed.broker import make_broker
from shared.feed.cloudevents import key_of, partition_of
from shared.feed.kafka import KafkaFeed
from shared.feed.relay import Relay
from shared.feed.store_feed import StoreFeed
from shared.listen.worker import Worker
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.bench import hires
from tests.parts.kafka import Kafka
from tests.parts.waiting import running
from tests.shared.feed.topics import Topic

PARTITIONS = 6
Stores = Mapping[str, Database]


class Hearing:
    """Hands batches to a worker, and knows when all that was told has been taken."""

    def __init__(self, worker: Worker, told: Mapping[str, Sequence[Recorded]]) -> None:
        self._worker, self._told = worker, told
        self._reached: dict[tuple[str, int], int] = defaultdict(int)
        self._partitions: dict[str, int] = {}
        self.all_heard = asyncio.Event()

    async def take(self, batches: Sequence[Batch]) -> None:
        await self._worker.take(batches)
        for batch in batches:
            self._partitions[batch.source] = batch.partitions
            self._reached[batch.source, batch.partition] = batch.upto
        if all(self._has(source, fact) for source, facts in self._told.items() for fact in facts):
            self.all_heard.set()

    def _has(self, source: str, fact: Recorded) -> bool:
        if source not in self._partitions:
            return False
        partition = partition_of(key_of(fact.tenant, fact.stream), self._partitions[source])
        return fact.position <= self._reached[source, partition]


async def store(stores: Stores, facts: Collection[Recorded]) -> dict[str, list[Recorded]]:
    """In this order into the store of whom they are of."""
    told: dict[str, list[Recorded]] = {source: [] for source in stores}
    for fact in facts:
        there = told[fact.source]
        there.append(fact._replace(position=len(there) + 1))
    for source, own in told.items():
        await hires.store(stores[source].dsn, own)
    return {source: own for source, own in told.items() if own}


@asynccontextmanager
async def by_store(service: Service, worker: Worker, stores: Stores, hearing: Hearing) -> AsyncIterator[None]:
    events = {source: EventStore(database, source) for source, database in stores.items()}
    feed = StoreFeed(service.name, events, [], worker.cursor, heard=_heard(service, worker), poll=0.05)
    async with running(feed.run(hearing.take)):
        yield


@asynccontextmanager
async def by_kafka(
    kafka: Kafka, topics: str, service: Service, worker: Worker, stores: Stores, hearing: Hearing
) -> AsyncIterator[None]:
    connect = partial(make_broker, kafka.bootstrap, service.name)
    names = {source: Topic(kafka.bootstrap, f"{topics}{source}.events").create(PARTITIONS).name for source in stores}
    group = f"{topics}{service.name}"
    feed = KafkaFeed(service.name, connect, names, group=group, heard=_heard(service, worker), look=0.5)
    async with AsyncExitStack() as stack:
        for source, database in stores.items():
            events = EventStore(database, source)
            relay = Relay(database, events, Wakeup(database), connect, topic=names[source], poll=0.05)
            await stack.enter_async_context(running(relay.run()))
        await stack.enter_async_context(running(feed.run(hearing.take)))
        yield


def _heard(service: Service, worker: Worker) -> frozenset[str]:
    return frozenset[str]().union(*map(worker.hears, service.sources))
