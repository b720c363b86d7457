"""What happens to the records of one call: read, handed on, their offsets committed; or read again later."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError

from shared.feed.assemble import Reached, assemble
from shared.feed.backoff import Backoff, rest
from shared.feed.batch import Batch, Gap, Take
from shared.feed.broker import GRACE_SECONDS
from shared.feed.cloudevents import Heedless, PassedOver, Reader
from shared.feed.commits import Commits
from shared.feed.gaps import Gaps
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
        self._again: dict[TopicPartition, int] = {}
        self.gaps = Gaps()
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
        again, self._again = self._again, {}
        sheaves = [sheaf for sheaf in sheaves if sheaf.place not in again or sheaf.first < again[sheaf.place]]
        self._taking = asyncio.create_task(self._take_in(consumer, sheaves))

    async def _take_in(self, consumer: AIOKafkaConsumer, sheaves: list[Sheaf]) -> None:
        try:
            await self._offer(consumer, sheaves)
        except Exception as error:
            await self._later(consumer, sheaves, error)
        else:
            self._done(sheaves)
            self._commits.add(consumer, {sheaf.place: sheaf.after for sheaf in sheaves})

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
        while batches := [batch for sheaf in sheaves for batch in sheaf.batches]:
            try:
                await self._take(batches)
                return
            except Gap as gap:
                place = TopicPartition(self._topics[gap.source], gap.partition)
                self._to_be_read_again(sheaf for sheaf in sheaves if sheaf.place == place)
                sheaves[:] = [sheaf for sheaf in sheaves if sheaf.place != place]
                self._missing(consumer, place, gap)

    def _missing(self, consumer: AIOKafkaConsumer, place: TopicPartition, gap: Gap) -> None:
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

    def _to_be_read_again(self, sheaves: Iterable[Sheaf]) -> None:
        """What was read ahead after one of these is out of turn: it comes again behind it."""
        self._again.update((sheaf.place, sheaf.after) for sheaf in sheaves)

    async def _later(self, consumer: AIOKafkaConsumer, sheaves: Sequence[Sheaf], error: Exception) -> None:
        self.failing = f"facts cannot be handled: {error!r}"
        pause = self._backoff.next()
        log.warning(
            "feed.backs_off", service=self._service, seconds=pause, reason=repr(error), exc_info=not is_transient(error)
        )
        self._to_be_read_again(sheaves)
        for sheaf in sheaves:
            try:
                consumer.seek(sheaf.place, sheaf.first)
            except IllegalStateError:  # a rebalance gave it to another worker: it reads from the last commit
                log.info("feed.partition_gone", topic=sheaf.place.topic, partition=sheaf.place.partition)
        await rest(self._stopping, pause)

    def _done(self, sheaves: Sequence[Sheaf]) -> None:
        self.failing = None
        self._backoff.reset()
        for sheaf in sheaves:
            source = self._readers[sheaf.place.topic].source
            for reason, count in sheaf.passed_over.items():
                metrics.PASSED_OVER.labels(self._service, source, reason).inc(count)
            for batch in sheaf.batches:
                self._reached[sheaf.place] = Reached(batch.partitions, batch.upto)
                self.gaps.passed(sheaf.place, batch.upto)
