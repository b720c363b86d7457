"""What happens to the records of one call: read, handed on, their offsets committed; or read again later."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError
from aiokafka.structs import OffsetAndMetadata

from shared.feed.assemble import Reached, assemble
from shared.feed.backoff import Backoff, rest
from shared.feed.batch import Batch, Gap, Take
from shared.feed.broker import GRACE_SECONDS
from shared.feed.cloudevents import Heedless, PassedOver, Reader
from shared.feed.commits import Commits
from shared.feed.gaps import Gaps
from shared.feed.places import Places
from shared.store.database import is_transient
from shared.telemetry import metrics

_place_of = attrgetter("topic", "partition")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sheaf:
    """The records of one partition in one call, from offset `first` to before `after`."""

    place: TopicPartition
    first: int
    after: int
    batches: Sequence[Batch]
    passed_over: Mapping[str, int]


class Intake:
    """`readers` are by topic. `failing` says why what came is not done with; None if it is.

    While the records of one call are with the listeners, those of the next are fetched and read: the one works while
    the other waits for its database.
    """

    def __init__(self, service: str, readers: Mapping[str, Reader], take: Take, longest_backoff: float) -> None:
        self._service, self._readers, self._take = service, readers, take
        self._topics = {reader.source: topic for topic, reader in readers.items()}
        self._reached: dict[TopicPartition, Reached] = {}
        self._backoff = Backoff(longest=longest_backoff)
        self._stopping = asyncio.Event()
        self._commits = Commits(service)
        self._taking: asyncio.Task[None] | None = None
        self._offering = asyncio.Lock()
        self.gaps, self.places = Gaps(), Places()
        self.failing: str | None = None

    async def stop(self) -> None:
        """Waits no longer; what was not done with comes again to whoever reads on."""
        self._stopping.set()
        if self._taking is not None:
            await asyncio.wait([self._taking], timeout=GRACE_SECONDS)
            self._taking.cancel()
            await asyncio.gather(self._taking, return_exceptions=True)
        await self._commits.close()

    async def handle(self, consumer: AIOKafkaConsumer, records: Sequence[ConsumerRecord]) -> None:
        """Returns once what came before is done with, or is to be read again."""
        sheaves = list(self._sheaves(consumer, records))
        if self._taking is not None:
            await asyncio.shield(self._taking)
        if self._stopping.is_set():
            return
        self._taking = asyncio.create_task(self._take_in(consumer, sheaves))

    async def _take_in(self, consumer: AIOKafkaConsumer, sheaves: list[Sheaf]) -> None:
        try:
            await self._offer(consumer, sheaves)
        except Exception as error:
            await self._later(consumer, sheaves, error)
        else:
            self._done(sheaves)
            offsets = {sheaf.place: self.places.offset(sheaf.place, sheaf.after) for sheaf in sheaves}
            self._commits.add(consumer, offsets)

    async def compare(self, consumer: AIOKafkaConsumer, committed: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Hands on how far the partitions that were given to us had been read: who lacks anything of it says so."""
        sheaves = []
        for place, reached in self.places.told(committed).items():
            self.gaps.forget(place)
            if reached is None:
                _seek(consumer, place, 0)
            else:
                source, offset = self._readers[place.topic].source, committed[place].offset
                batch = Batch(source, place.partition, reached.partitions, (), reached.upto, reached.upto)
                sheaves.append(Sheaf(place, offset - 1, offset, [batch], {}))
        await self._offer(consumer, sheaves)

    def _sheaves(self, consumer: AIOKafkaConsumer, records: Sequence[ConsumerRecord]) -> Iterator[Sheaf]:
        for (topic, partition), group in groupby(records, key=_place_of):
            place, reader, cut = TopicPartition(topic, partition), self._readers[topic], list(group)
            reads = [reader.read(one.offset, partition, one.value, one.headers) for one in cut]
            passed = Counter(read.reason for read in reads if isinstance(read, PassedOver))
            if unheard := sum(isinstance(read, Heedless) for read in reads):
                passed["unheard"] = unheard
            reached = self._reached.get(place) or Reached(len(consumer.partitions_for_topic(topic) or (0,)))
            batches = list(assemble(reader.source, partition, reads, reached))
            yield Sheaf(place, cut[0].offset, cut[-1].offset + 1, batches, passed)

    async def _offer(self, consumer: AIOKafkaConsumer, sheaves: list[Sheaf]) -> None:
        """What a gap is before leaves the list: its partition is read from elsewhere, or no more. The others go on."""
        async with self._offering:
            sheaves[:] = [sheaf for sheaf in sheaves if not self.places.overtaken(sheaf.place, sheaf.first)]
            while batches := [batch for sheaf in sheaves for batch in sheaf.batches]:
                try:
                    await self._take(batches)
                    return
                except Gap as gap:
                    place = TopicPartition(self._topics[gap.source], gap.partition)
                    (first,) = (sheaf.first for sheaf in sheaves if sheaf.place == place)
                    sheaves[:] = [sheaf for sheaf in sheaves if sheaf.place != place]
                    self._missing(consumer, place, first, gap)

    def _missing(self, consumer: AIOKafkaConsumer, place: TopicPartition, first: int, gap: Gap) -> None:
        self.places.begins_again(place, first)
        try:
            if self.gaps.again(place, gap):
                log.warning("feed.begins_again", service=self._service, topic=place.topic, reason=str(gap))
                consumer.seek(place, 0)
            else:
                log.critical("feed.partition_stopped", service=self._service, topic=place.topic, reason=str(gap))
                consumer.pause(place)
        except IllegalStateError:
            self.gaps.forget(place)
            log.info("feed.partition_gone", topic=place.topic, partition=place.partition)

    async def _later(self, consumer: AIOKafkaConsumer, sheaves: Sequence[Sheaf], error: Exception) -> None:
        self.failing = f"facts cannot be handled: {error!r}"
        pause = self._backoff.next()
        log.warning(
            "feed.backs_off", service=self._service, seconds=pause, reason=repr(error), exc_info=not is_transient(error)
        )
        for sheaf in sheaves:
            self.places.begins_again(sheaf.place, sheaf.first)
            _seek(consumer, sheaf.place, sheaf.first)
        await rest(self._stopping, pause)

    def _done(self, sheaves: Sequence[Sheaf]) -> None:
        self.failing = None
        self._backoff.reset()
        for sheaf in sheaves:
            source = self._readers[sheaf.place.topic].source
            for reason, count in sheaf.passed_over.items():
                metrics.PASSED_OVER.labels(self._service, source, reason).inc(count)
            for batch in sheaf.batches:
                self._reached[sheaf.place] = reached = Reached(batch.partitions, batch.upto)
                self.places.reached(sheaf.place, reached)
                self.gaps.passed(sheaf.place, batch.upto)


def _seek(consumer: AIOKafkaConsumer, place: TopicPartition, offset: int) -> None:
    try:
        consumer.seek(place, offset)
    except IllegalStateError:  # a rebalance gave it to another worker: it reads from the last commit
        log.info("feed.partition_gone", topic=place.topic, partition=place.partition)
