"""`luotsi topics`: the topics of the services."""

from typing import TYPE_CHECKING, Any

import typer

from shared.ops.brokers import admin_of, kafka_settings, new_topic, topics_of
from shared.ops.printing import AsJson, Failed, OneService, json_out, table

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

commands = typer.Typer(help="Looks after the topics.", no_args_is_help=True)


@commands.command()
def create(service: OneService = None, as_json: AsJson = False) -> None:
    """Create the topics that are missing, as deploy/topics.yml says. What is there is never changed.

    Example: luotsi topics create
    """
    settings = kafka_settings()
    wanted = topics_of(settings, service)
    with admin_of(settings) as admin:
        there = set(admin.list_topics())
        missing = [topic for topic in wanted if topic not in there]
        created = [topic for topic in missing if _made(admin, topic, new_topic(settings))]
    if as_json:
        json_out({"created": created, "there": sorted(set(wanted) - set(created))})
    else:
        typer.echo(f"created: {', '.join(created)}" if created else "all topics are there")


def _made(admin: "KafkaAdminClient", topic: str, wanted: dict[str, Any]) -> bool:
    """False if somebody else was faster: every service makes the topics it hears, at the same time as the others."""
    from kafka.errors import TopicAlreadyExistsError

    try:
        admin.create_topics({topic: wanted}, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return False
    return True


@commands.command()
def describe(service: OneService = None, as_json: AsJson = False) -> None:
    """Partitions, records and replicas of every topic. Exit code 1 when one is missing.

    Example: luotsi topics describe --service onboarding
    """
    settings = kafka_settings()
    with admin_of(settings) as admin:
        there, topics = set(admin.list_topics()), topics_of(settings, service)
        missing = [topic for topic in topics if topic not in there]
        described = [_described(admin, one) for one in admin.describe_topics([t for t in topics if t in there])]
    if as_json:
        json_out({"topics": described, "missing": missing})
    else:
        _print(described)
    if missing:
        raise Failed(f"missing: {', '.join(missing)}; `luotsi topics create` makes them")


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
