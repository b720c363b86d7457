"""Workers of the bank that read its store, as an embedded platform has them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.core.clock import MovableClock
from shared.core.readmodel import ReadModel
from shared.feed.store_feed import StoreFeed
from shared.listen.worker import Worker
from shared.replay.adopting import Adopting
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.shared.feed.conftest import running
from tests.shared.listen.bank import bank
from tests.shared.replay.history import histories


class Feeding:
    def __init__(self, db: Database, *models: ReadModel) -> None:
        self._wakeup = Wakeup(db)
        service = bank(read_models=models)
        self.desk = Desk(service, db, self._wakeup)
        self.worker = Worker(service, db, self.desk, MovableClock())
        self.adopting = Adopting(db, self.worker, histories(db))
        stores = {"bank": EventStore(db, "bank")}
        self.feed = StoreFeed("bank", stores, [self._wakeup], self.worker.cursor, poll=0.02)

    async def run(self) -> None:
        await asyncio.gather(self.feed.run(self.worker.take), self.adopting.run())


@asynccontextmanager
async def feeding(dsn: str, *models: ReadModel) -> AsyncIterator[Feeding]:
    db = Database(dsn)
    fed = Feeding(db, *models)
    await fed.worker.start()
    await fed.adopting.start()
    try:
        async with running(fed.run()):
            yield fed
    finally:
        await fed.desk.close()
        await db.close()
