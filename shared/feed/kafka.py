"""The feed over Kafka: one FastStream batch subscriber per service worker, on the topics of all it hears."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared.core.event import source_of
from shared.feed.backoff import Backoff, rest
from shared.feed.batch import Take
from shared.feed.cloudevents import Reader
from shared.feed.consuming import consuming, stop_broker
from shared.feed.intake import Intake
from shared.feed.readable import Readable
from shared.store.database import is_transient

LONGEST_BACKOFF: Final = 30.0
_SETTINGS: Final[dict[str, Any]] = {
    "batch": True,
    "max_records": 1000,
    "batch_timeout_ms": 4,  # what came while it found nothing waits for it a second time
    "ack_policy": AckPolicy.MANUAL,
    "no_reply": True,
    "auto_offset_reset": "earliest",
    "max_partition_fetch_bytes": 4 * 1024 * 1024,
    "max_poll_interval_ms": int(LONGEST_BACKOFF * 1000) * 4,
    "isolation_level": "read_uncommitted",  # a transaction that somebody left open would hold up what follows it
}

log = structlog.get_logger()


class KafkaFeed:
    """`topics` are by source. `heard` are the names that somebody here hears, None for all: others only move `upto`."""

    def __init__(
        self,
        service: str,
        make_broker: Callable[[], KafkaBroker],
        topics: Mapping[str, str],
        *,
        heard: Collection[str] | None = None,
        group: str | None = None,
        look: float = 5.0,
        longest_backoff: float = LONGEST_BACKOFF,
    ) -> None:
        self._service, self._make_broker, self._topics = service, make_broker, topics
        self._heard, self._group, self._look = heard, group or service, look
        self._longest_backoff = min(longest_backoff, LONGEST_BACKOFF)
        self._intake: Intake | None = None
        self._unreachable: str | None = "the feed has not started"
        self._readable = Readable(look)

    @property
    def trouble(self) -> str | None:
        """Why it is not ready, in words; None if it is."""
        told = [self._unreachable, self._readable.trouble]
        if (intake := self._intake) is not None:
            told += [None if self._unreachable else intake.places.trouble, intake.failing, *intake.gaps.words]
        return "; ".join(words for words in told if words) or None

    async def run(self, take: Take) -> None:
        backoff = Backoff(longest=self._longest_backoff)
        while True:
            broker = self._make_broker()
            self._intake = intake = Intake(self._service, self._readers(), take, self._longest_backoff)
            try:
                await self._consume(broker, intake)
                backoff.reset()
            except (KafkaError, OSError) as error:
                self._unreachable = f"Kafka cannot be reached: {error!r}"
                log.warning("feed.begins_again", service=self._service, reason=repr(error))
            finally:
                await self._stop(intake, broker)
            await asyncio.sleep(backoff.next())

    async def _stop(self, intake: Intake, broker: KafkaBroker) -> None:
        try:
            await intake.stop()
        finally:
            await stop_broker(broker)

    def _readers(self) -> dict[str, Reader]:
        return {topic: Reader(source, self._heard_of(source)) for source, topic in self._topics.items()}

    def _heard_of(self, source: str) -> frozenset[str] | None:
        return None if self._heard is None else frozenset(name for name in self._heard if source_of(name) == source)

    async def _consume(self, broker: KafkaBroker, intake: Intake) -> None:
        """Reads the topics that are there. Returns when another one of ours has appeared."""
        await broker.connect()
        if not (there := await self._there(broker)):
            return
        how: dict[str, Any] = {"parser": _raw, "decoder": _undecoded, **_SETTINGS}
        subscriber = broker.subscriber(*there, group_id=self._group, listener=intake.places, **how)

        async def handle(records: Sequence[ConsumerRecord]) -> None:
            await intake.handle(subscriber.consumer, records)

        subscriber(handle)
        await broker.start()
        self._readable.watch(subscriber.consumer)
        while True:
            await rest(intake.places.given, self._look)
            self._readable.look()
            await self._compare(subscriber.consumer, intake)
            if (await self._look_for_topics(subscriber.consumer) or there) - there:
                return

    async def _compare(self, consumer: AIOKafkaConsumer, intake: Intake) -> None:
        """What failed is tried again at the next look; until then it is not ready."""
        intake.places.given.clear()
        if places := sorted(intake.places.uncompared or ()):
            try:
                async with asyncio.timeout(self._look):
                    committed = await consumer._coordinator.fetch_committed_offsets(places)
                await intake.compare(consumer, committed)
                intake.places.compared(places)
            except Exception as error:
                outage = is_transient(error) or isinstance(error, KafkaError)
                log.warning("feed.not_compared", service=self._service, reason=repr(error), exc_info=not outage)

    async def _there(self, broker: KafkaBroker) -> set[str]:
        async with consuming(broker) as consumer:
            return await self._look_for_topics(consumer) or set()

    async def _look_for_topics(self, consumer: AIOKafkaConsumer) -> set[str] | None:
        """Those of ours that are there. A consumer waits in silence for a broker that is away; readiness must not."""
        try:
            async with asyncio.timeout(self._look):
                there = {topic for topic in await consumer.topics() if topic in self._topics.values()}
        except (KafkaError, TimeoutError) as error:
            self._unreachable = f"Kafka does not answer: {error!r}"
            return None
        missing = sorted(set(self._topics.values()) - there)
        self._unreachable = f"there is no topic {', '.join(missing)}" if missing else None
        return there


async def _raw(records: Sequence[ConsumerRecord]) -> KafkaMessage:
    """FastStream's own parser decodes every header; one that is null loses it the whole batch."""
    return KafkaMessage(tuple(records), b"", consumer=FAKE_CONSUMER)


async def _undecoded(message: KafkaMessage) -> Sequence[ConsumerRecord]:
    return message.raw_message
