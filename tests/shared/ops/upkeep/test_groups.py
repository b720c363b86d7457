"""`luotsi groups` on a real broker."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from kafka import KafkaConsumer
from kafka.structs import OffsetAndMetadata, TopicPartition

from shared.store.store import EventStore
from shared.upkeep.positions import Positions
from tests.shared.feed.appending import Appending
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic
from tests.shared.ops.commanding import answer, luotsi


@pytest.fixture
def group(settings: dict[str, str]) -> str:
    return f"{settings['topic_prefix']}analysts"


@pytest.fixture
async def filled(topic: Topic, append: Appending, store: EventStore) -> Topic:
    """200 facts on three partitions; the last 60 were sent twice."""
    topic.create(3)
    await append.facts(200)
    records = await written(store, 3)
    await topic.write([*records, *records[140:]])
    return topic


@pytest.fixture
def member(filled: Topic, group: str) -> Iterator[KafkaConsumer]:
    """Has read some, and is still there."""
    consumer = KafkaConsumer(
        bootstrap_servers=filled.bootstrap, group_id=group, auto_offset_reset="earliest", max_poll_records=10
    )
    consumer.subscribe([filled.name])
    while not consumer.poll(1000):
        pass
    consumer.commit()
    yield consumer
    consumer.close()


@pytest.fixture
def has_read(filled: Topic, group: str) -> Topic:
    """Once, to the end, and is gone."""
    consumer = KafkaConsumer(bootstrap_servers=filled.bootstrap, group_id=group)
    consumer.assign([TopicPartition(filled.name, number) for number in range(3)])
    consumer.seek_to_end()
    consumer.commit({place: OffsetAndMetadata(consumer.position(place), "", -1) for place in consumer.assignment()})
    consumer.close()
    return filled


async def test_who_reads_and_how_far_behind(member: KafkaConsumer, group: str, settings: dict[str, str]) -> None:
    def asked(*words: str) -> Any:
        return [one for one in answer("groups", *words, **settings) if one["group"] == group]

    (one,) = await asyncio.to_thread(asked, "list")
    assert one["state"] == "Stable"
    assert len(one["members"]) == 1
    parts = await asyncio.to_thread(asked, "lag")
    assert sum(part["end"] for part in parts) + sum(part["facts"] for part in parts) > 260
    assert all(part["facts"] == part["end"] - part["offset"] for part in parts)
    assert all((part["seconds"] > 0) == (part["facts"] > 0) for part in parts)


async def test_a_group_with_members_is_not_reset(member: KafkaConsumer, group: str, settings: dict[str, str]) -> None:
    words = "groups", "reset", group, "--service", "onboarding", "--earliest"
    ran = await asyncio.to_thread(luotsi, *words, **settings)
    assert ran.returncode == 1
    assert "has members, stop them first: kafka-python" in ran.stderr


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
async def test_a_group_that_has_never_read_the_topic_is_not_made_by_a_reset(
    has_read: Topic, group: str, settings: dict[str, str], more: tuple[str, ...]
) -> None:
    words = "groups", "reset", f"{group}s", "--service", "onboarding", "--earliest", *more
    ran = await asyncio.to_thread(luotsi, *words, **settings)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"luotsi: there is no group {group}s that has read {has_read.name}; there is: {group}\n"
    assert [one["group"] for one in await asyncio.to_thread(answer, "groups", "list", **settings)] == [group]


async def test_a_reset_is_shown_first_and_then_done(
    has_read: Topic, store: EventStore, group: str, settings: dict[str, str]
) -> None:
    def reset(*where: str) -> Any:
        return answer("groups", "reset", group, "--service", "onboarding", *where, **settings)

    def left() -> int:
        lag = answer("groups", "lag", **settings)
        return sum(part["facts"] for part in lag if part["group"] == group)

    shown = await asyncio.to_thread(reset, "--earliest", "--dry-run")
    assert not shown["done"]
    assert sum(row["old"] for row in shown["offsets"]) == 260
    assert [row["new"] for row in shown["offsets"]] == [0, 0, 0]
    assert await asyncio.to_thread(left) == 0
    assert (await asyncio.to_thread(reset, "--earliest"))["done"]
    assert await asyncio.to_thread(left) == 260
    await asyncio.to_thread(reset, "--latest")
    assert await asyncio.to_thread(left) == 0
    await asyncio.to_thread(reset, "--to-time", "2020-01-01")
    assert await asyncio.to_thread(left) == 260
    await asyncio.to_thread(reset, "--to-time", "2999-01-01")
    assert await asyncio.to_thread(left) == 0
    an_hour_ago = datetime.now(ZoneInfo("Pacific/Kiritimati")).replace(tzinfo=None) - timedelta(hours=1)
    far = {**settings, "time_zone": "Pacific/Kiritimati"}
    words = "groups", "reset", group, "--service", "onboarding", "--to-time", an_hour_ago.isoformat()
    done = await asyncio.to_thread(answer, *words, **far)
    assert [row["new"] for row in done["offsets"]] == [0, 0, 0]
    for position in (1, 90, 139, 150, 200, 201):
        offsets = {
            row["partition"]: row["new"]
            for row in (await asyncio.to_thread(reset, "--to-position", str(position)))["offsets"]
        }
        positions = Positions("onboarding")
        ahead = {
            positions.of(record.headers)
            for partition, records in (await has_read.records()).items()
            for record in records[offsets[partition] :]
        }
        assert ahead >= set(range(position, 201)), f"from {position} on"
        assert position > 140 or min(filter(None, ahead)) == position


def test_one_place_is_asked_for(settings: dict[str, str]) -> None:
    ran = luotsi("groups", "reset", "x", "--service", "onboarding", "--earliest", "--latest", **settings)
    assert ran.returncode == 2
