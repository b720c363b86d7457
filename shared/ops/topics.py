"""`luotsi topics`: the topics of the services, and who reads them how far."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from shared.ops.printing import AsJson, Failed, NotReachable, OneService, WrongUse, json_out, table

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

    from shared.ops.settings import Settings

commands = typer.Typer(help="Looks after the topics.", no_args_is_help=True)


@commands.command()
def create(service: OneService = None, as_json: AsJson = False) -> None:
    """Create the topics that are missing, as deploy/topics.yml says. What is there is never changed.

    Example: luotsi topics create
    """
    settings, plan = _settings(), _plan()
    options = {
        "num_partitions": settings.partitions or plan["partitions"],
        "replication_factor": settings.replication or plan["replication"],
        "configs": {name: _spelt(value) for name, value in plan["config"].items()},
    }
    with _broker(settings) as admin:
        there = set(admin.list_topics())
        missing = [topic for topic in _topics(settings, service) if topic not in there]
        if missing:
            admin.create_topics(dict.fromkeys(missing, options), wait_for_metadata=True)
    if as_json:
        json_out({"created": missing, "there": sorted(set(_topics(settings, service)) - set(missing))})
    else:
        typer.echo(f"created: {', '.join(missing)}" if missing else "all topics are there")


@commands.command()
def describe(service: OneService = None, as_json: AsJson = False) -> None:
    """Partitions, records and replicas of every topic. Exit code 1 when one is missing.

    Example: luotsi topics describe --service onboarding
    """
    settings = _settings()
    with _broker(settings) as admin:
        there, topics = set(admin.list_topics()), _topics(settings, service)
        missing = [topic for topic in topics if topic not in there]
        described = [_described(admin, one) for one in admin.describe_topics([t for t in topics if t in there])]
    if as_json:
        json_out({"topics": described, "missing": missing})
    else:
        _print(described)
    if missing:
        raise Failed(f"missing: {', '.join(missing)}; `luotsi topics create` makes them")


@commands.command()
def groups(service: OneService = None, as_json: AsJson = False) -> None:
    """The consumer groups of our topics, and how many records each has left to read.

    Offsets are a hint for tools: what has been applied is what the marks say (`luotsi status`).
    Example: luotsi topics groups
    """
    settings = _settings()
    with _broker(settings) as admin:
        found = list(_groups(admin, set(_topics(settings, service))))
    if as_json:
        json_out(found)
        return
    rows = [(one["group"], one["state"], one["members"], *part.values()) for one in found for part in one["read"]]
    table(("group", "state", "members", "topic", "partition", "offset", "end", "left"), rows)


def _settings() -> "Settings":
    from shared.ops.settings import load

    settings = load()
    if settings.kafka is None:
        raise WrongUse("LUOTSI_KAFKA: is needed to reach the topics")
    return settings


def _plan() -> dict[str, Any]:
    from pathlib import Path

    import shared

    path = Path(*shared.__path__).parent / "deploy" / "topics.yml"
    try:
        import yaml

        plan: dict[str, Any] = yaml.safe_load(path.read_text())
    except OSError as error:
        raise WrongUse(f"the plan of the topics cannot be read: {error}") from error
    return plan


def _spelt(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _topics(settings: "Settings", service: str | None) -> list[str]:
    """Those of the services that are installed here, and those they hear: they must be there, whoever writes them."""
    from shared.ops.found import services

    sources = {source for found in services(service) for source in found.sources}
    return [f"{settings.topic_prefix}{source}.events" for source in sorted(sources)]


@contextmanager
def _broker(settings: "Settings") -> "Iterator[KafkaAdminClient]":
    from kafka import KafkaAdminClient
    from kafka.errors import RetriableError

    servers = [server.strip() for server in str(settings.kafka).split(",")]
    try:
        admin = KafkaAdminClient(bootstrap_servers=servers, client_id="luotsi-ops", bootstrap_timeout_ms=10_000)
    except RetriableError as error:
        raise NotReachable(f"the broker at {settings.kafka} does not answer") from error
    try:
        yield admin
    except RetriableError as error:
        raise NotReachable(f"the broker at {settings.kafka}: {error}") from error
    finally:
        admin.close()


def _described(admin: "KafkaAdminClient", topic: dict[str, Any]) -> dict[str, Any]:
    from kafka.admin import OffsetSpec
    from kafka.structs import TopicPartition

    numbers = sorted(part["partition_index"] for part in topic["partitions"])
    places = [TopicPartition(topic["name"], number) for number in numbers]
    ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    by_number = {part["partition_index"]: part for part in topic["partitions"]}
    return {
        "topic": topic["name"],
        "partitions": [
            {
                "partition": place.partition,
                "records": ends[place].offset,
                "leader": by_number[place.partition]["leader_id"],
                "replicas": len(by_number[place.partition]["replica_nodes"]),
                "in_sync": len(by_number[place.partition]["isr_nodes"]),
            }
            for place in places
        ],
    }


def _print(described: list[dict[str, Any]]) -> None:
    rows = [(one["topic"], *part.values()) for one in described for part in one["partitions"]]
    table(("topic", "partition", "records", "leader", "replicas", "in sync"), rows)


def _groups(admin: "KafkaAdminClient", topics: set[str]) -> Iterator[dict[str, Any]]:
    from kafka.admin import OffsetSpec

    for group in sorted(one["group_id"] for one in admin.list_groups()):
        offsets = admin.list_group_offsets({group: None})[group]
        ours = {place: at.offset for place, at in sorted(offsets.items()) if place.topic in topics}
        if not ours:
            continue
        ends = admin.list_partition_offsets(dict.fromkeys(ours, OffsetSpec.LATEST))
        known = admin.describe_groups([group])[group]
        yield {
            "group": group,
            "state": known["group_state"],
            "members": len(known["members"]),
            "read": [
                {
                    "topic": place.topic,
                    "partition": place.partition,
                    "offset": offset,
                    "end": ends[place].offset,
                    "left": max(0, ends[place].offset - offset),
                }
                for place, offset in ours.items()
            ],
        }
