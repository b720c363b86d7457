"""Workers and builds: who is behind is brought level alone, and a new build is fed before it is read."""

import asyncio
from dataclasses import replace
from functools import partial

from shared.feed.broker import make_broker
from shared.listen.decode import Decoder
from shared.replay.topic import TopicHistory
from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.kafka import Kafka
from tests.parts.waiting import becomes
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic
from tests.shared.listen.bank import accounts
from tests.shared.replay.feeding import fed, feeding, reached
from tests.shared.replay.history import BANK, PLAN, SECOND, folded, history, keep, live, rebuilt, rows


async def test_one_that_lacks_something_is_brought_level_while_the_others_go_on(db: Database, database: str) -> None:
    log = history(300)
    async with feeding(database, accounts, SECOND) as worker:
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
        async with db.driver() as driver:
            await driver.execute("delete from marks where listener = 'second.v1.b2'")
            await driver.execute("truncate readmodels.second_account_b2, readmodels.second_branch_b2")
        history(600, log)
        await keep(db, log.facts[300:])
        await becomes(lambda: fed(worker, SECOND, 2))
        await reached(db, "second.v1.b2", 600)
        assert await rows(db, 2, SECOND) == folded(log.facts, SECOND)
        assert await rows(db, 1) == folded(log.facts)
        await becomes(lambda: worker.adopting.trouble is None)


async def test_one_that_was_behind_at_the_start_is_brought_level_though_nothing_comes(
    db: Database, database: str
) -> None:
    """No fact comes any more, so no gap would ever tell."""
    log = history(300)
    async with feeding(database, accounts, SECOND):
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
    async with db.driver() as driver:
        await driver.execute("delete from marks where listener = 'second.v1.b2'")
        await driver.execute("truncate readmodels.second_account_b2, readmodels.second_branch_b2")
    async with feeding(database, accounts, SECOND) as worker:
        await becomes(lambda: worker.adopting.trouble is None and fed(worker, SECOND, 2))
    assert await rows(db, 2, SECOND) == folded(log.facts, SECOND)


async def test_nobody_is_behind_who_has_had_what_there_is(
    db: Database, database: str, kafka: Kafka, topics: str
) -> None:
    """A build that is read from the store stands at its head on every partition, others where the last fact came."""
    log, topic = history(300), Topic(kafka.bootstrap, f"{topics}bank.events").create(6)
    connect = partial(make_broker, kafka.bootstrap, "replay", consumer_only=True)
    read = {"bank": TopicHistory("bank", topic.name, connect, Decoder("bank", BANK.own))}
    async with feeding(database, accounts, SECOND, topic=topic, read=read) as worker:
        await keep(db, log.facts)
        await topic.write(await written(EventStore(db, "bank"), 6))
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
        outcome = await rebuilt(db, PLAN)
        troubles: set[str | None] = set()

        def is_looked_at() -> bool:
            troubles.add(worker.adopting.trouble)
            marks = worker.adopting._level.get("bank", {})
            return outcome.rebuild.listener in marks and len(set(map(str, marks.values()))) > 1

        await becomes(is_looked_at)
    assert troubles == {None}


async def test_no_read_sees_a_build_that_is_not_whole(db: Database, database: str) -> None:
    """All the while facts come, and the live build is looked at: it never has fewer facts than it had before."""
    log, seen, done = history(4000), [0], asyncio.Event()
    async with feeding(database, accounts) as worker:
        await keep(db, log.facts[:1000])
        await reached(db, "accounts.v1.b1", 1000)

        async def come() -> None:
            for start in range(1000, 4000, 50):
                await keep(db, log.facts[start : start + 50])
                await asyncio.sleep(0.05)

        async def look() -> None:
            while not done.is_set():
                build = await live(db)
                async with db.driver() as driver:
                    query = f"select coalesce(sum(deposits), 0), count(*) from readmodels.accounts_account_b{build}"
                    deposits, count = await driver.fetchrow(query)
                    mark = await driver.fetchval(
                        "select max(position) from marks where listener = $1", f"accounts.v1.b{build}"
                    )
                assert count > 30, f"half a table: {count} rows, {deposits} deposits"
                assert mark >= seen[-1], f"what was seen at {seen[-1]} is seen at {mark}"
                seen.append(mark)

        looking = asyncio.create_task(look())
        coming = asyncio.create_task(come())
        outcome = await rebuilt(db, replace(PLAN, verify=True))
        await becomes(lambda: fed(worker, accounts, outcome.rebuild.build))
        await coming
        await reached(db, outcome.rebuild.listener, 4000)
        await reached(db, "accounts.v1.b1", 4000)
        done.set()
        await looking
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)
    assert await rows(db, 1) == folded(log.facts)
    assert len(seen) > 20


async def test_a_version_that_has_no_live_build_is_not_pointed_at_empty(db: Database, database: str) -> None:
    log = history(200)
    async with feeding(database, accounts):
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 200)
    new = replace(accounts, version=2)
    async with feeding(database, new) as worker:
        assert worker.worker.listening.listeners == {}
        assert worker.adopting.trouble == "accounts version 2 is being built"
        outcome = await rebuilt(db, PLAN, new)
        await becomes(lambda: worker.adopting.trouble is None)
        assert fed(worker, new, outcome.rebuild.build)
    assert (await live(db), await live(db, new)) == (1, outcome.rebuild.build)
