"""The story over Kafka leaves what it leaves on the embedded platform."""

import sys
from pathlib import Path

import pytest

from services.onboarding.service import service
from shared.store.database import Database
from shared.store.store import EventStore
from tests.e2e import holding
from tests.e2e.story import Sight, Teller
from tests.parts.databases import at_once
from tests.parts.kafka import Kafka
from tests.shared.ops.commanding import luotsi
from tests.shared.ops.processes import SECRET, running

RUN = [sys.executable, "-m", "services.onboarding", "run"]


@pytest.mark.xdist_group("stories")
def test_the_story_over_kafka_leaves_the_same_rows(
    embedded_sight: Sight, database: str, kafka: Kafka, topics: str, tmp_path: Path
) -> None:
    wires = {"kafka": kafka.bootstrap, "topic_prefix": topics}
    created = luotsi("topics", "create", partitions="3", **wires)
    assert created.returncode == 0, created.stderr
    with running(RUN, tmp_path / "run.log", dsn=database, clock="movable", **wires) as process:
        process.wait_ready()
        assert at_once(Teller(process.url, SECRET).play()) == embedded_sight
        assert process.terminate() == 0
    at_once(everything_holds(database, kafka, f"{topics}onboarding.events"))


async def everything_holds(dsn: str, kafka: Kafka, topic: str) -> None:
    database = Database(dsn)
    try:
        facts = await holding.every_fact(EventStore(database, service.name))
        assert facts
        assert await holding.topic_holds(kafka.bootstrap, topic, facts) == 0
        await holding.rows_equal_a_fresh_fold(service, database, facts)
    finally:
        await database.close()
