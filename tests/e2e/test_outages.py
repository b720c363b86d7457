"""A server goes away under load and comes back: what was accepted arrives everywhere, exactly once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from services.onboarding.service import service
from shared.migrations.migrate import migrate
from shared.store.database import Database
from shared.web.tokens import Tokens
from tests.e2e import holding
from tests.e2e.crew import Crew
from tests.e2e.hires import Clients
from tests.e2e.nursery import Nursery
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres
from tests.shared.feed.topics import Topic

SECRET = "a secret of the outage tests, long enough"
CLIENTS, PARTITIONS = 3, 3
LOAD = 200  # commands that are answered before, between and after the troubles
A_MINUTE = 60.0

Outage = Callable[[Crew, Clients], Coroutine[Any, Any, None]]


class Place:
    """Where it happens: a database with the kit's tables, a broker with the topics."""

    def __init__(self, dsn: str, kafka: Kafka, topics: str) -> None:
        self.database, self.kafka, self.topics = Database(dsn), kafka, topics
        self.env = {
            "LUOTSI_DSN": dsn, "LUOTSI_KAFKA": kafka.bootstrap, "LUOTSI_TOPIC_PREFIX": topics,
            "LUOTSI_TOKEN_SECRET": SECRET, "LUOTSI_LOG_FORMAT": "json",
        }  # fmt: skip

    async def survives(self, outage: Outage, logs: Path) -> Clients:
        """The load goes on for as long as the outage takes, and everything is there afterwards."""
        for source in service.sources:
            Topic(self.kafka.bootstrap, f"{self.topics}{source}.events").create(PARTITIONS)
        async with _crew(self.env, logs) as crew:
            clients = Clients([crew.api], Tokens(secret=SECRET).issue("hanna", "org", ["H"]))
            await clients.play_all(CLIENTS, until=asyncio.create_task(outage(crew, clients)))
            async with asyncio.timeout(60):
                await holding.settled(service.name, self.database)
            await asyncio.to_thread(crew.wait_until_ready)
            assert crew.lives()
        await self._holds(clients)
        return clients

    async def _holds(self, clients: Clients) -> None:
        topic = f"{self.topics}{service.name}.events"
        answered = clients.answered
        held = await holding.everything(service, self.database, self.kafka.bootstrap, topic, answered.facts)
        assert held.sizes["people"] > 0
        print(f"{len(held.facts)} facts, {answered.again} asked again, {held.repeats} sent again")


@asynccontextmanager
async def _crew(env: dict[str, str], logs: Path) -> AsyncIterator[Crew]:
    nursery = Nursery(service.name)
    try:
        crew = Crew(nursery, env, logs)
        await asyncio.to_thread(crew.wait_until_ready)
        yield crew
    finally:
        nursery.close()


async def _more(clients: Clients) -> None:
    await clients.answered.more_than(len(clients.answered.facts) + LOAD)


async def test_a_minute_without_kafka(database: str, own_kafka: Kafka, topics: str, tmp_path: Path) -> None:
    async def outage(crew: Crew, clients: Clients) -> None:
        await _more(clients)
        await asyncio.to_thread(own_kafka.stop)
        before = len(clients.answered.facts)
        await asyncio.sleep(A_MINUTE)
        accepted = len(clients.answered.facts) - before
        ready = await asyncio.to_thread(crew.ready)
        await asyncio.to_thread(own_kafka.start)
        assert accepted > LOAD
        assert ready == {"api": True, "relay": False, "worker": False}
        await _more(clients)

    place = Place(database, own_kafka, topics)
    try:
        clients = await place.survives(outage, tmp_path)
    finally:
        await place.database.close()
    assert clients.answered.again == 0, "a command was not accepted while the broker was away"


async def test_postgres_restarted_and_without_power(
    own_postgres: Postgres, own_database: str, kafka: Kafka, topics: str, tmp_path: Path
) -> None:
    def lose_power() -> None:
        own_postgres.kill()
        own_postgres.start()

    async def outage(crew: Crew, clients: Clients) -> None:
        begun = {await _begun(own_database)}
        for trouble in (own_postgres.restart, lose_power):
            await _more(clients)
            await asyncio.to_thread(trouble)
            begun.add(await _begun(own_database))
        await _more(clients)
        assert len(begun) == 3, "PostgreSQL was never away"

    await migrate(make_url(own_database).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False))
    place = Place(own_database, kafka, topics)
    try:
        await place.survives(outage, tmp_path)
    finally:
        await place.database.close()


async def _begun(dsn: str) -> datetime:
    driver = await asyncpg.connect(dsn)
    try:
        begun: datetime = await driver.fetchval("select pg_postmaster_start_time()")
    finally:
        await driver.close()
    return begun
