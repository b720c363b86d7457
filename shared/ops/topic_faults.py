"""What is wrong with the topics and their broker: whatever could lose a fact, refuse one, or stop the relay one day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from shared.ops import brokers

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

    from shared.ops.settings import Settings

_LARGEST = 2 * 1024 * 1024
_DEFAULT_AHEAD = 3_600_000


@dataclass(frozen=True, slots=True)
class TopicFault:
    """An error can lose facts or stop them on their way; a warning is what production should not have."""

    level: Literal["error", "warning"]
    subject: str
    rule: str
    words: str


def faults(settings: "Settings", service: str | None = None) -> list[TopicFault]:
    """Of the topics of all services here, or of one, and of the broker. Raises NotReachable."""
    wanted = brokers.topics_of(settings, service)
    with brokers.admin_of(settings) as admin:
        known = set(admin.list_topics())
        there = [topic for topic in wanted if topic in known]
        found = [_missing(topic) for topic in wanted if topic not in there]
        configs = _configs(admin, there)
        for topic in admin.describe_topics(there) if there else ():
            found += _of_config(topic["name"], configs[topic["name"]])
            found += _of_copies(topic, int(configs[topic["name"]]["min.insync.replicas"]))
        found += _of_broker(admin)
    return found


def _missing(topic: str) -> TopicFault:
    return TopicFault("error", topic, "there", "is missing: `luotsi topics create` makes it")


def _of_config(topic: str, config: Mapping[str, str]) -> Iterator[TopicFault]:
    def found(level: Literal["error", "warning"], rule: str, words: str) -> TopicFault:
        return TopicFault(level, topic, rule, f"{rule} is {config[rule]}: {words}")

    if config["cleanup.policy"] != "delete":
        yield found("error", "cleanup.policy", "compaction deletes facts; it must be delete")
    for rule in ("retention.ms", "retention.bytes"):
        if config[rule] != "-1":
            yield found("error", rule, "facts are kept for ever; it must be -1")
    if int(config["max.message.bytes"]) < _LARGEST:
        yield found("error", "max.message.bytes", f"a large fact would stop the relay; it must be {_LARGEST} or more")
    if config["unclean.leader.election.enable"] == "true":
        yield found("error", "unclean.leader.election.enable", "acknowledged facts may be lost; it must be false")
    if config["message.timestamp.type"] != "CreateTime":
        yield found("warning", "message.timestamp.type", "times of records are then not those of the facts")
    if int(config.get("message.timestamp.after.max.ms", _LARGEST * _LARGEST)) <= _DEFAULT_AHEAD:
        yield found("warning", "message.timestamp.after.max.ms", "a database clock that is ahead stops the relay")


def _of_copies(topic: Mapping[str, Any], least: int) -> Iterator[TopicFault]:
    name, parts = topic["name"], topic["partitions"]
    copies = min(len(part["replica_nodes"]) for part in parts)
    if copies < 2 or least < 2:
        words = f"{copies} copies of which {least} must have a fact: production needs 3, and min.insync.replicas 2"
        yield TopicFault("warning", name, "min.insync.replicas", words)
    elif least >= copies:
        words = f"{least} of {copies} copies must have a fact: one broker away stops the relay"
        yield TopicFault("warning", name, "min.insync.replicas", words)
    for part in parts:
        number, in_sync = part["partition_index"], len(part["isr_nodes"])
        if part["leader_id"] < 0:
            yield TopicFault("error", name, "leader", f"partition {number} has no leader")
        elif in_sync < len(part["replica_nodes"]):
            words = f"partition {number} has {in_sync} of {len(part['replica_nodes'])} copies in sync"
            yield TopicFault("error" if in_sync < least else "warning", name, "in sync", words)


def _of_broker(admin: "KafkaAdminClient") -> Iterator[TopicFault]:
    from kafka.admin import ConfigResource, ConfigResourceType

    for broker in admin.describe_cluster()["brokers"]:
        number = str(broker.get("broker_id", broker.get("node_id")))
        wanted = ConfigResource(ConfigResourceType.BROKER, number, {"auto.create.topics.enable": None})
        described = admin.describe_configs([wanted], config_filter="all")
        if described["broker"][number]["auto.create.topics.enable"]["value"] == "true":
            words = "auto.create.topics.enable is true: a misspelt topic comes to be, with settings that lose facts"
            yield TopicFault("warning", f"broker {number}", "auto.create.topics.enable", words)


def _configs(admin: "KafkaAdminClient", topics: list[str]) -> dict[str, dict[str, str]]:
    from kafka.admin import ConfigResource, ConfigResourceType

    if not topics:
        return {}
    wanted = [ConfigResource(ConfigResourceType.TOPIC, topic, None) for topic in topics]
    described = admin.describe_configs(wanted, config_filter="all")["topic"]
    return {topic: {rule: known["value"] for rule, known in config.items()} for topic, config in described.items()}
