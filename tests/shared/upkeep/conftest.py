"""The fixtures of the feed, and topics that were damaged on purpose."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from faststream.kafka import KafkaBroker

from shared.feed.broker import make_broker
from shared.feed.cloudevents import Record
from shared.store.store import EventStore
from shared.upkeep.reading import Reading, reading
from shared.upkeep.reconciliation import Reconciliation, Report
from tests.shared.feed.conftest import append, relaying, store, topic
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic

__all__ = ["append", "relaying", "store", "topic"]

Records = list[tuple[int, Record]]
PARTITIONS = 2


@asynccontextmanager
async def connected(topic: Topic, *, sending: bool = False) -> AsyncIterator[KafkaBroker]:
    broker = make_broker(topic.bootstrap, "upkeep", consumer_only=not sending)
    await broker.connect()
    try:
        yield broker
    finally:
        await broker.stop()


@asynccontextmanager
async def opened(topic: Topic) -> AsyncIterator[Reading]:
    async with connected(topic) as broker, reading(broker, topic.name) as found:
        yield found


async def reconciled(
    store: EventStore, topic: Topic, upto: int | None = None, *, after: int = 0, partitions: int = PARTITIONS
) -> Report:
    async with opened(topic) as found:
        reconciliation = Reconciliation(store, found, partitions, after)
        await reconciliation.begin()
        await reconciliation.advance(await store.head() if upto is None else upto)
        return await reconciliation.report()


@pytest.fixture
def damaged(store: EventStore, topic: Topic, append: Any) -> Callable[..., Any]:
    """A store of 200 facts, and its topic with records as `damage` left them. Answers how the partition of a fact and
    its record were before.
    """

    async def make(damage: Callable[[Records], Sequence[tuple[int, Any]]]) -> Records:
        topic.create(PARTITIONS)
        await append.facts(200)
        whole = await written(store, PARTITIONS)
        await topic.write(damage(list(whole)))
        return whole

    return make
