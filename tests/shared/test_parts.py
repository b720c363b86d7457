"""The servers that all other tests stand on."""

from urllib.parse import urlsplit

import asyncpg
from kafka.admin import KafkaAdminClient, NewTopic

from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres


async def _value(dsn: str, sql: str) -> object:
    db = await asyncpg.connect(dsn)
    try:
        return await db.fetchval(sql)
    finally:
        await db.close()


async def test_every_test_gets_a_database_that_keeps_what_it_commits(database: str) -> None:
    assert await _value(database, "show fsync") == "on"
    assert await _value(database, "select current_database()") == urlsplit(database).path[1:]


async def test_a_postgresql_of_ones_own_comes_back_with_its_data(own_postgres: Postgres) -> None:
    await _value(own_postgres.dsn, "create table if not exists kept (n int)")
    own_postgres.kill()
    own_postgres.start()
    own_postgres.restart()
    assert await _value(own_postgres.dsn, "select count(*) from kept") == 0


def _topics(kafka: Kafka) -> set[str]:
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        return set(admin.list_topics())
    finally:
        admin.close()


def _create(kafka: Kafka, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        admin.create_topics([NewTopic(topic, 3, 1)])
    finally:
        admin.close()


def test_topics_live_on_the_shared_broker(kafka: Kafka, topics: str) -> None:
    _create(kafka, f"{topics}events")
    assert f"{topics}events" in _topics(kafka)


def test_a_broker_of_ones_own_comes_back_with_its_topics(own_kafka: Kafka, topics: str) -> None:
    _create(own_kafka, f"{topics}events")
    own_kafka.stop()
    own_kafka.start()
    assert f"{topics}events" in _topics(own_kafka)


async def test_every_test_gets_the_kits_tables(database: str) -> None:
    assert await _value(database, "select to_regclass('facts') is not null")
