"""Reaching the broker as an operator: which topics are ours, how they are meant to be, and Kafka's admin client."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from logging import NullHandler, getLogger
from typing import TYPE_CHECKING, Any

from shared.ops.printing import NotReachable, WrongUse

if TYPE_CHECKING:
    from faststream.kafka import KafkaBroker
    from kafka import KafkaAdminClient

    from shared.ops.settings import Settings


def kafka_settings() -> "Settings":
    from shared.ops.settings import load

    settings = load()
    if settings.kafka is None:
        raise WrongUse("LUOTSI_KAFKA: is needed to reach the topics")
    return settings


def plan() -> dict[str, Any]:
    """deploy/topics.yml: partitions, replication and config of a topic that is made."""
    from pathlib import Path

    import shared

    path = Path(*shared.__path__).parent / "deploy" / "topics.yml"
    try:
        import yaml

        found: dict[str, Any] = yaml.safe_load(path.read_text())
    except OSError as error:
        raise WrongUse(f"the plan of the topics cannot be read: {error}") from error
    return {**found, "config": {name: _spelt(value) for name, value in found["config"].items()}}


def _spelt(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def topics_of(settings: "Settings", service: str | None) -> list[str]:
    """Those of the services that are installed here, and those they hear: they must be there, whoever writes them."""
    from shared.ops.found import services

    sources = {source for found in services(service) for source in found.sources}
    return [settings.topic_of(source) for source in sorted(sources)]


def new_topic(settings: "Settings", partitions: int | None = None) -> dict[str, Any]:
    """What a topic is made with: the plan, and what the settings say otherwise."""
    planned = plan()
    return {
        "num_partitions": partitions or settings.partitions or planned["partitions"],
        "replication_factor": settings.replication or planned["replication"],
        "configs": planned["config"],
    }


@contextmanager
def own_topics(settings: "Settings") -> "Iterator[None]":
    """Topics that are there for as long as this lasts: nobody else has this prefix."""
    from shared.ops.found import names

    topics = [settings.topic_of(name) for name in names()]
    with admin_of(settings) as admin:
        admin.create_topics(dict.fromkeys(topics, new_topic(settings)), wait_for_metadata=True)
    try:
        yield
    finally:
        with admin_of(settings) as admin:
            admin.delete_topics(topics)


@contextmanager
def admin_of(settings: "Settings") -> "Iterator[KafkaAdminClient]":
    from kafka import KafkaAdminClient
    from kafka.errors import RetriableError

    servers = [server.strip() for server in str(settings.kafka).split(",")]
    try:
        admin = KafkaAdminClient(bootstrap_servers=servers, client_id="luotsi-ops", bootstrap_timeout_ms=10_000)
    except RetriableError as error:
        raise _silent(settings) from error
    try:
        yield admin
    except RetriableError as error:
        raise away(settings, error) from error
    finally:
        admin.close()


@asynccontextmanager
async def connected(settings: "Settings", *, sending: bool = False) -> "AsyncIterator[KafkaBroker]":
    """A broker to read from, and to send with if that is wanted; what was not sent by the end is dropped."""
    from aiokafka.errors import KafkaError

    from shared.feed.broker import abandon, make_broker
    from shared.feed.consuming import consuming, stop_broker

    broker = make_broker(str(settings.kafka), "luotsi-ops", consumer_only=not sending)
    try:
        with said_by_us_alone():
            await broker.connect()
            async with consuming(broker):  # connects to nothing by itself if it does not send
                pass
        yield broker
    except KafkaError as error:  # an OSError is of whatever else is asked meanwhile, as a database
        raise away(settings, error) from error
    finally:
        await (abandon(broker) if sending else stop_broker(broker))


@contextmanager
def said_by_us_alone() -> "Iterator[None]":
    """The Kafka client logs each server that it cannot connect to; without a handler that would go to stderr."""
    logger, handler = getLogger("aiokafka"), NullHandler()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def away(settings: "Settings", error: BaseException) -> NotReachable:
    """In the same words whichever client noticed."""
    from aiokafka.errors import KafkaConnectionError

    if isinstance(error, KafkaConnectionError) or isinstance(error.__cause__, KafkaConnectionError):
        return _silent(settings)
    return NotReachable(f"the broker at {settings.kafka}: {error}")


def _silent(settings: "Settings") -> NotReachable:
    return NotReachable(f"the broker at {settings.kafka} does not answer")
