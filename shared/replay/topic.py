"""History as it stands on a topic: every partition from where the marks are, up to where it ends now."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.feed.assemble import Reached, assemble
from shared.feed.cloudevents import Heedless, Placed, Read, Reader
from shared.feed.consuming import consuming, first_sent, stop_broker
from shared.listen.decode import Decoder, Stretch
from shared.listen.marks import Marks
from shared.replay.history import PIECE
from shared.replay.tempo import Tempo

_WAIT_MS: Final = 500
_LARGE: Final[dict[str, Any]] = {"max_partition_fetch_bytes": 4 * 1024 * 1024, "auto_offset_reset": "earliest"}
_SMALL: Final = {**_LARGE, "max_partition_fetch_bytes": 64 * 1024}
_NEAR: Final = 500  # records: not looked for any closer

Offsets = Mapping[TopicPartition, int]
Stands = dict[TopicPartition, int]  # the highest position had, by partition


class TopicAway(ConnectionError):
    """The topic or its broker, not a database: whoever waits for an outage to pass waits for both alike."""


class _Place(NamedTuple):
    """Nothing of a partition behind `position` lies at or before `offset`, as long as this fact is there."""

    position: int
    offset: int
    fact: int


class _Progress:
    """Whether offsets move: a partition without a leader answers nothing, and so does a topic that was made anew."""

    def __init__(self, patience: float) -> None:
        self._patience, self._since = patience, time.monotonic()
        self._offsets: Offsets = {}

    def check(self, offsets: Offsets) -> None:
        if offsets != self._offsets:
            self._offsets, self._since = offsets, time.monotonic()
        elif time.monotonic() - self._since > self._patience:
            places = ", ".join(f"{place.topic}/{place.partition}" for place in offsets)
            raise TopicAway(f"no more comes of {places}, though there is more")


@dataclass
class TopicHistory:
    """Read without a group: nobody's offsets move. Records that are no facts are passed over; workers park them.

    `patience`: seconds in which nothing comes, though there is more, until that counts as an outage.
    """

    source: str
    topic: str
    make_broker: Callable[[], KafkaBroker]
    decoder: Decoder
    patience: float = 30.0
    _reached: dict[TopicPartition, _Place] = field(default_factory=dict)

    async def read(
        self, after: Sequence[Marks], names: Collection[str], tenant: str | None = None, tempo: Tempo | None = None
    ) -> AsyncGenerator[Stretch, None]:
        reader = Reader(self.source, frozenset(names))
        async with self._reading(after) as (consumer, ends, stands):
            progress = _Progress(self.patience)
            while open_ := await _open(consumer, ends):
                progress.check(open_)
                found = await consumer.getmany(*open_, timeout_ms=_WAIT_MS, max_records=PIECE)
                for place, records in found.items():
                    for stretch in await self._stretches(reader, place, records, stands):
                        yield stretch if tenant is None else _of(stretch, tenant)

    async def left(self, after: Sequence[Marks]) -> int:
        async with self._reading(after) as (consumer, ends, _):
            return sum([max(end - await consumer.position(place), 0) for place, end in ends.items()])

    async def _stretches(
        self, reader: Reader, place: TopicPartition, records: Sequence[ConsumerRecord], stands: Stands
    ) -> Sequence[Stretch]:
        reads = [reader.read(one.offset, place.partition, one.value, one.headers) for one in records]
        batches = list(assemble(self.source, place.partition, reads, Reached(1)))
        stretches = await self.decoder.stretches(batches)
        stands[place] = max([stands[place], *(stretch.upto for stretch in stretches)])
        self._remember(place, stands[place], records, reads)
        return stretches

    def _remember(
        self, place: TopicPartition, position: int, records: Sequence[ConsumerRecord], reads: Sequence[Read]
    ) -> None:
        if (known := self._reached.get(place)) and position <= known.position:
            return
        for record, read in zip(reversed(records), reversed(reads), strict=True):
            if (fact := _position(read)) is not None:
                self._reached[place] = _Place(position, record.offset, fact)
                return

    @asynccontextmanager
    async def _reading(self, after: Sequence[Marks]) -> AsyncIterator[tuple[AIOKafkaConsumer, Offsets, Stands]]:
        """A consumer that stands where the marks do, the offsets where the partitions end now, and the marks."""
        broker = self.make_broker()
        try:
            await broker.connect()
            async with consuming(broker, **_LARGE) as consumer:
                places = await self._places(consumer)
                consumer.assign(places)
                ends = await consumer.end_offsets(places)
                stands = {each: min(_mark(marks, each.partition, len(places)) for marks in after) for each in places}
                async with consuming(broker, **_SMALL) as searching:
                    for place, end in ends.items():
                        consumer.seek(place, await self._offset(searching, place, stands[place], end))
                yield consumer, ends, stands
        except KafkaError as error:
            raise TopicAway(f"it cannot be read: {error!r}") from error
        finally:
            await stop_broker(broker)

    async def _places(self, consumer: AIOKafkaConsumer) -> Sequence[TopicPartition]:
        cluster = await consumer._client.fetch_all_metadata()  # what it knows by itself is only of assigned topics
        if not (numbers := cluster.partitions_for_topic(self.topic)):
            raise TopicAway(f"there is no topic {self.topic}")
        return [TopicPartition(self.topic, number) for number in sorted(numbers)]

    async def _offset(self, consumer: AIOKafkaConsumer, place: TopicPartition, mark: int, end: int) -> int:
        """Of a record at or before the first that lies behind the mark. Positions ascend, but for what was sent again
        late: halving may end there, and goes back to where that was sent first.
        """
        if not mark or not end:
            return 0
        consumer.assign([place])
        begin = await self._remembered(consumer, place, mark, end)
        low, high, had = begin, end, None
        while high - low > _NEAR:
            middle = (low + high) // 2
            position, record = await self._fact(consumer, place, middle)
            low, high, had = (middle, high, record) if position <= mark else (low, middle, had)
        return begin if had is None else max(begin, await first_sent(consumer, had))

    async def _remembered(self, consumer: AIOKafkaConsumer, place: TopicPartition, mark: int, end: int) -> int:
        """Where it was left; the beginning, if that is behind the mark, or the topic was made anew since."""
        if (known := self._reached.get(place)) is None or mark < known.position:
            return 0
        position, record = await self._fact(consumer, place, known.offset) if known.offset < end else (inf, None)
        if record is not None and (record.offset, position) == (known.offset, known.fact):
            return known.offset + 1
        self._reached.pop(place, None)
        return 0

    async def _fact(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, offset: int
    ) -> tuple[float, ConsumerRecord | None]:
        """The first at or after an offset, with its position; at infinity if none is near."""
        consumer.seek(place, offset)
        reader = Reader(self.source, frozenset())
        for record in (await consumer.getmany(place, timeout_ms=_WAIT_MS, max_records=10)).get(place, ()):
            read = reader.read(record.offset, place.partition, record.value, record.headers)
            if (position := _position(read)) is not None:
                return position, record
        return inf, None


def _position(read: Read) -> int | None:
    match read:
        case Placed():
            return read.recorded.position
        case Heedless():
            return read.position
        case _:
            return None


async def _open(consumer: AIOKafkaConsumer, ends: Offsets) -> Offsets:
    """Where those partitions stand that have not come to their ends."""
    stand = {place: await consumer.position(place) for place in ends}
    return {place: offset for place, offset in stand.items() if offset < ends[place]}


def _mark(marks: Marks, partition: int, partitions: int) -> int:
    newest = marks.eras[-1].marks
    return newest[partition] if len(newest) == partitions else marks.lowest


def _of(stretch: Stretch, tenant: str) -> Stretch:
    return stretch._replace(facts=[heard for heard in stretch.facts if heard.recorded.tenant == tenant])
