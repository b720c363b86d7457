"""A topic that has facts twice is read from anywhere without a hole, up to its end."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from shared.feed.broker import make_broker
from shared.listen.decode import Decoder
from shared.listen.marks import Era, Marks
from shared.replay import topic as reading
from shared.replay.topic import TopicHistory
from shared.store.database import Database
from shared.store.store import EventStore
from tests.shared.feed.appending import Appending
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic

FACTS = 200
NAMES = ["shop.sold"]
LATE = [(1, 100), (21, 60), (101, FACTS)]  # by a relay that stood still between packing and sending
AT_THE_END = [(1, FACTS), (1, 150), (1, 150)]


@pytest.fixture
def topic(kafka: Any, topics: str) -> Topic:
    return Topic(kafka.bootstrap, f"{topics}shop.events")


@pytest.fixture
async def records(db: Database) -> Sequence[Any]:
    """Of facts that were stored in a few groups."""
    append = Appending(db)
    for _ in range(FACTS // 10):
        await append.facts(10)
    return await written(EventStore(db, "shop"), 1)


def history(topic: Topic) -> TopicHistory:
    connect = partial(make_broker, topic.bootstrap, "replay", consumer_only=True)
    return TopicHistory("shop", topic.name, connect, Decoder("ledger", {}))


async def read(history: TopicHistory, mark: int, stretches: int = FACTS) -> int:
    """How far a listener comes that stands at a mark, with so many stretches of it."""
    marks = Marks("shop", [Era(0, [mark])])
    async for stretch in history.read([marks], NAMES):
        marks.take(stretch)
        if not (stretches := stretches - 1):
            break
    return marks.lowest


@pytest.mark.parametrize("sent", [LATE, AT_THE_END])
async def test_from_every_mark_and_whatever_was_read_before(
    topic: Topic, records: Any, sent: Sequence[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_NEAR", 5)
    monkeypatch.setattr(reading, "PIECE", 10)
    await topic.create(1).write([one for first, last in sent for one in records[first - 1 : last]])
    for mark in range(5, FACTS, 40):
        assert await read(history(topic), mark) == FACTS
    again = history(topic)
    for mark in range(5, FACTS, 40):
        came = await read(again, mark, stretches=9)
        assert await read(again, min(mark + 10, came)) == FACTS


@pytest.mark.parametrize(("partitions", "sent"), [(1, LATE), (2, [(1, FACTS)] * 4)])
async def test_one_that_was_made_anew_is_gone_on_with(
    db: Database, topic: Topic, records: Any, partitions: int, sent: Sequence[tuple[int, int]]
) -> None:
    """What had come last lay further back, where there is more by now."""
    again, marks = history(topic), Marks("shop", [Era(0, [0] * partitions)])
    once = await written(EventStore(db, "shop"), partitions)
    await topic.create(partitions).write([one for first, last in sent for one in once[first - 1 : last]])
    async for stretch in again.read([marks], NAMES):
        marks.take(stretch)
    assert max(marks.eras[-1].marks) == FACTS
    topic.delete()
    await Appending(db).facts(100, tenant="other")
    await topic.create(1).write(await written(EventStore(db, "shop"), 1))
    async for stretch in again.read([marks], NAMES):
        marks.take(stretch)
    assert marks.lowest == FACTS + 100


async def test_what_comes_no_more_is_an_outage(db: Database, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large ones, so that not all are had at once."""
    monkeypatch.setattr(reading, "PIECE", 1)
    append, marks = Appending(db), [Marks("shop", [Era(0, [0])])]
    await append.facts(30, streams=30, size=500_000)
    await topic.create(1).write(await written(EventStore(db, "shop"), 1))
    impatient = replace(history(topic), patience=1.0)
    had = 0
    async for _ in impatient.read(marks, NAMES):
        await asyncio.sleep(0.05)  # whoever takes it takes more time than that for all
        had += 1
    assert had == 30

    async def read_what_is_lost() -> None:
        async with asyncio.timeout(20):
            async for _ in impatient.read(marks, NAMES):
                if topic.exists():
                    topic.delete()

    with pytest.raises(ConnectionError, match=f"no more comes of {topic.name}/0, though there is more"):
        await read_what_is_lost()
