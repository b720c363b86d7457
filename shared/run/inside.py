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
from shared.replay import rebuilds
from shared.replay.adopting import Adopting
from shared.replay.history import Histories
from shared.replay.starting import Starting
from shared.run.finishing import Finishing
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.web.app import create_api
from shared.web.followers import Followers
from shared.web.health import Check
from shared.web.tokens import Tokens
from shared.web.view import Room
from shared.web.views import Views

Status = Callable[[], Awaitable[Any]]
MoveClock = Callable[[datetime], Awaitable[datetime]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all services of a process share. `rebuild`: of a service, the command that builds a read model of it, the
    read model's name to be added.
    """

    clock: Clock
    tokens: Tokens
    time_zone: str
    pool: int = 10
    rebuild: Callable[[str], Sequence[str]] = lambda _: ()


class Inside:
    """Store and desk, and on them the two other sides: the api, and `ListeningSide`."""

    def __init__(self, service: Service, dsn: str, setting: Setting) -> None:
        self.service, self.setting = service, setting
        self.database = Database(dsn, pool=setting.pool)
        self.store = EventStore(self.database, service.name)
        self.wakeup = Wakeup(self.database)
        self.waiter = Waiter(self.database)
        self.followers = Followers(service, self.database)
        self.desk = Desk(service, self.database, self.wakeup)
        self._room = Room.of(service, self.database)

    async def start(self) -> None:
        await self.wakeup.start()

    def told(self) -> None:
        """Marks have moved in this process."""
        self.waiter.told()
        self.followers.told()

    async def close(self) -> None:
        """What has been asked is answered first."""
        await self.desk.close()
        await self.waiter.close()
        await self.followers.close()
        await self.wakeup.stop()
        await self.database.close()

    def api(self, checks: Mapping[str, Check], status: Status, builds: Status, move_clock: MoveClock | None) -> FastAPI:
        return create_api(
            self.service,
            desk=self.desk,
            database=self.database,
            clock=self.setting.clock,
            tokens=self.setting.tokens,
            waiter=self.waiter,
            followers=self.followers,
            time_zone=self.setting.time_zone,
            checks=checks,
            status=status,
            rebuilds=builds,
            move_clock=move_clock,
        )

    async def zones(self, tenant: str) -> Mapping[UUID, str]:
        """The time zones of an organisation's teams, as the service's own directory has them."""
        view = await Views(self._room, self.setting.clock).open(Caller(tenant, "ticker", frozenset()))
        return await self.service.directory.zones(view)

    async def builds(self) -> list[dict[str, Any]]:
        """All builds, and how far those are that are being made."""
        async with self.database.driver() as driver:
            return [{"service": self.service.name, **one.as_dict()} for one in await rebuilds.shown(driver)]

    async def check_database(self) -> str | None:
        """For readiness: the database answers, and every read model has a build that can be read."""
        live = await self._room.builds.now()
        missing = [read_model for read_model in self.service.read_models if read_model.name not in live]
        if not missing:
            return None
        async with self.database.driver() as driver:
            made = [(one, await rebuilds.newest(driver, one)) for one in missing]
        return "not built yet: " + ", ".join(f"{m.name} ({one.words})" if one else m.name for m, one in made)


class ListeningSide:
    """The worker and the ticker of one service. A batch that was begun is finished before they are let go."""

    def __init__(self, inside: Inside) -> None:
        service, clock = inside.service, inside.setting.clock
        self._inside = inside
        self.ticker = Ticker(service, inside.database, inside.desk, clock, inside.zones, inside.setting.time_zone)
        told, deadlines_told = inside.told, self.ticker.told
        self.worker = Worker(service, inside.database, inside.desk, clock, told=told, deadlines_told=deadlines_told)
        self._adopting: Adopting | None = None
        self._sources = service.sources
        self._finishing = Finishing()

    async def start(self, histories: Histories) -> None:
        await self.worker.start()
        inside = self._inside
        starting = Starting(inside.setting.rebuild(inside.service.name))
        self._adopting = Adopting(inside.database, self.worker, histories, starting, inside.waiter.told)
        await self._adopting.start()

    async def adopt(self) -> None:
        """Looks after what the feed does not: for as long as it runs."""
        assert self._adopting is not None, "it has not started"
        await self._adopting.run()

    async def take(self, batches: Sequence[Batch]) -> None:
        await self._finishing.run(self.worker.take(batches))

    async def finished(self) -> None:
        await self._finishing.done()

    @property
    def listeners(self) -> list[tuple[str, str]]:
        """Each with every source it hears."""
        return [(name, source) for name, one in self.worker.listening.listeners.items() for source in one.place.sources]

    @property
    def heard(self) -> frozenset[str]:
        """The stored names that anybody here hears."""
        return frozenset().union(*(self.worker.hears(source) for source in self._sources))

    async def check(self) -> str | None:
        """For readiness: what keeps it from listening."""
        stopped = [f"{name} has stopped: {why}" for name, why in self.worker.listening.stopped.items()]
        behind = self._adopting.trouble if self._adopting else "it has not started"
        words = [self.worker.trouble, self.ticker.trouble, *stopped, behind]
        return "; ".join(word for word in words if word) or None
