"""Handling parked facts once more, beside the processes that run: the listener's lock makes them take turns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.core.clock import SystemClock
from shared.core.service import Service
from shared.listen.blocked import Blocked
from shared.listen.place import Retried
from shared.listen.worker import Worker
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup


class Unparking:
    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def retry(self, blocked: Blocked, most: int | None = None) -> Retried:
        """What is parked of the stream, all or so many, in order, up to the first that fails again."""
        if not blocked.readable:
            return Retried(0, blocked.facts, "a record that cannot be read can only be discarded")
        if blocked.listener not in self._worker.listening.listeners:
            return Retried(0, blocked.facts, f"there is no listener {blocked.listener} in this release")
        return await self._worker.retry(blocked.listener, blocked.key, most)


@asynccontextmanager
async def unparking(service: Service, database: Database) -> AsyncIterator[Unparking]:
    desk = Desk(service, database, Wakeup(database))
    worker = Worker(service, database, desk, SystemClock())
    try:
        await worker.start()
        yield Unparking(worker)
    finally:
        await desk.close()
