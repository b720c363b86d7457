"""Workers of the bank: they read its store, as an embedded platform has them, or its topic."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

from shared.core.clock import MovableClock
from shared.core.readmodel import ReadModel
from shared.feed.broker import make_broker
from shared.feed.kafka import KafkaFeed
from shared.feed.store_feed import StoreFeed
from shared.listen.builds import Build
from shared.listen.held import FEEDING
from shared.listen.worker import Worker
from shared.replay.adopting import Adopting
from shared.replay.history import Histories
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.parts.waiting import becomes, running
from tests.shared.feed.topics import Topic
from tests.shared.listen.bank import bank
from tests.shared.replay.history import histories


class Feeding:
    def __init__(self, db: Database, models: Sequence[ReadModel], topic: Topic | None, read: Histories | None) -> None:
        self._wakeup = Wakeup(db)
        service = bank(read_models=models)
        self.desk = Desk(service, db, self._wakeup)
        self.worker = Worker(service, db, self.desk, MovableClock())
        self.adopting = Adopting(db, self.worker, read or histories(db))
        stores = {"bank": EventStore(db, "bank")}
        self.feed: StoreFeed | KafkaFeed = StoreFeed("bank", stores, [self._wakeup], self.worker.cursor, poll=0.02)
        if topic is not None:
            connect = partial(make_broker, topic.bootstrap, "bank")
            self.feed = KafkaFeed("bank", connect, {"bank": topic.name}, group=topic.name, look=0.3)


@asynccontextmanager
async def feeding(
    dsn: str, *models: ReadModel, topic: Topic | None = None, read: Histories | None = None
) -> AsyncIterator[Feeding]:
    """`read` is the history that those who are behind are brought up from."""
    db = Database(dsn)
    started = Feeding(db, models, topic, read)
    await started.worker.start()
    await started.adopting.start()
    try:
        async with running(started.feed.run(started.worker.take)), running(started.adopting.run()):
            yield started
    finally:
        await started.desk.close()
        await db.close()


def fed(worker: Feeding, model: ReadModel, build: int) -> bool:
    """Facts come to this build, and it is not on its way to be brought level."""
    name, listening = Build(model, build).listener, worker.worker.listening
    return name in listening.listeners and name not in listening.away


async def reached(db: Database, listener: str, position: int) -> None:
    async def is_there() -> bool:
        async with db.driver() as driver:
            found = await driver.fetchval("select max(position) from marks where listener = $1", listener)
        return bool(found == position)

    await becomes(is_there)


async def holders(db: Database) -> set[int]:
    """The connections that hold the first build."""
    async with db.driver() as driver:
        found = await driver.fetch(
            "select pid from pg_locks where locktype = 'advisory' and (classid::bigint, objid::bigint) = ($1, 1)"
            " and database = (select oid from pg_database where datname = current_database())",
            FEEDING,
        )
        return {pid for (pid,) in found}
