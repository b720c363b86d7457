"""`luotsi topics` on a real broker."""

import pytest
from kafka import KafkaAdminClient

from shared.ops import found
from tests.parts.kafka import Kafka
from tests.shared.ops.commanding import answer, luotsi


@pytest.fixture
def settings(kafka: Kafka, topics: str) -> dict[str, str]:
    return {"kafka": kafka.bootstrap, "topic_prefix": topics, "partitions": "3"}


def test_topics_are_created_once_as_the_plan_says(settings: dict[str, str]) -> None:
    heard = sorted({source for service in found.services() for source in service.sources})
    names = [f"{settings['topic_prefix']}{source}.events" for source in heard]
    assert luotsi("topics", "describe", **settings).returncode == 1
    assert answer("topics", "describe", **settings) == {"topics": [], "missing": names}
    assert answer("topics", "create", **settings) == {"created": names, "there": []}
    assert answer("topics", "create", **settings) == {"created": [], "there": names}
    described = answer("topics", "describe", **settings)["topics"]
    assert [topic["topic"] for topic in described] == names
    assert [part["partition"] for part in described[0]["partitions"]] == [0, 1, 2]
    assert {part["records"] for part in described[0]["partitions"]} == {0}


def test_two_that_create_the_same_topics_at_once_both_succeed(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = answer("topics", "create", **settings)["created"]
    monkeypatch.setattr(KafkaAdminClient, "list_topics", lambda _: [])  # what the slower one has seen
    assert answer("topics", "create", **settings) == {"created": [], "there": names}


def test_a_broker_that_does_not_answer_is_exit_code_3() -> None:
    ran = luotsi("topics", "describe", kafka="127.0.0.1:1")
    assert ran.returncode == 3
    assert "127.0.0.1:1 does not answer" in ran.stderr


def test_without_a_broker_set_it_is_wrong_use() -> None:
    ran = luotsi("topics", "create")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "LUOTSI_KAFKA" in ran.stderr
