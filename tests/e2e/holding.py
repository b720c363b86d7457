"""What must hold when the dust has settled: store, topic and rows say the same, each fact once."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.core.event import Recorded
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.feed.cloudevents import key_of, partition_of
from shared.listen.builds import Builds
from shared.listen.tables import RowTable
from shared.run.standing import standing
from shared.store.database import Database
from shared.store.store import EventStore


async def settled(service: str, database: Database) -> None:
    """Returns when the topic and every listener have all there is."""
    while True:
        now = await standing(service, {service: database})
        own = [heard for heard in now.listeners if heard.source == service]
        if now.relay and now.relay.lag.facts == 0 and own and all(heard.lag.facts == 0 for heard in own):
            return
        await asyncio.sleep(0.1)


@dataclass(frozen=True)
class Held:
    """All facts in order, how many records were sent again, and how many rows each read model has."""

    facts: Sequence[Recorded]
    repeats: int
    sizes: Counter[str]


async def everything(
    service: Service, database: Database, bootstrap: str, topic: str, answered: Mapping[UUID, Sequence[str]]
) -> Held:
    """Every answered command's facts are in store, topic and rows, once."""
    facts = await every_fact(EventStore(database, service.name))
    await commands_have_one_effect(database, answered)
    repeats = await topic_holds(bootstrap, topic, facts)
    return Held(facts, repeats, await rows_equal_a_fresh_fold(service, database, facts))


async def every_fact(store: EventStore) -> list[Recorded]:
    facts: list[Recorded] = []
    while batch := await store.read(facts[-1].position if facts else 0, limit=5000):
        facts += batch
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
    return facts


async def commands_have_one_effect(database: Database, answered: Mapping[UUID, Sequence[str]]) -> None:
    """Every receipt that was given names exactly the facts that its command id has in the store."""
    async with database.driver() as driver:
        rows = await driver.fetch(
            "select command_id, name from facts where actor not like 'policy:%' order by position"
        )
    stored: dict[UUID, list[str]] = {}
    for command_id, name in rows:
        stored.setdefault(command_id, []).append(name)
    for command_id, names in answered.items():
        assert stored.pop(command_id, []) == list(names), command_id
    assert stored == {}, "facts of commands that nobody asked"


async def topic_holds(bootstrap: str, topic: str, facts: Sequence[Recorded]) -> int:
    """Every fact is on its partition, in order, and what was sent twice is the same record twice. Counts repeats."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        await consumer._client.force_metadata_update()
        await consumer.topics()
        places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        found = {place.partition: await _records(consumer, place) for place in places}
    finally:
        await consumer.stop()
    expected: dict[int, list[int]] = {place.partition: [] for place in places}
    for fact in facts:
        expected[partition_of(key_of(fact.tenant, fact.stream), len(places))].append(fact.position)
    for partition, records in found.items():
        assert list(dict.fromkeys(number for number, _ in records)) == expected[partition]
        assert len(set(records)) == len(expected[partition]), "a fact was sent again as another record"
    return sum(len(records) for records in found.values()) - len(facts)


async def _records(consumer: AIOKafkaConsumer, place: TopicPartition) -> list[tuple[int, Any]]:
    end, records = (await consumer.end_offsets([place]))[place], []
    while await consumer.position(place) < end:
        for record in (await consumer.getmany(place, timeout_ms=500)).get(place, []):
            sequence = int(dict(record.headers)["ce_sequence"])
            records.append((sequence, (record.key, record.value, tuple(record.headers))))
    return records


async def rows_equal_a_fresh_fold(service: Service, database: Database, facts: Sequence[Recorded]) -> Counter[str]:
    """How many rows each read model has."""
    sizes: Counter[str] = Counter()
    for model in service.read_models:
        build = await Builds(database).live(model)
        for table, rows in zip(build.tables, _folded(service, model, facts), strict=True):
            await _compare(database, table, rows)
            sizes[model.name] += len(rows)
    return sizes


def _folded(service: Service, model: ReadModel, facts: Sequence[Recorded]) -> list[dict[Any, Any]]:
    tables: list[dict[Any, Any]] = [{} for _ in model.rows]
    for fact in facts:
        if fact.name not in model.events:
            continue
        event = service.known[fact.name].model_validate_json(fact.data)
        for kind, rows in zip(model.rows, tables, strict=True):
            for key in kind.keys(event, fact) if fact.name in kind.events else ():
                rows[fact.tenant, *key] = kind.fold(rows.get((fact.tenant, *key)), event, fact)
    return [{key: row for key, row in rows.items() if row is not None} for rows in tables]


async def _compare(database: Database, table: RowTable, rows: Mapping[Any, Any]) -> None:
    keys = list(rows)
    async with database.driver() as driver:
        loaded = await table.load(driver, keys)
        count = await driver.fetchval(f'select count(*) from readmodels."{table.name}"')
    differing = [key for key, row in zip(keys, loaded, strict=True) if row != rows[key]]
    assert (differing, count) == ([], len(rows)), table.name
