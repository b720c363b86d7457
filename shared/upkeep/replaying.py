"""Facts of a store sent once more to a topic of one's choice, as the records that they are on the live topic."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final, NamedTuple

from aiokafka.producer.message_accumulator import BatchBuilder
from faststream.kafka import KafkaBroker

from shared.feed.broker import producer_of
from shared.feed.cloudevents import Record
from shared.store.passing import Passing
from shared.store.store import EventStore
from shared.upkeep.expected import Expected, expected

_PATIENCE: Final = 30.0
_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """Which facts: everything that is given must hold. `since` and `until` are about when a fact happened."""

    after: int
    upto: int
    names: Collection[str] = ()
    stream_prefix: str = ""
    tenant: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, fact: Passing) -> bool:
        if (self.names and fact.name.decode() not in self.names) or not fact.stream.startswith(
            self.stream_prefix.encode()
        ):
            return False
        if self.tenant is not None and fact.tenant != self.tenant.encode():
            return False
        if self.since is None and self.until is None:
            return True
        at = fact.at
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


class Sent(NamedTuple):
    """Everything chosen up to `upto` has been sent and acknowledged: one can go on after it."""

    upto: int
    facts: int


async def replay(
    store: EventStore, partitions: int, broker: KafkaBroker, topic: str, choice: Choice, rate: float | None = None
) -> AsyncGenerator[Sent, None]:
    """Tells after every round how far it has come. `rate` is in facts a second."""
    outgoing, facts = _Outgoing(broker, topic), 0
    size = _AT_ONCE if rate is None else max(1, min(_AT_ONCE, int(rate)))
    async for page in expected(store, partitions, choice.after, choice.upto):
        chosen = [one for one in page if choice.takes(one.fact)]
        for first in range(0, len(chosen), size):
            began, part = monotonic(), chosen[first : first + size]
            await outgoing.send(part)
            facts += len(part)
            yield Sent(part[-1].position, facts)
            if rate is not None:
                await asyncio.sleep(max(0.0, len(part) / rate - (monotonic() - began)))
        yield Sent(page[-1].position, facts)


class _Outgoing:
    def __init__(self, broker: KafkaBroker, topic: str) -> None:
        self._producer, self._topic = producer_of(broker), topic

    async def send(self, facts: Collection[Expected]) -> None:
        """Returns when all is acknowledged; raises otherwise, and some may have arrived."""
        waiting, batches = [], dict[int, BatchBuilder]()
        async with asyncio.timeout(_PATIENCE):
            for _, partition, record, _ in facts:
                if (batch := batches.get(partition)) is None:
                    batch = batches[partition] = self._producer.create_batch()
                if not _added(batch, record):
                    waiting.append(await self._producer.send_batch(batch, self._topic, partition=partition))
                    batches[partition] = self._producer.create_batch()
                    _added(batches[partition], record)
            for partition, batch in batches.items():
                waiting.append(await self._producer.send_batch(batch, self._topic, partition=partition))
            await asyncio.gather(*waiting)


def _added(batch: BatchBuilder, record: Record) -> bool:
    key, value, headers, timestamp = record
    return batch.append(timestamp=timestamp, key=key, value=value, headers=headers) is not None
