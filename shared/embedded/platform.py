"""The embedded platform: all services in this process, on a PostgreSQL of its own. One address answers for all.

Every service has a database there, and hears the others on the road that it is given: from store to store, or Kafka.
"""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import make_url

from shared.core.clock import MovableClock
from shared.core.service import Service
from shared.embedded.postgres import EmbeddedFailed, EmbeddedPostgres
from shared.embedded.roads import Feed, MakeRoad, Road, StoreRoad
from shared.migrations.migrate import migrate
from shared.run.front import in_front_of
from shared.run.inside import Inside, ListeningSide, MoveClock, Setting
from shared.run.leaping import Leaping
from shared.run.measuring import Measuring
from shared.run.serving import Serving
from shared.run.standing import standing
from shared.run.supervising import EndedUnexpectedly, Part, supervise

WATCH_SECONDS = 3.0

T = TypeVar("T")

log = structlog.get_logger()


class Platform:
    def __init__(
        self,
        services: Sequence[Service],
        folder: Path,
        setting: Setting,
        host: str,
        port: int,
        make_road: MakeRoad = StoreRoad,
    ) -> None:
        self._services, self._setting, self._make_road = services, setting, make_road
        self._host, self._port = host, port
        self._postgres = EmbeddedPostgres(folder)
        self._inside: dict[str, Inside] = {}
        self._listening: dict[str, ListeningSide] = {}
        self._serving: Serving | None = None
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        assert self._serving is not None, "the platform has not started"
        return self._serving.url

    async def start(self) -> None:
        """Returns when it answers. Raises EmbeddedFailed or AddressTaken."""
        await asyncio.to_thread(self._postgres.start)
        try:
            for service in self._services:  # in turn: Alembic has one migration in hand
                await self._prepare(service)
            await asyncio.gather(*map(self._open, self._services))
            road = self._make_road(self._inside)
            await asyncio.gather(*(self._listen(name, road) for name in self._inside))
            feeds = {name: road.feed(name, listening) for name, listening in self._listening.items()}
            ending = [inside.followers.end for inside in self._inside.values()]
            self._serving = Serving(in_front_of(self._apis(feeds)), self._host, self._port, ending)
            parts = [*self._parts(self._serving, feeds), *road.parts()]
            self._running = asyncio.create_task(supervise(parts, self._stop))
            await self.during(self._serving.started())
        except BaseException:
            await self.stop()
            raise

    async def during(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's outcome; what ends the platform meanwhile is raised instead."""
        assert self._running is not None
        task = asyncio.create_task(work)
        await asyncio.wait({task, self._running}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._ended(self._running)
        return await task

    def _ended(self, running: asyncio.Task[None]) -> None:
        """Raises why: trouble with the database has its own words."""
        try:
            running.result()
        except EndedUnexpectedly as ended:
            if isinstance(ended.__cause__, EmbeddedFailed):
                raise ended.__cause__ from None
            raise

    async def stop(self) -> None:
        """What is being answered is answered, batches that were begun are finished, then the database stops."""
        self._stop.set()
        if self._running is not None:
            await asyncio.wait({self._running})
        for listening in self._listening.values():
            await listening.finished()
        for inside in self._inside.values():
            await inside.close()
        await asyncio.to_thread(self._postgres.stop)

    async def _prepare(self, service: Service) -> None:
        addresses = await asyncio.to_thread(self._postgres.database, service.name)
        owner = make_url(addresses.owner).set(drivername="postgresql+asyncpg")
        await migrate(owner.render_as_string(hide_password=False))
        self._inside[service.name] = Inside(service, addresses.service, self._setting)

    async def _open(self, service: Service) -> None:
        inside = self._inside[service.name]
        await inside.start()
        self._listening[service.name] = ListeningSide(inside)

    async def _listen(self, name: str, road: Road) -> None:
        await self._listening[name].start(road.histories(name))

    def _apis(self, feeds: Mapping[str, Feed]) -> list[Any]:
        checks = {}
        for name, inside in self._inside.items():
            checks[f"{name} database"] = inside.check_database
            checks[f"{name} listeners"] = self._listening[name].check
            checks[f"{name} feed"] = _trouble_of(feeds[name])
        move_clock = self._move_clock()
        return [(one.service, one.api(checks, self.status, self.builds, move_clock)) for one in self._inside.values()]

    def _move_clock(self) -> MoveClock | None:
        if not isinstance(self._setting.clock, MovableClock):
            return None
        both = [(inside, self._listening[name]) for name, inside in self._inside.items()]
        return Leaping(self._setting.clock, both).to

    async def status(self) -> list[dict[str, Any]]:
        databases = {name: inside.database for name, inside in self._inside.items()}
        return [asdict(await standing(name, databases)) for name in self._inside]

    async def builds(self) -> list[dict[str, Any]]:
        return [build for inside in self._inside.values() for build in await inside.builds()]

    def _parts(self, serving: Serving, feeds: Mapping[str, Feed]) -> list[Part]:
        parts = [Part("http", serving.run, serving.stop), Part("database", self._watch)]
        databases = {name: inside.database for name, inside in self._inside.items()}
        for name, feed in feeds.items():
            listening = self._listening[name]
            parts.append(Part(f"{name} feed", partial(feed.run, listening.take)))
            parts.append(Part(f"{name} adopting", listening.adopt))
            parts.append(Part(f"{name} ticker", listening.ticker.run))
            parts.append(Part(f"{name} measuring", Measuring(name, databases).run))
        return parts

    async def _watch(self) -> None:
        """A database that has stopped, or whose disk is full, ends the platform with words that say so."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if (trouble := await asyncio.to_thread(self._postgres.trouble)) is not None:
                raise trouble


def _trouble_of(feed: Feed) -> Any:
    async def check() -> str | None:
        return feed.trouble

    return check
