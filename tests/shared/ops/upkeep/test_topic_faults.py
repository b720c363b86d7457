"""What `luotsi` finds wrong with topics, on a real broker."""

from shared.ops.settings import Settings
from shared.ops.topic_faults import faults
from tests.parts.kafka import Kafka
from tests.shared.feed.topics import Topic
from tests.shared.ops.commanding import answer


def test_topics_made_as_planned_lack_nothing_but_copies(kafka: Kafka, topics: str) -> None:
    settings = Settings(kafka=kafka.bootstrap, topic_prefix=topics)
    missing = faults(settings)
    assert {(found.level, found.rule) for found in missing if found.subject.startswith(topics)} == {("error", "there")}
    answer("topics", "create", kafka=kafka.bootstrap, topic_prefix=topics)
    ours = [found for found in faults(settings) if found.subject.startswith(topics)]
    assert {(found.level, found.rule) for found in ours} == {("warning", "min.insync.replicas")}
    assert len(ours) == len(missing)


def test_each_setting_that_loses_facts_is_named(kafka: Kafka, topics: str) -> None:
    settings = Settings(kafka=kafka.bootstrap, topic_prefix=topics)
    topic = Topic(kafka.bootstrap, f"{topics}onboarding.events").create(1)
    wrong = {
        "retention_ms": "604800000",
        "retention_bytes": "1000000",
        "cleanup_policy": "compact",
        "max_message_bytes": "1048588",
        "unclean_leader_election_enable": "true",
        "message_timestamp_type": "LogAppendTime",
        "message_timestamp_after_max_ms": "3600000",
    }
    topic.configure(**wrong)
    found = {one.rule: one for one in faults(settings, "onboarding") if one.subject == topic.name}
    assert set(found) == {name.replace("_", ".") for name in wrong} | {"min.insync.replicas"}
    assert found["retention.ms"].level == "error"
    assert "604800000" in found["retention.ms"].words
