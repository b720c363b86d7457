"""Closing a consumer that is in trouble is not taken for the end of whoever closes it, and leaves nothing open."""

import asyncio
import gc

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared.feed.broker import make_broker
from shared.feed.consuming import consuming, stop_broker
from tests.parts.kafka import Kafka
from tests.parts.server import free_port
from tests.parts.waiting import becomes
from tests.shared.feed.topics import Topic


async def test_one_that_rests_after_a_failure_is_closed_whole(
    own_kafka: Kafka, topics: str, caplog: pytest.LogCaptureFixture
) -> None:
    topic = Topic(own_kafka.bootstrap, f"{topics}shop.events").create(1)
    broker = make_broker(own_kafka.bootstrap, "test", consumer_only=True)
    await broker.connect()
    place = TopicPartition(topic.name, 0)
    async with consuming(broker, retry_backoff_ms=60_000) as consumer:
        consumer.assign([place])
        consumer.seek(place, 0)
        await becomes(lambda: consumer._fetcher._in_flight)
        await asyncio.to_thread(own_kafka.kill)
        await becomes(lambda: "Failed fetch messages" in caplog.text)
    assert not any(connection.connected() for connection in consumer._client._conns.values())
    await stop_broker(broker)
    await asyncio.to_thread(own_kafka.start)


async def test_one_that_could_not_start_leaves_nothing_open(caplog: pytest.LogCaptureFixture) -> None:
    broker = make_broker(f"127.0.0.1:{free_port()}", "test", consumer_only=True)
    await broker.connect()
    with pytest.raises(KafkaConnectionError):
        async with consuming(broker):
            raise AssertionError("there is no broker")
    await stop_broker(broker)
    gc.collect()
    assert "Unclosed" not in caplog.text
