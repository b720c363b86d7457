"""A service living in one database: it hears others and itself, and asks what is due, whenever the test says so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from shared.core.clock import MovableClock
from shared.core.decider import Asked, Command
from shared.core.event import Recorded
from shared.core.service import Service
from shared.feed.batch import Batch, Delivered
from shared.listen.ticker import Ticker
from shared.listen.worker import Worker
from shared.store.answers import Request
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.refusals import Refusal, Wanted, refusals
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.testing.interleavings import Fact

TENANT = "org"


class Living:
    """Its listeners, policies, deadlines and deciders are the real ones; each begins where the database says."""

    def __init__(self, service: Service, dsn: str, zones: Mapping[UUID, str]) -> None:
        self._service, self._database, self._zones = service, Database(dsn), zones
        self._desk, self._clock = Desk(service, self._database, Wakeup(self._database)), MovableClock()
        self._worker = Worker(service, self._database, self._desk, self._clock)
        self._store = EventStore(self._database, service.name)
        self._reached: dict[str, int] = defaultdict(int)

    async def start(self) -> None:
        await self._worker.start()
        await self.settle()

    async def close(self) -> None:
        await self._desk.close()
        await self._database.close()

    async def ask(self, command: Command, when: datetime, actor: UUID) -> None:
        """What comes of it is not heard before the service settles."""
        await self._desk.ask(command, Request(TENANT, Asked(when, str(actor))))

    async def told(self, *facts: Fact) -> None:
        """By other services."""
        for fact in facts:
            source = fact.recorded.source
            await self._take(source, [fact.recorded._replace(position=self._reached[source] + 1)])

    async def settle(self) -> None:
        """Hears what it has stored itself, until nothing comes of it."""
        while facts := await self._store.read(self._reached[self._service.name]):
            await self._take(self._service.name, facts)

    async def _take(self, source: str, facts: Iterable[Recorded]) -> None:
        delivered, before = [], self._reached[source]
        for fact in facts:
            delivered.append(Delivered(fact, self._reached[source]))
            self._reached[source] = fact.position
        await self._worker.take([Batch(source, 0, 1, delivered, before, self._reached[source])])

    async def it_is(self, now: datetime) -> int:
        """Answers how much two tickers found due, one after the other."""
        self._clock.set(now)
        tickers = [self._ticker(), self._ticker()]
        found = 0
        for ticker in tickers:
            found += await ticker.run_due(self._clock.now())
            await self.settle()
        return found

    def _ticker(self) -> Ticker:
        return Ticker(self._service, self._database, self._desk, self._clock, self._zones_of, "UTC")

    async def _zones_of(self, _tenant: str) -> Mapping[UUID, str]:
        return self._zones

    async def facts(self, stream: str, name: str) -> list[Recorded]:
        return [fact for fact in await self._store.stream(TENANT, stream) if fact.name == name]

    async def refused(self) -> list[Refusal]:
        async with self._database.driver() as driver:
            return await refusals(driver, self._service.name, Wanted(), None, 100)
