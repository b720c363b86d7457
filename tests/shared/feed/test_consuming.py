"""Closing a consumer that is in trouble is not taken for the end of whoever closes it, and leaves nothing open."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, UnknownError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.feed.broker import abandon, make_broker, producer_of
from shared.feed.consuming import consuming, stop, stop_broker
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


@pytest.mark.parametrize("close", [stop_broker, abandon])
async def test_whoever_is_stopped_while_it_closes_leaves_nothing_open(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch, close: Callable[[KafkaBroker], Coroutine[Any, Any, None]]
) -> None:
    broker = make_broker(kafka.bootstrap, "test")
    await broker.connect()
    producer, closing, goes_on = producer_of(broker), asyncio.Event(), asyncio.Event()
    disconnecting = broker.config.disconnect

    async def slowly() -> None:
        closing.set()
        await goes_on.wait()
        await disconnecting()

    monkeypatch.setattr(broker.config.broker_config, "disconnect", slowly)
    task = asyncio.create_task(close(broker))
    await closing.wait()
    task.cancel()
    await asyncio.sleep(0)
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert producer._closed
    assert not any(connection.connected() for connection in producer.client._conns.values())


@pytest.mark.parametrize("error", [asyncio.CancelledError, UnknownError, OSError])
async def test_however_a_consumer_ends_the_rest_of_its_broker_is_closed(
    kafka: Kafka, topics: str, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    topic = Topic(kafka.bootstrap, f"{topics}shop.events").create(1)
    broker = make_broker(kafka.bootstrap, "test")
    subscriber = broker.subscriber(topic.name, batch=True, ack_policy=AckPolicy.MANUAL)

    @subscriber
    async def never(records: object) -> None:
        raise AssertionError("nothing is sent here")

    await broker.start()
    producer, consumer = producer_of(broker), subscriber.consumer
    assert consumer is not None

    async def ends() -> None:
        raise error

    monkeypatch.setattr(consumer, "stop", ends)
    await stop_broker(broker)
    assert producer._closed
    assert consumer._fetcher._fetch_task.done()
    assert not any(connection.connected() for connection in consumer._client._conns.values())
    monkeypatch.undo()
    await stop(consumer)


async def test_one_that_could_not_start_leaves_nothing_open(caplog: pytest.LogCaptureFixture) -> None:
    broker = make_broker(f"127.0.0.1:{free_port()}", "test", consumer_only=True)
    await broker.connect()
    with pytest.raises(KafkaConnectionError):
        async with consuming(broker):
            raise AssertionError("there is no broker")
    await stop_broker(broker)
    gc.collect()
    assert "Unclosed" not in caplog.text
