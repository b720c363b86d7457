"""Kafka feeds for tests, and topics filled as a relay would fill them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from shared.feed.broker import make_broker
from shared.feed.cloudevents import Record, Writer
from shared.feed.kafka import KafkaFeed
from shared.store.store import EventStore
from tests.parts.waiting import running
from tests.shared.feed.ledger import HEARD
from tests.shared.feed.topics import Topic

Feeding = Callable[..., AbstractAsyncContextManager[KafkaFeed]]


async def written(store: EventStore, partitions: int) -> list[tuple[int, Record]]:
    """The records of all facts of a store, as the relay would make them."""
    writer, lasts, records = Writer(store.source, partitions), [0] * partitions, []
    for fact in await store.passing(0, limit=100_000):
        records.append(writer.record(fact, lasts))
        lasts[records[-1][0]] = fact.position
    return records


def hearing(topic: Topic, topics: str) -> Feeding:
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
