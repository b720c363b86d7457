"""What a Kafka feed makes of topics that hold more, less or other than they should."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from prometheus_client import REGISTRY

from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.hearing import Feeding, hearing, written
from tests.shared.feed.ledger import Ledger
from tests.shared.feed.topics import Topic


@pytest.fixture
def feeding(topic: Topic, topics: str) -> Feeding:
    return hearing(topic, topics)


def passed_over(reason: str) -> float:
    labels = {"service": "ledger", "source": "shop", "reason": reason}
    return REGISTRY.get_sample_value("luotsi_passed_over_total", labels) or 0.0


async def test_strange_records_neither_stop_nor_hide_a_fact(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding
) -> None:
    topic.create(1)
    await append.facts(30)
    records = await written(store, 1)
    ours = records[0][1].headers
    strange: Sequence[dict[str, Any]] = [
        {"value": b"{}", "key": b"k", "headers": [("x", None), ("ce_source", None)]},
        {"value": None, "key": b"k"},
        {"value": b'{"source": "/luotsi/shop"}', "headers": [("content-type", b"application/cloudevents+json")]},
        {"value": b"\xff\xfe", "headers": [("reply_to", b"\xff"), ("correlation_id", b"\xff")]},
        {"value": b"{}", "headers": [("ce_source", b"/elsewhere"), ("ce_id", b"1")]},
        {"value": b"{}", "headers": [("ce_source", b"/luotsi/shop"), ("ce_type", b"\xff\xfe")]},
        {"value": b"{}", "headers": [header for header in ours if header[0] != "ce_id"]},
        {"value": b"{}", "headers": [(name, None if name == "ce_tenant" else value) for name, value in ours]},
        {"value": None, "key": b"k", "headers": ours},
    ]
    before = {reason: passed_over(reason) for reason in ("foreign", "tombstone", "structured")}
    mixed: list[tuple[int, Any]] = []
    for number, record in enumerate(records):
        mixed += [(0, strange[number % len(strange)]), record]
    await topic.write(mixed)
    ledger = Ledger()
    async with feeding(ledger):
        await becomes(lambda: len(ledger.taken) == 30 and len(ledger.broken) == 12)
        await becomes(lambda: passed_over("foreign") - before["foreign"] == 10)
        assert passed_over("tombstone") - before["tombstone"] == 4
        assert passed_over("structured") - before["structured"] == 4
    ledger.proves(await store.read(0))
    assert len({broken.offset for broken in ledger.broken}) == 12


async def test_a_broken_record_alone_on_its_partition_arrives(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding
) -> None:
    topic.create(2)
    await topic.write([(1, {"value": b"{}", "headers": [("ce_source", b"/luotsi/shop")]})])
    ledger = Ledger()
    async with feeding(ledger):
        await becomes(lambda: ledger.broken)
        assert [(batch.partition, batch.partitions, batch.upto) for batch in ledger.brought] == [(1, 2, 0)]
        await append.facts(20)
        await topic.write(await written(store, 2))
        await becomes(lambda: len(ledger.taken) == 20)
    ledger.proves(await store.read(0))


async def test_a_hole_in_the_topic_stops_its_partition_and_no_other(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding
) -> None:
    topic.create(3)
    await append.facts(150, streams=20)
    records = await written(store, 3)
    lost = next(number for number, (place, _) in enumerate(records) if place == 1 and number > 50)
    await topic.write(records[:lost] + records[lost + 1 :])
    facts = await store.read(0)
    others = [fact for (place, _), fact in zip(records, facts, strict=True) if place != 1 or fact.position <= lost]
    ledger = Ledger()
    async with feeding(ledger) as feed:
        await becomes(lambda: feed.trouble and f"but the next fact follows {lost + 1}" in feed.trouble)
        await becomes(lambda: len(ledger.taken) == len(others))
        ledger.proves(others)
        await topic.write([records[lost], *[(place, one) for place, one in records[lost + 1 :] if place == 1]])
    async with feeding(ledger) as feed:
        await becomes(lambda: len(ledger.taken) == 150)
        await becomes(lambda: feed.trouble is None)
    ledger.proves(facts)


async def test_a_topic_filled_again_with_other_partitions_brings_nothing_twice(
    db: Database, store: EventStore, append: Appending, topic: Topic, topics: str, feeding: Feeding
) -> None:
    await append.facts(300, streams=30)
    ledger = Ledger()
    for partitions, count in ((4, 150), (1, 220), (6, 300)):
        if topic.exists():
            topic.delete()
        topic.create(partitions)
        records = await written(store, partitions)
        await topic.write(records[:count])
        async with feeding(ledger):
            await becomes(partial(ledger.has, count))
    ledger.proves(await store.read(0))
