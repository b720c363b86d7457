"""Consumers of no group, for whoever looks a topic over; and how a consumer is closed whatever became of it."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker

from shared.feed.closing import closed

log = structlog.get_logger()

CREATE_TIME: Final = 0  # the type of a record's time that is the one it was sent with


@asynccontextmanager
async def consuming(broker: KafkaBroker, **settings: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """`broker` is connected, or known by its settings alone. Closed even if it could not start."""
    consumer = broker.config.builder(group_id=None, enable_auto_commit=False, **settings)
    try:
        await consumer.start()
        yield consumer
    finally:
        await stop(consumer)


async def first_sent(consumer: AIOKafkaConsumer, record: ConsumerRecord) -> int:
    """An offset at or before that of the first record with the same fact: sent again, it has the time that it had.

    So nothing that follows the fact in its partition lies before this offset: it was sent behind the first one.
    """
    if record.timestamp_type != CREATE_TIME:
        return 0
    place = TopicPartition(record.topic, record.partition)
    found = (await consumer.offsets_for_times({place: record.timestamp}))[place]
    return int(found.offset) if found else 0


async def stop(consumer: AIOKafkaConsumer) -> None:
    await _closed(consumer.stop(), [consumer])


async def stop_broker(broker: KafkaBroker) -> None:
    """Its producer is closed too, if it has one, whatever became of its consumers."""
    consumers = [found for each in broker.subscribers if (found := getattr(each, "consumer", None))]
    try:
        await _closed(broker.stop(), consumers)
    finally:
        await broker.config.disconnect()


async def _closed(closing: Coroutine[Any, Any, None], consumers: list[AIOKafkaConsumer]) -> None:
    """A consumer cancels its requests and awaits them: one that rests after a failure answers as if we were cancelled,
    one that had failed with what it failed with, and connections stay open.
    """
    try:
        await closed(closing)
    except Exception as error:
        log.warning("consumer.failed", reason=repr(error))
    finally:
        for consumer in consumers:
            left = [consumer._fetcher.close()] if consumer._fetcher else []
            await asyncio.gather(*left, return_exceptions=True)
            await consumer._client.close()
