"""Handling parked facts once more, beside the processes that run: the listener's lock makes them take turns."""

from shared.core.clock import SystemClock
from shared.core.service import Service
from shared.listen.parking import StreamKey
from shared.listen.place import Retried
from shared.listen.worker import Worker
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup


class NoSuchListener(Exception):
    def __init__(self, name: str, there: list[str]) -> None:
        super().__init__(f"there is no listener {name}; there is {', '.join(sorted(there))}")


async def retry(service: Service, database: Database, listener: str, key: StreamKey) -> Retried:
    """What is parked of the stream is handled in order, up to the first that fails again."""
    wakeup = Wakeup(database)
    desk = Desk(service, database, wakeup)
    worker = Worker(service, database, desk, SystemClock())
    try:
        await worker.start()
        if listener not in worker.listeners:
            raise NoSuchListener(listener, list(worker.listeners))
        return await worker.retry(listener, key)
    finally:
        await desk.close()
