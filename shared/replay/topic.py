"""History as it stands on a topic: every partition from where the marks are, up to where it ends now."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.feed.assemble import Reached, assemble
from shared.feed.cloudevents import Heedless, Reader
from shared.feed.consuming import consuming, stop_broker
from shared.listen.decode import Decoder, Stretch
from shared.listen.marks import Marks
from shared.replay.history import PIECE
from shared.replay.tempo import Tempo

_WAIT_MS: Final = 500
_LARGE: Final[dict[str, Any]] = {"max_partition_fetch_bytes": 4 * 1024 * 1024, "auto_offset_reset": "earliest"}
_SMALL: Final = {**_LARGE, "max_partition_fetch_bytes": 64 * 1024}
_NEAR: Final = 500  # records: not looked for any closer

Ends = Mapping[TopicPartition, int]


class _Place(NamedTuple):
    """All of a partition up to this position lies before this offset."""

    position: int = 0
    offset: int = 0


@dataclass
class TopicHistory:
    """Read without a group: nobody's offsets move. Records that are no facts are passed over; workers park them."""

    source: str
    topic: str
    make_broker: Callable[[], KafkaBroker]
    decoder: Decoder
    _reached: dict[TopicPartition, _Place] = field(default_factory=dict)

    async def read(
        self, after: Sequence[Marks], names: Collection[str], tenant: str | None = None, tempo: Tempo | None = None
    ) -> AsyncIterator[Stretch]:
        reader = Reader(self.source, frozenset(names))
        async with self._reading(after) as (consumer, ends):
            while open_ := [place for place, end in ends.items() if await consumer.position(place) < end]:
                found = await consumer.getmany(*open_, timeout_ms=_WAIT_MS, max_records=PIECE)
                for place, records in found.items():
                    for stretch in await self._stretches(reader, place, records):
                        yield stretch if tenant is None else _of(stretch, tenant)

    async def left(self, after: Sequence[Marks]) -> int:
        async with self._reading(after) as (consumer, ends):
            return sum([max(end - await consumer.position(place), 0) for place, end in ends.items()])

    async def _stretches(
        self, reader: Reader, place: TopicPartition, records: Sequence[ConsumerRecord]
    ) -> Sequence[Stretch]:
        reads = [reader.read(one.offset, place.partition, one.value, one.headers) for one in records]
        batches = list(assemble(self.source, place.partition, reads, Reached(1)))
        stretches = await self.decoder.stretches(batches)
        if stretches and stretches[-1].upto > self._reached.get(place, _Place()).position:
            self._reached[place] = _Place(stretches[-1].upto, records[-1].offset + 1)
        return stretches

    @asynccontextmanager
    async def _reading(self, after: Sequence[Marks]) -> AsyncIterator[tuple[AIOKafkaConsumer, Ends]]:
        """A consumer that stands where the marks do, and the offsets where the partitions end now."""
        broker = self.make_broker()
        try:
            await broker.connect()
            async with consuming(broker, **_LARGE) as consumer:
                places = await self._places(consumer)
                consumer.assign(places)
                ends = await consumer.end_offsets(places)
                async with consuming(broker, **_SMALL) as searching:
                    for place, end in ends.items():
                        mark = min(_mark(marks, place.partition, len(places)) for marks in after)
                        consumer.seek(place, await self._offset(searching, place, mark, end))
                yield consumer, ends
        except KafkaError as error:
            raise ConnectionError(f"Kafka cannot be read: {error!r}") from error
        finally:
            await stop_broker(broker)

    async def _places(self, consumer: AIOKafkaConsumer) -> Sequence[TopicPartition]:
        cluster = await consumer._client.fetch_all_metadata()  # what it knows by itself is only of assigned topics
        if not (numbers := cluster.partitions_for_topic(self.topic)):
            raise ConnectionError(f"there is no topic {self.topic}")
        return [TopicPartition(self.topic, number) for number in sorted(numbers)]

    async def _offset(self, consumer: AIOKafkaConsumer, place: TopicPartition, mark: int, end: int) -> int:
        """Of a record at or before the first that lies behind the mark. Positions ascend, but for what was sent twice,
        and that is behind a record that was before it too.
        """
        reached = self._reached.get(place, _Place())
        low, high = (reached.offset if mark >= reached.position and reached.offset <= end else 0), end
        if not mark or low == high:
            return low
        consumer.assign([place])
        while high - low > _NEAR:
            middle = (low + high) // 2
            position = await self._position(consumer, place, middle)
            low, high = (middle, high) if position is not None and position <= mark else (low, middle)
        return low

    async def _position(self, consumer: AIOKafkaConsumer, place: TopicPartition, offset: int) -> int | None:
        """Of the first fact at or after an offset; None if none is near."""
        consumer.seek(place, offset)
        reader = Reader(self.source, frozenset())
        for record in (await consumer.getmany(place, timeout_ms=_WAIT_MS, max_records=10)).get(place, ()):
            read = reader.read(record.offset, place.partition, record.value, record.headers)
            if isinstance(read, Heedless):
                return read.position
        return None


def _mark(marks: Marks, partition: int, partitions: int) -> int:
    newest = marks.eras[-1].marks
    return newest[partition] if len(newest) == partitions else marks.lowest


def _of(stretch: Stretch, tenant: str) -> Stretch:
    return stretch._replace(facts=[heard for heard in stretch.facts if heard.recorded.tenant == tenant])
