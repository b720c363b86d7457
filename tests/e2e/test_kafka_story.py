"""The story over Kafka leaves what it leaves on the embedded platform: a process for each service."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.core.event import source_of
from shared.core.service import Service
from shared.ops.found import services
from shared.store.database import Database
from shared.store.store import EventStore
from tests.e2e import holding
from tests.e2e.apart import Place
from tests.e2e.story import Sight, Teller
from tests.parts import databases
from tests.parts.databases import at_once
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres
from tests.shared.ops.commanding import luotsi
from tests.shared.ops.processes import SECRET, running


@pytest.fixture
def dsns(postgres: Postgres, template: str) -> Iterator[dict[str, str]]:
    with ExitStack() as made:
        yield {one.name: made.enter_context(databases.fresh(postgres.dsn, template)) for one in services()}


@pytest.mark.xdist_group("stories")
def test_the_story_over_kafka_leaves_the_same_rows(
    embedded_sight: Sight, dsns: dict[str, str], kafka: Kafka, topics: str, tmp_path: Path
) -> None:
    wires = {"kafka": kafka.bootstrap, "topic_prefix": topics}
    created = luotsi("topics", "create", partitions="3", **wires)
    assert created.returncode == 0, created.stderr
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(running(command(name), tmp_path / name, dsn=dsn, clock="movable", **wires))
            for name, dsn in dsns.items()
        }
        for process in processes.values():
            process.wait_ready()
        places = [Place(name, process.url, dsns[name]) for name, process in reversed(processes.items())]
        assert at_once(Teller("http://platform", SECRET, places).play()) == embedded_sight
        assert [process.terminate() for process in processes.values()] == [0] * len(processes)
    for service in services():
        at_once(everything_holds(service, dsns[service.name], kafka, f"{topics}{service.name}.events"))


def command(service: str) -> list[str]:
    return [sys.executable, "-m", f"services.{service}", "run"]


async def everything_holds(service: Service, dsn: str, kafka: Kafka, topic: str) -> None:
    database = Database(dsn)
    try:
        facts = await holding.every_fact(EventStore(database, service.name))
        assert facts
        assert await holding.topic_holds(kafka.bootstrap, topic, facts) == 0
        if _hears_itself_alone(service):
            await holding.rows_equal_a_fresh_fold(service, database, facts)
    finally:
        await database.close()


def _hears_itself_alone(service: Service) -> bool:
    """Its rows, that is: they can be folded afresh from its own facts."""
    return {source_of(name) for model in service.read_models for name in model.events} == {service.name}
