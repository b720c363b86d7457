"""What only Kafka brings: rebalances, several topics, some of them late, brokers that go away."""

import asyncio
import gc
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import UnknownError

from shared.feed.batch import Batch
from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.kafka import Kafka
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, relayed
from tests.shared.feed.hearing import Feeding, hearing, written
from tests.shared.feed.ledger import Ledger
from tests.shared.feed.topics import Topic


@pytest.fixture
def feeding(topic: Topic, topics: str) -> Feeding:
    return hearing(topic, topics)


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
        async with asyncio.timeout(20):
            await first.has.wait()
        async with feeding(second):
            async with asyncio.timeout(20):
                await second.has.wait()
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
        for place, record in await written(store, 1):
            renamed = {"ce_source": b"/luotsi/workshop", "ce_type": b"workshop.mended"}
            headers = [(name, renamed.get(name, value)) for name, value in record.headers]
            await late.write([(place, record._replace(headers=headers))])
        await becomes(partial(ledger.has, 20))
        assert feed.trouble is None


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


async def test_what_cannot_be_read_is_not_ready_and_begins_again_however_its_consumer_ends(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consumer whose membership has ended fails at every read, and once more when it is closed."""
    await append.facts(20)
    topic.create(2)
    records = await written(store, 2)
    await topic.write(records[:10])
    ended: set[AIOKafkaConsumer] = set()
    getmany, stop = AIOKafkaConsumer.getmany, AIOKafkaConsumer.stop

    async def read(consumer: AIOKafkaConsumer, *places: Any, **settings: Any) -> Any:
        if consumer in ended:
            raise UnknownError("the membership has ended")
        return await getmany(consumer, *places, **settings)

    async def close(consumer: AIOKafkaConsumer) -> None:
        await stop(consumer)
        if consumer in ended:
            raise UnknownError("the membership has ended")

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", read)
    monkeypatch.setattr(AIOKafkaConsumer, "stop", close)
    ledger = Ledger()
    async with feeding(ledger) as feed:
        await becomes(partial(ledger.has, 10))
        ended.update(each for each in gc.get_objects() if isinstance(each, AIOKafkaConsumer))
        await becomes(lambda: feed.trouble and "Kafka cannot be read: UnknownError" in feed.trouble)
        await topic.write(records[10:])
        await becomes(partial(ledger.has, 20))
        await becomes(lambda: feed.trouble is None)
    ledger.proves(await store.read(0))
