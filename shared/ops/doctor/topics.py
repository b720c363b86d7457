"""The topics on the broker: that they are there, and keep what they get."""

from collections.abc import Iterator, Mapping

from shared.ops.doctor.finding import Finding
from shared.ops.printing import called
from shared.ops.settings import Settings
from shared.ops.topics import _broker, _topics

FOR_EVER = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}


def look(settings: Settings) -> Iterator[Finding]:
    from kafka.admin import ConfigResource, ConfigResourceType

    with _broker(settings) as admin:
        there = set(admin.list_topics())
        for topic in _topics(settings, None):
            if topic not in there:
                why = "facts wait in the store, and nobody else hears of them"
                yield Finding("error", topic, "the topic is missing", why, f"{called()} topics create")
                continue
            asked = ConfigResource(ConfigResourceType.TOPIC, topic, None)
            config = admin.describe_configs([asked], config_filter="all")["topic"][topic]
            yield from _kept(topic, {rule: known["value"] for rule, known in config.items()})


def _kept(topic: str, config: Mapping[str, str]) -> Iterator[Finding]:
    why = "facts that were to be kept for ever are lost"
    alter = f"kafka-configs.sh --alter --topic {topic} --add-config"
    for rule, value in FOR_EVER.items():
        if config[rule] != value:
            yield Finding("error", topic, f"{rule} is {config[rule]}", why, f"{alter} {rule}={value}")
