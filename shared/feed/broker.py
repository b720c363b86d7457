"""FastStream's broker with the settings of the platform, and the producer it holds."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaBroker
from faststream.kafka.publisher.producer import AioKafkaFastProducerImpl
from faststream.security import BaseSecurity

from shared.feed.closing import closed

BATCH_BYTES: Final = 1024 * 1024  # a fact that is larger goes alone: the topics take 2 MiB
METADATA_SECONDS: Final = 10  # topics that are made later are found after it
REQUEST_SECONDS: Final = 15.0
GRACE_SECONDS: Final = 15.0

logger = logging.getLogger("luotsi.kafka")


class _Producer(AioKafkaFastProducerImpl):
    """FastStream leaves a producer open that could not start."""

    __slots__ = ()

    async def connect(self, producer: AIOKafkaProducer, *args: Any, **kwargs: Any) -> None:
        try:
            await super().connect(producer, *args, **kwargs)
        except BaseException:
            await producer.stop()
            raise

    @property
    def aiokafka(self) -> AIOKafkaProducer:
        return self._producer.producer


def make_broker(
    bootstrap: str,
    client_id: str,
    *,
    consumer_only: bool = False,
    security: BaseSecurity | None = None,
    middlewares: Sequence[Any] = (),
) -> KafkaBroker:
    broker = KafkaBroker(
        bootstrap,
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        max_batch_size=BATCH_BYTES,
        request_timeout_ms=int(REQUEST_SECONDS * 1000),
        metadata_max_age_ms=METADATA_SECONDS * 1000,
        consumer_only=consumer_only,
        allow_auto_create_topics=False,
        apply_types=False,
        graceful_timeout=GRACE_SECONDS,
        security=security,
        middlewares=middlewares,
        logger=logger,
        log_level=logging.DEBUG,  # of what it says of every batch, twice; errors stay errors
    )
    if not consumer_only:
        broker.config.broker_config.producer = _Producer(None, None)
    return broker


def producer_of(broker: KafkaBroker) -> AIOKafkaProducer:
    """What a connected broker sends with: its own publishing knows neither partitions nor headers per record."""
    assert isinstance(broker.config.producer, _Producer)
    return broker.config.producer.aiokafka


async def abandon(broker: KafkaBroker) -> None:
    """Closes it without sending what it still holds: an idempotent producer tries for ever, and closing waits."""
    await closed(_abandon(broker))


async def _abandon(broker: KafkaBroker) -> None:
    if broker.config.producer:
        producer = producer_of(broker)
        await producer._sender.close()
        producer._message_accumulator._batches.clear()
        producer._message_accumulator._pending_batches.clear()
    await broker.stop()
