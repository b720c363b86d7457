"""What the relay puts on the topic, and what it does when something breaks."""

import asyncio
import gc
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import REGISTRY

from shared.feed import lead as leading
from shared.feed.lead import Deposed
from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.kafka import Kafka
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, mark_of, relayed
from tests.shared.feed.sent import execute, placed, whole
from tests.shared.feed.topics import Topic

END_LEADERS = """select count(pg_terminate_backend(pid)) from pg_locks
    where locktype = 'advisory' and objid = 76117074 and granted
    and database = (select oid from pg_database where datname = current_database())"""
AUDIT = """create table moves (nth serial, mark bigint);
    create function audit() returns trigger language plpgsql as
        $$ begin insert into moves (mark) values (new.mark); return new; end $$;
    create trigger audit after update on relay for each row execute function audit()"""


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


async def test_one_that_lost_the_lead_has_no_trouble_and_no_lag_while_another_leads(
    db: Database, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    await append.facts(1)
    async with relaying(bootstrap="127.0.0.1:1") as first:
        await becomes(lambda: first.trouble and first.lag() > 0)
        topic.create(1)
        async with relaying() as second:
            await becomes(lambda: second.leads)
            await becomes(lambda: first.trouble is None)
            assert first.lag() == 0


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
    await append.facts(15)
    await append.facts(1, size=40_000)
    await append.facts(400)
    async with relaying(facts=5) as relay:
        await becomes(lambda: relay.trouble and "MessageSizeTooLarge" in relay.trouble)
        assert await mark_of(db) == 15
        assert max(read.recorded.position for on_it in (await topic.records()).values() for read in placed(on_it)) <= 30
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


@pytest.fixture
def uncollected() -> Iterator[None]:
    """As good as in service, where the collector of a relay never comes by itself."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
async def test_outages_of_the_broker_leave_no_producers_behind(
    db: Database, store: EventStore, append: Appending, own_kafka: Kafka, topics: str, relaying: Relaying
) -> None:
    topic = Topic(own_kafka.bootstrap, f"{topics}shop.events").create(4)
    async with relaying(topic=topic.name, bootstrap=topic.bootstrap, patience=0.5) as relay:
        for _ in range(2):
            await becomes(lambda: relay.leads)
            await asyncio.to_thread(own_kafka.kill)
            await append.facts(3000)
            await becomes(lambda: not relay.leads)
            await asyncio.to_thread(own_kafka.start)
            await relayed(db, store)
        assert _producers() <= 2, "that of this term, and of the one before if a task has yet to let go of it"


def _producers() -> int:
    return sum(isinstance(each, AIOKafkaProducer) for each in gc.get_objects())
