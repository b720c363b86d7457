"""What the relay does about a topic that is not as the store says."""

from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, mark_of, relayed
from tests.shared.feed.sent import execute, whole
from tests.shared.feed.topics import Topic


async def test_partitions_added_to_the_topic_stay_empty(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(2)
    await append.facts(100, streams=20)
    async with relaying():
        await relayed(db, store)
    topic.grow(5)
    await append.facts(100, streams=20)
    async with relaying():
        await relayed(db, store)
    assert await whole(topic, store) == 0
    assert [bool(records) for _, records in sorted((await topic.records()).items())] == [
        True,
        True,
        False,
        False,
        False,
    ]


async def test_a_topic_that_is_ahead_of_the_store_stops_the_relay(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    """As after a store was put back from a copy: its next positions are on the topic already."""
    topic.create(3)
    await append.facts(90)
    async with relaying():
        await relayed(db, store)
    await put_back(db, to=60)
    async with relaying() as relay:
        words = await becomes(lambda: relay.trouble)
        assert "is ahead" in words
        await append.facts(60, tenant="other")
        await becomes(lambda: relay.trouble and "has fact" in relay.trouble)
        assert not relay.leads
    assert await mark_of(db) == 60


async def put_back(db: Database, to: int) -> None:
    await execute(db, "alter table facts disable trigger all")
    await execute(db, f"delete from facts where position > {to}")
    await execute(
        db,
        f"update relay set mark = {to}, lasts = array(select coalesce(max(l), 0) from unnest(lasts) with ordinality as"
        f" u(l, n) group by n order by n)",
    )
    await execute(db, "update relay set lasts = array(select least(l, 50) from unnest(lasts) as l)")


async def test_a_topic_made_anew_stops_the_relay(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(3)
    await append.facts(90)
    async with relaying():
        await relayed(db, store)
    topic.delete()
    topic.create(3)
    await append.facts(10)
    async with relaying() as relay:
        assert "ends at 0" in await becomes(lambda: relay.trouble)
        assert await mark_of(db) == 90
        await execute(db, "delete from relay")
        await relayed(db, store)
    assert await whole(topic, store) == 0


async def test_a_topic_made_anew_under_a_running_relay_stops_it(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(1)
    await append.facts(90)
    async with relaying(patience=3.0) as relay:
        await relayed(db, store)
        topic.delete()
        topic.create(1)
        await append.facts(10)
        await becomes(lambda: relay.trouble and "has stopped" in relay.trouble)
        assert not relay.leads


async def test_a_topic_with_too_few_partitions_stops_the_relay(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(2)
    await execute(db, "insert into relay values (true, 3, 0, '{0,0,0}')")
    async with relaying() as relay:
        assert "has 2 partitions, the store says 3" in await becomes(lambda: relay.trouble)


async def test_without_a_topic_it_waits_for_one(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    await append.facts(10)
    async with relaying() as relay:
        assert "there is no topic" in await becomes(lambda: relay.trouble)
        topic.create(2)
        await relayed(db, store)
        assert relay.trouble is None
    assert await whole(topic, store) == 0


async def test_records_of_strangers_do_not_disturb_it(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(1)
    await append.facts(20)
    async with relaying():
        await relayed(db, store)
    await topic.write([(0, {"key": b"k", "value": b"hello"}), (0, {"key": b"k", "value": None})])
    await append.facts(20)
    async with relaying() as relay:
        await relayed(db, store)
        assert relay.trouble is None
