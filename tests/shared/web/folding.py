"""Folds the facts of the store into the read models when a test says so, and not before."""

import asyncio

from shared.core.service import Service
from shared.feed.batch import Batch, Delivered
from shared.listen.builds import Builds
from shared.listen.decode import Decoder
from shared.listen.listener import BuildListener
from shared.listen.parking import StreamKey
from shared.listen.waiting import Waiter
from shared.store.database import Database
from shared.store.store import EventStore


class Folding:
    """Also the waiter, which remembers what was waited for."""

    def __init__(self, service: Service, database: Database) -> None:
        self._service, self._database = service, database
        self._store = EventStore(database, service.name)
        self._decoder = Decoder(service.name, service.own)
        self._listeners: list[BuildListener] = []
        self.asked: list[tuple[str, str, str, int]] = []
        self.was_asked = asyncio.Event()
        self.position = 0
        self.waiter = Waiter(database)

    async def build(self) -> None:
        builds = Builds(self._database)
        made = [await builds.ensure(read_model) for read_model in self._service.read_models]
        self._listeners = [BuildListener(self._service.name, self._database, build) for build in made]

    async def catch_up(self) -> None:
        facts = await self._store.read(self.position, limit=100_000)
        delivered = [Delivered(fact, fact.position - 1) for fact in facts]
        head = facts[-1].position if facts else self.position
        batch = Batch(self._service.name, 0, 1, delivered, self.position, head)
        stretches = await self._decoder.stretches([batch])
        for listener in self._listeners:
            await listener.take(stretches)
        self.position = head

    async def retry(self, tenant: str, stream: str) -> int:
        """Handles what is parked of a stream, as an operator asks for it."""
        key = StreamKey(tenant, self._service.name, stream)
        return sum([(await listener.retry(key, self._decoder)).handled for listener in self._listeners])

    async def park(self, listener: str, stream: str, position: int) -> None:
        async with self._database.driver() as driver:
            await driver.execute(
                "insert into parked"
                " (listener, tenant, source, stream, position, partition, fact, data, error, first_seen)"
                " values ($1, 'org', $2, $3, $4, 0, '{}', '', 'broken', now())",
                *(listener, self._service.name, stream, position),
            )

    async def reached(self, listener: str, source: str, tenant: str, stream: str, position: int, timeout: float) -> str:
        self.asked.append((listener, source, stream, position))
        self.was_asked.set()
        return await self.waiter.reached(listener, source, tenant, stream, position, timeout)
