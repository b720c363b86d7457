"""One service in a process: the parts every role has, and those that only some have."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from shared.core.access import Caller
from shared.core.clock import Clock
from shared.core.service import Service
from shared.feed.batch import Batch
from shared.listen.ticker import Ticker
from shared.listen.waiting import Waiter
from shared.listen.worker import Worker
from shared.run.finishing import Finishing
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.web.app import create_api
from shared.web.health import Check
from shared.web.tokens import Tokens
from shared.web.view import Room
from shared.web.views import Views

Status = Callable[[], Awaitable[Any]]
MoveClock = Callable[[datetime], Awaitable[datetime]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all services of a process share."""

    clock: Clock
    tokens: Tokens
    time_zone: str
    pool: int = 10


class Inside:
    """Store and desk, and on them the two other sides: the api, and `Listening`."""

    def __init__(self, service: Service, dsn: str, setting: Setting) -> None:
        self.service, self.setting = service, setting
        self.database = Database(dsn, pool=setting.pool)
        self.store = EventStore(self.database, service.name)
        self.wakeup = Wakeup(self.database)
        self.waiter = Waiter(self.database)
        self.desk = Desk(service, self.database, self.wakeup)
        self._room = Room.of(service, self.database)

    async def start(self) -> None:
        await self.wakeup.start()

    async def close(self) -> None:
        """What has been asked is answered first."""
        await self.desk.close()
        await self.waiter.close()
        await self.wakeup.stop()
        await self.database.close()

    def api(self, checks: Mapping[str, Check], status: Status, move_clock: MoveClock | None) -> FastAPI:
        return create_api(
            self.service,
            desk=self.desk,
            database=self.database,
            clock=self.setting.clock,
            tokens=self.setting.tokens,
            waiter=self.waiter,
            time_zone=self.setting.time_zone,
            checks=checks,
            status=status,
            move_clock=move_clock,
        )

    async def zones(self, tenant: str) -> Mapping[UUID, str]:
        """The time zones of an organisation's teams, as the service's own directory has them."""
        view = await Views(self._room, self.setting.clock).open(Caller(tenant, "ticker", frozenset()))
        return await self.service.directory.zones(view)

    async def check_database(self) -> str | None:
        """For readiness: the database answers, and every read model has a build that can be read."""
        live = await self._room.builds.now()
        missing = [read_model.name for read_model in self.service.read_models if read_model.name not in live]
        return f"not built yet: {', '.join(missing)}" if missing else None


class Listening:
    """The worker and the ticker of one service. A batch that was begun is finished before they are let go."""

    def __init__(self, inside: Inside) -> None:
        service, clock = inside.service, inside.setting.clock
        self.ticker = Ticker(service, inside.database, inside.desk, clock, inside.zones, inside.setting.time_zone)
        told, deadlines_told = inside.waiter.told, self.ticker.told
        self.worker = Worker(service, inside.database, inside.desk, clock, told=told, deadlines_told=deadlines_told)
        self._sources = service.sources
        self._finishing = Finishing()

    async def take(self, batches: Sequence[Batch]) -> None:
        await self._finishing.run(self.worker.take(batches))

    async def finished(self) -> None:
        await self._finishing.done()

    @property
    def listeners(self) -> list[tuple[str, str]]:
        """Each with every source it hears."""
        return [(name, source) for name, one in self.worker.listeners.items() for source in one.place.sources]

    @property
    def heard(self) -> frozenset[str]:
        """The stored names that anybody here hears."""
        return frozenset().union(*(self.worker.hears(source) for source in self._sources))

    async def check(self) -> str | None:
        """For readiness: what keeps it from listening."""
        stopped = [f"{name} has stopped: {why}" for name, why in self.worker.stopped.items()]
        late = [f"{name} is being brought up" for name in await self.worker.late()]
        words = [self.worker.trouble, self.ticker.trouble, *stopped, *late]
        return "; ".join(word for word in words if word) or None
