"""Workers on a fresh database, and what they are asked about."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from shared.core.clock import MovableClock
from shared.core.service import Service
from shared.listen.worker import Worker
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from tests.shared.listen.bank import bank


@pytest.fixture
async def make_worker(database: str) -> AsyncIterator[Callable[[Service], Awaitable[Worker]]]:
    """Workers that share a database and nothing else, as in several processes."""
    opened: list[tuple[Database, Desk]] = []

    async def make(service: Service, **parts: Any) -> Worker:
        own = Database(database)
        desk = Desk(service, own, Wakeup(own))
        opened.append((own, desk))
        worker = Worker(service, own, **{"desk": desk, "clock": MovableClock(), **parts})
        await worker.start()
        return worker

    yield make
    for own, desk in opened:
        await desk.close()
        await own.close()


@pytest.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    opened = Desk(bank(), db, Wakeup(db))
    yield opened
    await opened.close()
