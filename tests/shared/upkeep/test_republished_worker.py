"""A topic that is republished to fewer partitions under a worker with a read model and a policy."""

from collections.abc import Callable
from functools import partial
from typing import Any

from shared.feed.broker import make_broker
from shared.feed.kafka import KafkaFeed
from shared.feed.relay import Relay
from shared.listen.builds import Builds
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.upkeep import resending
from tests.bench import hires
from tests.parts.kafka import Kafka
from tests.parts.waiting import becomes, running
from tests.shared.feed.conftest import mark_of
from tests.shared.feed.sent import execute
from tests.shared.feed.topics import Topic
from tests.shared.listen.bank import DEPOSITS, Account, Deposited, accounts, bank
from tests.shared.listen.conftest import make_worker as make_worker
from tests.shared.listen.facts import Log, ids
from tests.shared.upkeep.conftest import connected, reconciled

SERVICE = bank(read_models=[accounts], policies=[DEPOSITS])
DEPOSITED = 1000


async def test_rows_are_exact_and_each_fact_was_answered_once(
    db: Database, kafka: Kafka, topics: str, make_worker: Callable[..., Any]
) -> None:
    topic = Topic(kafka.bootstrap, f"{topics}bank.events").create(6)
    store, log, holders = EventStore(db, "bank"), Log(), ids(40)
    for nth in range(DEPOSITED):
        log.add(Deposited(account_id=holders[nth % 40], cents=100 + nth % 100))
    connect = partial(make_broker, topic.bootstrap, "bank")
    worker = await make_worker(SERVICE)
    await hires.store(db.dsn, log.facts)
    feed = KafkaFeed("bank", connect, {"bank": topic.name}, group=f"{topics}bank", look=0.3, longest_backoff=0.2)

    def relay() -> Relay:
        return Relay(db, store, Wakeup(db), connect, topic=topic.name, poll=0.05, facts=50)

    async def looked() -> int:
        return int(await execute(db, "select count(*) from facts where name = $1", "bank.looked"))

    async with running(feed.run(worker.take)):
        first = relay()
        async with running(first.run()):
            await becomes(partial(_beyond, db, 300))
            await becomes(looked)
        topic.delete()
        topic.create(4)
        async with connected(topic) as broker:
            assert await resending.republish(db, store, broker, topic.name, 4) == (4, 0)
        await resending.see_through(relay(), db, await store.head(), lambda mark: None)
        async with running(relay().run()):
            await becomes(partial(_all_looked, looked))
            await becomes(partial(_beyond, db, 2 * DEPOSITED))
            await becomes(partial(_totals_are, db, DEPOSITED))
    rows = await execute(
        db, "select array_agg(cents order by account_id) from readmodels.accounts_account_b1 where $1", True
    )
    sums = [sum(100 + nth % 100 for nth in range(DEPOSITED) if nth % 40 == account) for account in range(40)]
    assert rows == sums
    assert await looked() == DEPOSITED
    assert await store.head() == 2 * DEPOSITED
    report = await reconciled(store, topic, partitions=4)
    assert (report.facts, report.differing) == (2 * DEPOSITED, 0)


async def _beyond(db: Database, position: int) -> bool:
    return await mark_of(db) >= position


async def _all_looked(looked: Callable[..., Any]) -> bool:
    return bool(await looked() >= DEPOSITED)


async def _totals_are(db: Database, deposits: int) -> bool:
    sql = f"select coalesce(sum(deposits), 0) >= $1 from {await _table(db)}"
    return bool(await execute(db, sql, deposits))


async def _table(db: Database) -> str:
    (table,) = [table.name for table in (await Builds(db).live(accounts)).tables if table.rows.row is Account]
    return f'readmodels."{table}"'
