"""What only Kafka brings: strangers' records, rebalances, holes in a topic, brokers that go away."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any

import pytest
from prometheus_client import REGISTRY

from shared.feed.batch import Batch
from shared.feed.broker import make_broker
from shared.feed.cloudevents import Record, Writer, key_of, partition_of
from shared.feed.kafka import KafkaFeed
from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.kafka import Kafka
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, becomes, relayed, running
from tests.shared.feed.ledger import HEARD, Ledger
from tests.shared.feed.topics import Topic

Feeding = Callable[..., AbstractAsyncContextManager[KafkaFeed]]


@pytest.fixture
def feeding(topic: Topic, topics: str) -> Feeding:
    @asynccontextmanager
    async def start(ledger: Any, *, of: Mapping[str, Topic] | None = None, **settings: Any) -> AsyncIterator[KafkaFeed]:
        sources = of or {"shop": topic}
        bootstrap = next(iter(sources.values())).bootstrap
        feed = KafkaFeed(
            "ledger",
            lambda: make_broker(bootstrap, "ledger", consumer_only=True),
            {source: where.name for source, where in sources.items()},
            **{"group": f"{topics}ledger", "heard": HEARD, "look": 0.3, "longest_backoff": 0.2, **settings},
        )
        async with running(feed.run(ledger.take)):
            yield feed

    return start


async def written(store: EventStore, partitions: int) -> list[tuple[int, Record]]:
    """The records of all facts of a store, as the relay would make them."""
    writer, lasts, records = Writer(store.source, partitions), [0] * partitions, []
    for fact in await store.read(0, limit=100_000):
        key = key_of(fact.tenant, fact.stream)
        place = partition_of(key, partitions)
        records.append((place, writer.record(fact, key, lasts[place])))
        lasts[place] = fact.position
    return records


def passed_over(reason: str) -> float:
    labels = {"service": "ledger", "source": "shop", "reason": reason}
    return REGISTRY.get_sample_value("luotsi_passed_over_total", labels) or 0.0


async def test_strange_records_neither_stop_nor_hide_a_fact(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding
) -> None:
    topic.create(1)
    await append.facts(30)
    records = await written(store, 1)
    ours = records[0][1].headers
    strange: Sequence[dict[str, Any]] = [
        {"value": b"{}", "key": b"k", "headers": [("x", None), ("ce_source", None)]},
        {"value": None, "key": b"k"},
        {"value": b'{"source": "/luotsi/shop"}', "headers": [("content-type", b"application/cloudevents+json")]},
        {"value": b"\xff\xfe", "headers": [("reply_to", b"\xff"), ("correlation_id", b"\xff")]},
        {"value": b"{}", "headers": [("ce_source", b"/elsewhere"), ("ce_id", b"1")]},
        {"value": b"{}", "headers": [("ce_source", b"/luotsi/shop"), ("ce_type", b"\xff\xfe")]},
        {"value": b"{}", "headers": [header for header in ours if header[0] != "ce_id"]},
        {"value": b"{}", "headers": [(name, None if name == "ce_tenant" else value) for name, value in ours]},
        {"value": None, "key": b"k", "headers": ours},
    ]
    before = {reason: passed_over(reason) for reason in ("foreign", "tombstone", "structured")}
    mixed: list[tuple[int, Any]] = []
    for number, record in enumerate(records):
        mixed += [(0, strange[number % len(strange)]), record]
    await topic.write(mixed)
    ledger = Ledger()
    async with feeding(ledger):
        await becomes(lambda: len(ledger.taken) == 30 and len(ledger.broken) == 12)
        await becomes(lambda: passed_over("foreign") - before["foreign"] == 10)
        assert passed_over("tombstone") - before["tombstone"] == 4
        assert passed_over("structured") - before["structured"] == 4
    ledger.proves(await store.read(0))
    assert len({broken.offset for broken in ledger.broken}) == 12


async def test_a_broken_record_alone_on_its_partition_arrives(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding
) -> None:
    topic.create(2)
    await topic.write([(1, {"value": b"{}", "headers": [("ce_source", b"/luotsi/shop")]})])
    ledger = Ledger()
    async with feeding(ledger):
        await becomes(lambda: ledger.broken)
        assert [(batch.partition, batch.partitions, batch.upto) for batch in ledger.brought] == [(1, 2, 0)]
        await append.facts(20)
        await topic.write(await written(store, 2))
        await becomes(lambda: len(ledger.taken) == 20)
    ledger.proves(await store.read(0))


async def test_a_hole_in_the_topic_stops_its_partition_and_no_other(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding
) -> None:
    topic.create(3)
    await append.facts(150, streams=20)
    records = await written(store, 3)
    lost = next(number for number, (place, _) in enumerate(records) if place == 1 and number > 50)
    await topic.write(records[:lost] + records[lost + 1 :])
    facts = await store.read(0)
    others = [fact for (place, _), fact in zip(records, facts, strict=True) if place != 1 or fact.position <= lost]
    ledger = Ledger()
    async with feeding(ledger) as feed:
        await becomes(lambda: feed.trouble and f"but the next fact follows {lost + 1}" in feed.trouble)
        await becomes(lambda: len(ledger.taken) == len(others))
        ledger.proves(others)
        await topic.write([records[lost], *[(place, one) for place, one in records[lost + 1 :] if place == 1]])
    async with feeding(ledger) as feed:
        await becomes(lambda: len(ledger.taken) == 150)
        await becomes(lambda: feed.trouble is None)
    ledger.proves(facts)


async def test_a_topic_filled_again_with_other_partitions_brings_nothing_twice(
    db: Database, store: EventStore, append: Appending, topic: Topic, topics: str, feeding: Feeding
) -> None:
    await append.facts(300, streams=30)
    ledger = Ledger()
    for partitions, count in ((4, 150), (1, 220), (6, 300)):
        if topic.exists():
            topic.delete()
        topic.create(partitions)
        records = await written(store, partitions)
        await topic.write(records[:count])
        async with feeding(ledger):
            await becomes(partial(ledger.has, count))
    ledger.proves(await store.read(0))


class Slow:
    """A worker that holds its first batch until it is let go; all workers write into one ledger, one at a time."""

    def __init__(self, ledger: Ledger, turn: asyncio.Lock) -> None:
        self._ledger, self._turn = ledger, turn
        self.has, self.may = asyncio.Event(), asyncio.Event()

    async def take(self, batches: Sequence[Batch]) -> None:
        self.has.set()
        await self.may.wait()
        async with self._turn:
            await self._ledger.take(batches)


async def test_a_rebalance_in_mid_batch_loses_nothing_and_doubles_nothing(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying, feeding: Feeding
) -> None:
    topic.create(4)
    await append.facts(2000, streams=40)
    ledger, turn = Ledger(), asyncio.Lock()
    first, second = Slow(ledger, turn), Slow(ledger, turn)
    async with relaying(), feeding(first):
        await relayed(db, store)
        await asyncio.wait_for(first.has.wait(), 20)
        async with feeding(second):
            await asyncio.wait_for(second.has.wait(), 20)
            first.may.set()
            second.may.set()
            await append.facts(500, streams=40)
            facts = await store.read(0, limit=10_000)
            await becomes(lambda: all(ledger.had(fact) for fact in facts))
    ledger.proves(facts)


async def test_several_sources_come_over_one_subscriber(
    store: EventStore, append: Appending, topic: Topic, topics: str, feeding: Feeding
) -> None:
    await append.facts(40)
    await append.facts(40, name="workshop.mended", tenant="second")
    other = Topic(topic.bootstrap, f"{topics}workshop.events").create(2)
    topic.create(3)
    facts = await store.read(0)
    await topic.write(await written(store, 3))
    for place, record in await written(store, 2):
        headers = [(name, b"/luotsi/workshop" if name == "ce_source" else value) for name, value in record.headers]
        await other.write([(place, record._replace(headers=headers))])
    ledger = Ledger(["shop", "workshop"])
    async with feeding(ledger, of={"shop": topic, "workshop": other}):
        await becomes(lambda: len(ledger.taken) == 80)
    mended = [fact._replace(source="workshop") for fact in facts if fact.name == "workshop.mended"]
    ledger.proves([fact for fact in facts if fact.name == "shop.sold"] + mended)


async def test_without_a_topic_it_is_not_ready_and_finds_it_later(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding
) -> None:
    await append.facts(10)
    ledger = Ledger()
    async with feeding(ledger) as feed:
        await becomes(lambda: feed.trouble == f"there is no topic {topic.name}")
        topic.create(2)
        await topic.write(await written(store, 2))
        await becomes(lambda: len(ledger.taken) == 10)
        await becomes(lambda: feed.trouble is None)


async def test_a_topic_that_appears_later_is_read_beside_the_others(
    store: EventStore, append: Appending, topic: Topic, topics: str, feeding: Feeding
) -> None:
    await append.facts(10)
    topic.create(2)
    await topic.write(await written(store, 2))
    late = Topic(topic.bootstrap, f"{topics}workshop.events")
    ledger = Ledger(["shop", "workshop"])
    async with feeding(ledger, of={"shop": topic, "workshop": late}) as feed:
        await becomes(partial(ledger.has, 10))
        assert feed.trouble == f"there is no topic {late.name}"
        late.create(1)
        await becomes(lambda: feed.trouble is None)


async def test_a_broker_that_was_away(
    store: EventStore, append: Appending, own_kafka: Kafka, topics: str, feeding: Feeding
) -> None:
    topic = Topic(own_kafka.bootstrap, f"{topics}shop.events").create(2)
    await append.facts(20)
    records = await written(store, 2)
    await topic.write(records[:10])
    ledger = Ledger()
    async with feeding(ledger, of={"shop": topic}) as feed:
        await becomes(lambda: len(ledger.taken) == 10)
        await asyncio.to_thread(own_kafka.stop)
        await becomes(lambda: feed.trouble and "Kafka does not answer" in feed.trouble)
        async with feeding(Ledger(), of={"shop": topic}, group="late") as late:
            await becomes(lambda: late.trouble and "Kafka cannot be reached" in late.trouble)
        await asyncio.to_thread(own_kafka.start)
        await becomes(lambda: feed.trouble is None)
        await topic.write(records[10:])
        await becomes(lambda: len(ledger.taken) == 20)
    ledger.proves(await store.read(0))
