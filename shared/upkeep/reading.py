"""Reading a topic as it lies, partition by partition: every record, whoever wrote it."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker

from shared.feed.consuming import consuming, first_sent

_AT_ONCE: Final = 2000
_WAIT_MS: Final = 200
_WITHIN_REACH: Final = 2 * 1024 * 1024  # bytes per partition, about
_SETTINGS: Final[dict[str, Any]] = {"max_partition_fetch_bytes": 4 * 1024 * 1024, "isolation_level": "read_uncommitted"}


class NoTopic(Exception):
    def __init__(self, topic: str) -> None:
        super().__init__(f"there is no topic {topic}: `luotsi topics create` makes it")


class Reading:
    """Up to where the topic ended when last asked, or a little further. What is fetched ahead is bounded."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, partitions: int) -> None:
        self.topic, self.partitions = topic, partitions
        self._consumer = consumer
        self._places = [TopicPartition(topic, number) for number in range(partitions)]
        self._buffers: list[deque[ConsumerRecord]] = [deque() for _ in self._places]
        self._size = 1000
        self.begins: list[int] = []
        self.ends: list[int] = []

    async def begin(self) -> None:
        self._consumer.assign(self._places)
        begins = await self._consumer.beginning_offsets(self._places)
        self.begins = [begins[place] for place in self._places]
        await self.ask_ends()
        for number, begin in enumerate(self.begins):
            self.seek(number, begin)

    async def ask_ends(self) -> None:
        """What has been written since is there to be read too."""
        ends = await self._consumer.end_offsets(self._places)
        self.ends = [ends[place] for place in self._places]

    @property
    def records(self) -> int:
        return sum(self.ends) - sum(self.begins)

    def seek(self, partition: int, offset: int) -> None:
        self._buffers[partition].clear()
        self._consumer.seek(self._places[partition], offset)

    async def fill(self, partition: int, count: int) -> deque[ConsumerRecord]:
        """The next records of a partition, `count` at least unless it ends before. They are the caller's to pop."""
        buffer, end = self._buffers[partition], self.ends[partition]
        while len(buffer) < count and await self._consumer.position(self._places[partition]) < end:
            await self._take(partition, _WAIT_MS)
        if len(buffer) * self._size < _WITHIN_REACH:
            await self._take(partition, 0)  # the broker sends more while these are looked at
        return buffer

    async def _take(self, partition: int, wait_ms: int) -> None:
        place = self._places[partition]
        found = await self._consumer.getmany(place, timeout_ms=wait_ms, max_records=_AT_ONCE)
        if records := found.get(place):
            self._buffers[partition].extend(records)
            self._size = max(1, sum(len(record.value or b"") for record in records) // len(records))

    async def first(self, partition: int, offset: int) -> ConsumerRecord | None:
        """The first record there is from an offset on."""
        self.seek(partition, max(offset, self.begins[partition]))
        buffer = await self.fill(partition, 1)
        return buffer[0] if buffer else None

    async def since(self, time: datetime) -> list[int]:
        """Per partition the offset of the first record stored at that time or later; the end if there is none."""
        wanted = dict.fromkeys(self._places, int(time.timestamp() * 1000))
        found = await self._consumer.offsets_for_times(wanted)
        offsets = (
            found[place].offset if found[place] else end for place, end in zip(self._places, self.ends, strict=True)
        )
        return list(offsets)

    async def first_sent(self, record: ConsumerRecord) -> int:
        """Nothing that follows the record's fact lies before this offset, however often it was sent."""
        begin: int = self.begins[record.partition]
        return max(await first_sent(self._consumer, record), begin)

    async def at(self, partition: int, offset: int) -> AsyncIterator[ConsumerRecord]:
        """The records from an offset on, to the end."""
        self.seek(partition, offset)
        while buffer := await self.fill(partition, 1):
            while buffer:
                yield buffer.popleft()


@asynccontextmanager
async def reading(broker: KafkaBroker, topic: str) -> AsyncIterator[Reading]:
    """`broker` is connected and known by its settings alone: the consumer is an own one, of no group."""
    async with consuming(broker, **_SETTINGS) as consumer:
        if not (found := (await consumer._client.fetch_all_metadata()).partitions_for_topic(topic)):
            raise NoTopic(topic)
        opened = Reading(consumer, topic, len(found))
        await opened.begin()
        yield opened
