"""Whether a topic holds what its store says, as far as the first and the last records tell."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from faststream.kafka import KafkaBroker

from shared.core.event import Recorded
from shared.feed.cloudevents import Placed, Reader
from shared.feed.consuming import consuming
from shared.store.store import EventStore

_WINDOWS: Final = (1, 1_000, 100_000, 1 << 62)  # the last record, and if it is not the newest fact, ever more
_SECONDS: Final = 60.0


class Differs(Exception):
    """Topic and store contradict each other: sending on would bury it. It takes somebody who decides which is right."""


class Comparison:
    """`lasts` are the positions that the store says are the last on each partition."""

    def __init__(self, broker: KafkaBroker, topic: str, store: EventStore, lasts: Sequence[int]) -> None:
        self._broker, self._topic, self._store, self._lasts = broker, topic, store, lasts
        self._reader = Reader(store.source)
        self._places = [TopicPartition(topic, partition) for partition in range(len(lasts))]

    async def hold(self, partitions: int) -> None:
        """Raises Differs. A topic may be ahead of the mark, never of the store; and never behind the mark."""
        if partitions < len(self._lasts):
            raise Differs(f"{self._topic} has {partitions} partitions, the store says {len(self._lasts)}")
        async with asyncio.timeout(_SECONDS), self._consumer() as consumer:
            begins = await consumer.beginning_offsets(self._places)
            ends = await consumer.end_offsets(self._places)
            for place, last in zip(self._places, self._lasts, strict=True):
                newest = await self._newest(consumer, place, begins[place], ends[place], last)
                if newest is not None:
                    await self._compare(place, newest)
                    await self._whole(consumer, place, begins[place], ends[place])
                if last > (end := newest.recorded.position if newest else 0):
                    words = f"{_at(place)} ends at {end}, the store says {last}"
                    raise Differs(f"{words}: `luotsi relay rewind` has it sent again")

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        async with consuming(self._broker) as consumer:
            consumer.assign(self._places)
            consumer.pause(*self._places)
            yield consumer

    async def _newest(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, begin: int, end: int, last: int
    ) -> Placed | None:
        """A relay that lost its lock may have repeated older facts at the end: the last is not always the newest."""
        newest = None
        for window in _WINDOWS:
            start = max(begin, end - window)
            async for placed in self._facts(consumer, place, start, end):
                if newest is None or placed.recorded.position > newest.recorded.position:
                    newest = placed
            if start == begin or (newest is not None and newest.recorded.position >= last):
                break
        return newest

    async def _whole(self, consumer: AIOKafkaConsumer, place: TopicPartition, begin: int, end: int) -> None:
        async for placed in self._facts(consumer, place, begin, end):
            if placed.previous:
                raise Differs(
                    f"{_at(place)} begins after {placed.previous}: older facts are missing, which only"
                    " `luotsi relay republish` into an empty topic mends"
                )
            return

    async def _compare(self, place: TopicPartition, newest: Placed) -> None:
        position, partitions = newest.recorded.position, newest.partitions
        if partitions != len(self._lasts):
            raise Differs(f"{_at(place)} was written for {partitions} partitions, the store says {len(self._lasts)}")
        stored = await self._stored(position)
        if stored is None:
            raise Differs(
                f"{_at(place)} is ahead: it has position {position}, the store ends before;"
                " `luotsi store rejoin` puts back what the store lacks"
            )
        if stored.id != newest.recorded.id:
            raise Differs(f"{_at(place)} has fact {newest.recorded.id} at position {position}, the store {stored.id}")

    async def _stored(self, position: int) -> Recorded | None:
        facts = await self._store.read(position - 1, limit=1)
        return facts[0] if facts else None

    async def _facts(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, start: int, end: int
    ) -> AsyncIterator[Placed]:
        """Our facts from offset `start` up to `end`; what else is there is no matter here."""
        if start >= end:
            return
        consumer.seek(place, start)
        consumer.resume(place)
        try:
            while await consumer.position(place) < end:
                for records in (await consumer.getmany(place, timeout_ms=200)).values():
                    for record in records:
                        read = self._reader.read(record.offset, record.partition, record.value, record.headers)
                        if isinstance(read, Placed):
                            yield read
        finally:
            consumer.pause(place)


def _at(place: TopicPartition) -> str:
    return f"{place.topic}/{place.partition}"
