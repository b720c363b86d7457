"""A build is dropped while workers feed it, and nothing of it is left with them."""

import gc
import weakref
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import asyncpg
import pytest
from prometheus_client import REGISTRY

from shared.feed.broker import make_broker
from shared.feed.relay import Relay
from shared.listen.builds import Build
from shared.listen.marks import KeptMarks
from shared.listen.parking import Parking, park
from shared.replay import rebuilding
from shared.replay.dropping import drop
from shared.replay.steering import Cancelled
from shared.run.measuring import Measuring
from shared.run.standing import standing
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.parts.kafka import Kafka
from tests.parts.waiting import becomes, running
from tests.shared.feed.topics import Topic
from tests.shared.listen.bank import accounts
from tests.shared.replay.feeding import Feeding, fed, feeding
from tests.shared.replay.history import folded, history, rebuilt, rows
from tests.shared.replay.loaded import FIRST, let_go, nothing_is_left_of, reached_all, reached_any, replaced, under_load

pytestmark = pytest.mark.usefixtures("nobody_asks")


async def drops_under_load(db: Database, workers: Sequence[Feeding]) -> None:
    async with under_load(db) as all_of_it:
        await reached_any(db)
        second = await replaced(db, *workers)
        await drop(db, FIRST)
        assert all(let_go(worker, FIRST) for worker in workers)
        await nothing_is_left_of(db, FIRST)
        facts = await all_of_it()
    await reached_all(db, second, len(facts))
    assert await rows(db, second.number) == folded(facts)
    await nothing_is_left_of(db, FIRST)
    assert all(worker.worker.listening.stopped == {} for worker in workers)
    now = await standing("bank", {"bank": db})
    assert [heard.lag.facts for heard in now.listeners] == [0]


async def test_workers_that_feed_it_have_let_go_when_it_is_gone(db: Database, database: str, trouble: Any) -> None:
    async with feeding(database, accounts) as one, feeding(database, accounts) as other:
        await drops_under_load(db, [one, other])
    assert sum(line["event"] == "build.let_go" for line in trouble) == 2


async def test_workers_over_kafka_have_let_go_when_it_is_gone(
    db: Database, database: str, kafka: Kafka, topics: str, trouble: Any
) -> None:
    topic = Topic(kafka.bootstrap, f"{topics}bank.events").create(3)
    store = EventStore(db, "bank")
    connect = partial(make_broker, topic.bootstrap, "bank")
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(Relay(db, store, Wakeup(db), connect, topic=topic.name).run()))
        workers = [await stack.enter_async_context(feeding(database, accounts, topic=topic)) for _ in range(2)]
        await drops_under_load(db, workers)


async def test_cancelled_while_workers_feed_it_nothing_of_it_is_left(
    db: Database, database: str, monkeypatch: pytest.MonkeyPatch, trouble: Any
) -> None:
    async with feeding(database, accounts) as worker, under_load(db) as all_of_it:
        await reached_any(db)

        async def cancelled(*_: Any) -> None:
            await becomes(lambda: fed(worker, accounts, 2))
            raise Cancelled("build 2")

        monkeypatch.setattr(rebuilding, "switch", cancelled)
        with pytest.raises(Cancelled):
            await rebuilt(db)
        assert let_go(worker, Build(accounts, 2))
        await reached_all(db, FIRST, len(await all_of_it()))
        assert worker.worker.listening.stopped == {}
    async with db.driver() as driver:
        assert not await driver.fetchval("select count(*) from marks where build = 2")
        assert await driver.fetchval("select phase from rebuilds where build = 2") == "cancelled"


def series(listener: str) -> set[str]:
    return {
        sample.name
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.labels.get("listener") == listener
    }


async def test_a_worker_and_its_metrics_keep_nothing_of_it(db: Database, database: str) -> None:
    measuring = Measuring("bank", {"bank": db})
    async with feeding(database, accounts) as worker, under_load(db) as all_of_it:
        await reached_any(db)
        second = await replaced(db, worker)
        await measuring.look()
        listener: Any = worker.worker.listening.listeners[FIRST.listener]
        there = [weakref.ref(each) for each in (listener, listener.place, listener._part, listener._part._tables[0])]
        tables = weakref.ref(listener._part._tables[0].table.metadata)
        del listener
        assert len(series(FIRST.listener)) > 5
        await drop(db, FIRST)
        await measuring.look()
        assert series(FIRST.listener) == set()
        await reached_all(db, second, len(await all_of_it()))

        def forgotten() -> bool:
            gc.collect()
            return not any(each() for each in (*there, tables))

        await becomes(forgotten)
        assert {name for marks in worker.adopting._stood.values() for name in marks} == {second.listener}
        assert series(second.listener) >= {"luotsi_listener_lag_facts", "luotsi_listener_facts_total"}


async def test_nothing_is_stored_for_a_build_that_is_not_there(db: Database) -> None:
    (fact,) = history(1).facts
    async with db.driver() as driver:
        marks = await KeptMarks.load(driver, "accounts.v1.b7", ["bank"])
        marks.of["bank"].eras[0].marks[0] = 3
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await marks.save(driver)
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await park(driver, "accounts.v1.b7", [Parking(fact, "an error")])
        await park(driver, "policies", [Parking(fact, "an error")])
