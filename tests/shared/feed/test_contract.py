"""What a listener may rely on, whichever feed brings the facts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest

from shared.core.event import Recorded
from shared.feed.broker import make_broker
from shared.feed.cloudevents import key_of, partition_of
from shared.feed.kafka import KafkaFeed
from shared.feed.store_feed import StoreFeed
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.parts.waiting import becomes, running
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying
from tests.shared.feed.ledger import HEARD, Ledger
from tests.shared.feed.topics import Topic

AnyFeed = StoreFeed | KafkaFeed
Feeding = Callable[[Ledger], AbstractAsyncContextManager[AnyFeed]]


@dataclass(frozen=True)
class Feeds:
    """Both kinds over one store. A topic is made and filled when the Kafka feed is asked for the first time."""

    store: EventStore
    by_store: Feeding
    by_kafka: Feeding

    async def caught_up(self, ledger: Ledger, seconds: float = 30.0) -> None:
        facts = await self.store.read(0, limit=1_000_000)
        await becomes(lambda: all(ledger.had(fact) for fact in facts), seconds)


@pytest.fixture
async def feeds(db: Database, store: EventStore, topic: Topic, topics: str, relaying: Relaying) -> AsyncIterator[Feeds]:
    wakeup = Wakeup(db)

    @asynccontextmanager
    async def by_store(ledger: Ledger) -> AsyncIterator[AnyFeed]:
        feed = StoreFeed(
            "ledger", {"shop": store}, [wakeup], ledger.cursor, heard=HEARD, poll=0.05, facts=100, longest_backoff=0.2
        )
        async with running(feed.run(ledger.take)):
            yield feed

    async with AsyncExitStack() as relays:

        @asynccontextmanager
        async def by_kafka(ledger: Ledger) -> AsyncIterator[AnyFeed]:
            if not topic.exists():
                topic.create(3)
                await relays.enter_async_context(relaying())
            feed = KafkaFeed(
                "ledger",
                lambda: make_broker(topic.bootstrap, "ledger", consumer_only=True),
                {"shop": topic.name},
                group=f"{topics}ledger",
                heard=HEARD,
                look=0.5,
                longest_backoff=0.2,
            )
            async with running(feed.run(ledger.take)):
                yield feed

        yield Feeds(store, by_store, by_kafka)


@pytest.fixture(params=["store", "kafka"])
def feeding(request: pytest.FixtureRequest, feeds: Feeds) -> Feeding:
    return feeds.by_store if request.param == "store" else feeds.by_kafka


async def all_of(store: EventStore) -> list[Recorded]:
    return await store.read(0, limit=1_000_000)


async def test_every_fact_comes_in_the_order_of_its_stream(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    ledger = Ledger()
    await append.facts(730)
    async with feeding(ledger) as feed:
        await feeds.caught_up(ledger)
        await append.facts(50)
        await append.facts(1, size=1_000_000)
        await append.facts(20, tenant="other")
        await feeds.caught_up(ledger)
        assert feed.trouble is None
    ledger.proves(await all_of(feeds.store))


async def test_the_envelope_is_the_stored_one(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    ledger = Ledger()
    await append.facts(40)
    async with feeding(ledger):
        await feeds.caught_up(ledger)
    stored = {fact.position: fact for fact in await all_of(feeds.store)}
    for fact in ledger.taken:
        assert _text(fact.data) == stored[fact.position].data
        assert fact._replace(data="") == stored[fact.position]._replace(data="")
        assert fact.at.utcoffset() == stored[fact.position].at.utcoffset()


def _text(data: str | bytes) -> str:
    return data if isinstance(data, str) else data.decode()


async def test_what_was_not_taken_comes_again(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    ledger = Ledger()
    ledger.failures = [ConnectionError("the database is away")] * 3
    await append.facts(300)
    async with feeding(ledger) as feed:
        await becomes(lambda: feed.trouble and "the database is away" in feed.trouble)
        await feeds.caught_up(ledger)
        ledger.failures = [ConnectionError("again"), RuntimeError("and a bug")]
        await append.facts(300)
        await feeds.caught_up(ledger)
        await becomes(lambda: feed.trouble is None)
    ledger.proves(await all_of(feeds.store))


async def test_a_new_feed_goes_on_where_the_last_stopped(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    ledger = Ledger()
    await append.facts(500)
    async with feeding(ledger):
        await feeds.caught_up(ledger)
    ledger.brought.clear()
    async with feeding(ledger):
        await append.facts(100)
        await feeds.caught_up(ledger)
    assert sum(len(batch.facts) for batch in ledger.brought) == 100
    ledger.proves(await all_of(feeds.store))


async def test_facts_that_nobody_hears_move_the_marks(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    ledger = Ledger()
    await append.facts(10)
    await append.facts(250, name="shop.till-opened")
    async with feeding(ledger):
        await feeds.caught_up(ledger)
        assert len(ledger.taken) == 10
        await append.facts(7, name="shop.till-opened")
        await append.facts(10)
        await append.facts(7, name="shop.till-opened")
        await feeds.caught_up(ledger)
    assert {recorded.name for batch in ledger.brought for recorded, _ in batch.facts} == {"shop.sold"}
    ledger.proves(await all_of(feeds.store))


async def test_a_gap_is_read_again_from_the_beginning(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    """Marks that stand further back than the place the feed goes on from, as those of a new listener do."""
    await append.facts(500)
    first = Ledger()
    async with feeding(first):
        await feeds.caught_up(first)
    await append.facts(100)
    second = Ledger()
    second.cursor = first.cursor  # type: ignore[method-assign]
    async with feeding(second) as feed:
        await feeds.caught_up(second)
        await becomes(lambda: feed.trouble is None)
    second.proves(await all_of(feeds.store))


async def test_a_gap_that_stays_stops_its_partition(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    ledger = Ledger()
    ledger.damaged = "shop.till-0"
    await append.facts(200)
    async with feeding(ledger) as feed:
        await becomes(lambda: feed.trouble and "mark 7, but the next fact follows 9" in feed.trouble)
        partitions = ledger.brought[0].partitions
        stopped = partition_of(key_of("acme", ledger.damaged), partitions)
        facts = await all_of(feeds.store)
        others = [fact for fact in facts if partition_of(key_of(fact.tenant, fact.stream), partitions) != stopped]
        await becomes(lambda: all(ledger.had(fact) for fact in others))
    ledger.proves(others)


@pytest.mark.parametrize("rounds", [3])
async def test_the_feed_may_change_and_change_back(feeds: Feeds, append: Appending, rounds: int) -> None:
    ledger = Ledger()
    for _ in range(rounds):
        for feeding in (feeds.by_store, feeds.by_kafka):
            await append.facts(120, streams=20)
            async with feeding(ledger):
                await feeds.caught_up(ledger)
                await append.facts(60, streams=20)
                await becomes(lambda: len(ledger.taken) > 0)
    async with feeds.by_store(ledger):
        await feeds.caught_up(ledger)
    ledger.proves(await all_of(feeds.store))


async def test_facts_that_come_while_it_looks_are_not_missed(feeds: Feeds, feeding: Feeding, append: Appending) -> None:
    ledger = Ledger()
    async with feeding(ledger):
        for _ in range(40):
            await append.facts(3)
            await asyncio.sleep(0)
        await feeds.caught_up(ledger)
    ledger.proves(await all_of(feeds.store))
