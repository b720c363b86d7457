"""Topics that are written anew, or again from where they are no longer whole."""

import asyncio
from functools import partial

import pytest
from prometheus_client import REGISTRY

from shared.feed.broker import make_broker
from shared.feed.comparison import Differs
from shared.feed.lead import Taken
from shared.feed.relay import Relay
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.upkeep import resending
from shared.upkeep.resending import Begun, Refused
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, mark_of, relayed
from tests.shared.feed.hearing import hearing, written
from tests.shared.feed.ledger import Ledger
from tests.shared.feed.sent import execute, whole
from tests.shared.feed.topics import Topic
from tests.shared.upkeep.conftest import connected, reconciled

N = 3


async def republish(db: Database, store: EventStore, topic: Topic, partitions: int | None = None) -> Begun:
    async with connected(topic) as broker:
        return await resending.republish(db, store, broker, topic.name, partitions)


async def rewind(db: Database, store: EventStore, topic: Topic, to: int | None = None) -> Begun:
    async with connected(topic) as broker:
        return await resending.rewind(db, store, broker, topic.name, to)


async def see_through(db: Database, store: EventStore, topic: Topic) -> list[int]:
    told: list[int] = []
    relay = Relay(db, store, Wakeup(db), partial(make_broker, topic.bootstrap, "relay"), topic=topic.name)
    await resending.see_through(relay, db, await store.head(), told.append)
    return told


async def lost_tail(store: EventStore, topic: Topic, keep: int) -> None:
    """Made anew with all its records but those of one partition behind a position."""
    records = await written(store, N)
    topic.delete()
    topic.create(N)
    await topic.write([(place, record) for nth, (place, record) in enumerate(records, 1) if place != 1 or nth <= keep])


async def test_republished_to_fewer_partitions_a_live_listener_misses_nothing_and_repeats_nothing(
    db: Database, store: EventStore, append: Appending, topic: Topic, topics: str, relaying: Relaying
) -> None:
    topic.create(6)
    await append.facts(1500, streams=40)
    ledger = Ledger()
    async with hearing(topic, topics)(ledger):
        async with relaying():
            await relayed(db, store)
        await becomes(lambda: ledger.has(1000))
        topic.delete()
        topic.create(4)
        await append.facts(300, streams=40)
        assert await republish(db, store, topic, 4) == (4, 0)
        told = await see_through(db, store, topic)
        assert told[-1] == 1800
        async with relaying():
            await append.facts(200, streams=40)
            await relayed(db, store)
        await becomes(lambda: ledger.has(2000))
    ledger.proves(await store.read(0, limit=10_000))
    assert await whole(topic, store) == 0
    assert await execute(db, "select partitions = $1 and not republishing from relay", 4)


async def test_a_topic_that_holds_anything_is_not_republished_into(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(N)
    await append.facts(50)
    async with relaying():
        await relayed(db, store)
        with pytest.raises(Taken, match=r"led by luotsi lead, process \d+ on .*: stop it first"):
            await republish(db, store, topic)
    with pytest.raises(Refused, match="is not empty: 50 records on 3 partitions, facts of shop up to 50"):
        await republish(db, store, topic)
    assert await mark_of(db) == 50
    topic.delete()
    topic.create(N)
    with pytest.raises(Refused, match="has 3 partitions, not the 7"):
        await republish(db, store, topic, 7)


async def test_republishing_that_was_killed_goes_on_by_the_verb_or_by_any_relay(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(N)
    await append.facts(3000)
    await republish(db, store, topic)
    async with relaying(facts=10):
        await becomes(partial(mark_of, db))
    reached = await mark_of(db)
    assert 0 < reached < 3000
    assert await republish(db, store, topic) == (N, reached)
    await see_through(db, store, topic)
    assert await whole(topic, store) == 0
    with pytest.raises(Refused, match="is not empty"):
        await republish(db, store, topic)


async def test_a_topic_that_lost_its_tail_stops_the_relay_and_is_sent_it_again(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(N)
    await append.facts(200)
    async with relaying():
        await relayed(db, store)
    with pytest.raises(Refused, match="has all that was relayed, up to 200"):
        await rewind(db, store, topic)
    await lost_tail(store, topic, keep=120)
    async with relaying() as relay:
        assert "`luotsi relay rewind`" in await becomes(lambda: relay.trouble)
        assert await execute(db, "select trouble like $1 from relay", "%ends at%")
        assert REGISTRY.get_sample_value("luotsi_relay_stopped", {"service": "shop"}) == 1
        begun = await rewind(db, store, topic)
        assert 100 < begun.mark <= 120
        await becomes(lambda: relay.leads)
        await relayed(db, store)
        assert REGISTRY.get_sample_value("luotsi_relay_stopped", {"service": "shop"}) == 0
    report = await reconciled(store, topic, partitions=N)
    assert (report.differing, report.facts, report.repeats > 0) == (0, 200, True)
    assert await execute(db, "select trouble is null from relay where $1", True)


async def test_a_topic_made_anew_empty_gets_everything_again(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(N)
    await append.facts(200)
    async with relaying():
        await relayed(db, store)
    topic.delete()
    topic.create(N)
    assert await rewind(db, store, topic) == (N, 0)
    await see_through(db, store, topic)
    assert await whole(topic, store) == 0


async def test_sending_again_does_not_mend_what_is_missing_elsewhere(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(N)
    await append.facts(200)
    async with relaying():
        await relayed(db, store)
    await lost_tail(store, topic, keep=120)
    with pytest.raises(Refused, match="can't be rewound to 199"):
        await rewind(db, store, topic, 199)
    records = await written(store, N)
    topic.delete()
    topic.create(N)
    await topic.write(records[30:190])
    with pytest.raises(Differs, match="republish` into an empty topic mends"):
        await rewind(db, store, topic)
    assert await mark_of(db) == 200


async def test_a_relay_that_stops_ends_the_waiting(
    db: Database, store: EventStore, append: Appending, topic: Topic
) -> None:
    topic.create(N)
    await append.facts(20)
    await execute(db, "insert into relay (partitions, mark, lasts) values (3, 10, '{9,10,8}')")
    with pytest.raises(Refused, match="has stopped"):
        async with asyncio.timeout(20):
            await see_through(db, store, topic)
