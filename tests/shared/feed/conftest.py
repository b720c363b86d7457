"""A store with facts in it, a topic for them, and relays that run as long as the test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from shared.feed.broker import make_broker
from shared.feed.relay import Relay
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.parts.kafka import Kafka
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.topics import Topic

Relaying = Callable[..., AbstractAsyncContextManager[Relay]]


@pytest.fixture
def store(db: Database) -> EventStore:
    return EventStore(db, "shop")


@pytest.fixture
def append(db: Database) -> Appending:
    return Appending(db)


@pytest.fixture
def topic(kafka: Kafka, topics: str) -> Topic:
    """Not there yet: the test says with how many partitions it is made."""
    return Topic(kafka.bootstrap, f"{topics}shop.events")


@pytest.fixture
def relaying(database: str, topic: Topic) -> Relaying:
    """Relays as of several processes: each has its own connections to the store and to the broker."""

    @asynccontextmanager
    async def start(**settings: Any) -> AsyncIterator[Relay]:
        own = Database(database)
        wanted: dict[str, Any] = {"topic": topic.name, "poll": 0.05, "look_again": 0.2, **settings}
        bootstrap = wanted.pop("bootstrap", topic.bootstrap)
        relay = Relay(own, EventStore(own, "shop"), Wakeup(own), lambda: make_broker(bootstrap, "relay"), **wanted)
        work = asyncio.create_task(relay.run())
        try:
            yield relay
        finally:
            relay.stop()
            async with asyncio.timeout(30):
                await work
            await own.close()

    return start


async def mark_of(db: Database) -> int:
    async with db.driver() as driver:
        return int(await driver.fetchval("select coalesce(max(mark), 0) from relay"))


async def relayed(db: Database, store: EventStore) -> None:
    """Until the mark has come to the head."""

    async def caught_up() -> bool:
        return await mark_of(db) == await store.head()

    await becomes(caught_up)
