"""What the relay puts on the topic, and what it does when something breaks."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from aiokafka import ConsumerRecord
from prometheus_client import REGISTRY

from shared.feed import lead as leading
from shared.feed.cloudevents import Placed, Reader, key_of, partition_of
from shared.feed.lead import Deposed
from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.kafka import Kafka
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, becomes, mark_of, relayed
from tests.shared.feed.topics import Topic

END_LEADERS = """select count(pg_terminate_backend(pid)) from pg_locks
    where locktype = 'advisory' and objid = 76117074 and granted"""
AUDIT = """create table moves (nth serial, mark bigint);
    create function audit() returns trigger language plpgsql as
        $$ begin insert into moves (mark) values (new.mark); return new; end $$;
    create trigger audit after update on relay for each row execute function audit()"""


def placed(records: Sequence[ConsumerRecord]) -> list[Placed]:
    reader = Reader("shop")
    reads = [reader.read(one.offset, one.partition, one.value, one.headers) for one in records]
    assert all(isinstance(read, Placed) for read in reads), reads
    return [read for read in reads if isinstance(read, Placed)]


async def whole(topic: Topic, store: EventStore) -> int:
    """Every fact of the store is on its partition, in order, the chain of `previous` without a hole. Counts repeats."""
    stored = {fact.position: fact for fact in await store.read(0, limit=1_000_000)}
    seen: set[int] = set()
    records = await topic.records()
    for partition, on_it in records.items():
        mark = 0
        for recorded, previous, partitions in placed(on_it):
            assert partition_of(key_of(recorded.tenant, recorded.stream), partitions) == partition
            fact = stored[recorded.position]
            assert recorded._replace(data="") == fact._replace(data="")
            assert recorded.data == str(fact.data).encode()
            assert previous <= mark, f"a hole before {recorded.position}"
            mark = max(mark, recorded.position)
            seen.add(recorded.position)
    assert seen == set(stored)
    return sum(map(len, records.values())) - len(seen)


async def execute(db: Database, sql: str, *values: Any) -> Any:
    async with db.driver() as driver:
        return await driver.fetchval(sql, *values) if values else await driver.execute(sql)


async def test_all_facts_go_out_once(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(4)
    await append.facts(2500)
    async with relaying():
        await relayed(db, store)
        await append.facts(300)
        await relayed(db, store)
    assert await whole(topic, store) == 0


async def test_one_leads_and_another_takes_over(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(4)
    async with relaying() as first:
        await becomes(lambda: first.leads)
        async with relaying() as second:
            await append.facts(500)
            await relayed(db, store)
            assert first.leads
            assert not second.leads
            first.stop()
            await becomes(lambda: second.leads)
            await append.facts(500)
            await relayed(db, store)
    assert await whole(topic, store) == 0


async def test_relays_that_lose_the_lock_again_and_again_leave_no_hole(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(4)
    await execute(db, AUDIT)
    async with relaying(facts=50), relaying(facts=50):
        for _ in range(8):
            await append.facts(1000)
            before = await mark_of(db)
            await becomes(partial(_moved, db, before))
            await execute(db, END_LEADERS)
        await relayed(db, store)
    await whole(topic, store)
    async with db.driver() as driver:
        moves = [row["mark"] for row in await driver.fetch("select mark from moves order by nth")]
    assert moves == sorted(set(moves)), "the mark was set back"


async def _moved(db: Database, before: int) -> bool:
    return await mark_of(db) > before


async def test_a_relay_whose_mark_was_moved_by_another_is_deposed(db: Database) -> None:
    async with db.driver() as driver:
        late, successor = await leading.begin(driver, 2), await leading.begin(driver, 2)
        await successor.move(7, [7, 3])
        with pytest.raises(Deposed):
            await late.move(5, [5, 3])
        now = await leading.read(driver)
    assert now is not None
    assert (now.mark, now.lasts) == (7, [7, 3])


async def test_a_fact_sent_twice_is_the_same_record_twice(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(3)
    await append.facts(200)
    async with relaying():
        await relayed(db, store)
    await execute(db, "update relay set mark = 0, lasts = '{0,0,0}'")
    async with relaying(facts=70):
        await relayed(db, store)
    assert await whole(topic, store) == 200
    for records in (await topic.records()).values():
        same = defaultdict(set)
        for one, read in zip(records, placed(records), strict=True):
            same[read.recorded.position].add((one.key, one.value, one.headers, one.timestamp))
        assert all(len(different) == 1 for different in same.values())


async def test_nothing_goes_out_after_a_batch_that_failed(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(3, max_message_bytes="20000")
    await append.facts(10)
    await append.facts(1, size=40_000)
    await append.facts(400)
    async with relaying(facts=5) as relay:
        await becomes(lambda: relay.trouble and "MessageSizeTooLarge" in relay.trouble)
        assert await mark_of(db) == 10
        assert max(read.recorded.position for on_it in (await topic.records()).values() for read in placed(on_it)) < 16
        topic.configure(max_message_bytes="2097152")
        await relayed(db, store)
        assert relay.trouble is None
    await whole(topic, store)


async def test_facts_near_the_limit_go_out(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(2)
    for size in (1_040_000, 200_000, 1_040_000, 10):
        await append.facts(6, size=size)
    async with relaying():
        await relayed(db, store)
    assert await whole(topic, store) == 0


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


async def test_it_says_how_far_behind_it_is(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    await append.facts(10)
    async with relaying():
        await becomes(lambda: measured("luotsi_relay_lag_seconds") > 0)
        topic.create(1)
        await relayed(db, store)
        await becomes(lambda: measured("luotsi_relay_lag_seconds") == 0)
    assert measured("luotsi_relay_mark") == 10


def measured(name: str) -> float:
    return REGISTRY.get_sample_value(name, {"service": "shop"}) or 0.0


async def test_a_broker_that_was_away_gets_everything(
    db: Database, store: EventStore, append: Appending, own_kafka: Kafka, topics: str, relaying: Relaying
) -> None:
    topic = Topic(own_kafka.bootstrap, f"{topics}shop.events").create(3)
    async with relaying(topic=topic.name, bootstrap=topic.bootstrap, patience=2.0) as relay:
        await append.facts(100)
        await relayed(db, store)
        await asyncio.to_thread(own_kafka.stop)
        await append.facts(3000)
        await becomes(lambda: relay.trouble)
        assert await mark_of(db) < 3100
        await asyncio.to_thread(own_kafka.start)
        await relayed(db, store)
        assert relay.trouble is None
    await whole(topic, store)
