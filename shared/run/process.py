"""A process of one service over Kafka: its role says which sides it has."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, Protocol

import structlog
from starlette.applications import Starlette
from starlette.types import ASGIApp

from shared.core.clock import MovableClock
from shared.core.service import Service
from shared.feed.broker import make_broker
from shared.feed.kafka import KafkaFeed
from shared.feed.relay import Relay
from shared.listen.decode import Decoder
from shared.replay.topic import TopicHistory
from shared.run.inside import Inside, ListeningSide, MoveClock, Setting
from shared.run.leaping import Leaping
from shared.run.measuring import Measuring
from shared.run.outages import database_ready, waited_for
from shared.run.serving import Serving
from shared.run.standing import standing
from shared.run.supervising import Part, supervise
from shared.store.database import is_transient
from shared.web import health
from shared.web.health import Check

Role = Literal["api", "relay", "worker", "run"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wires:
    """Where a process is connected. `topics` are by source, its own among them; only `api` can do without Kafka."""

    dsn: str
    kafka: str
    topics: Mapping[str, str]
    group: str
    host: str
    port: int


class Process:
    def __init__(self, service: Service, role: Role, setting: Setting, wires: Wires) -> None:
        self._service, self._role, self._setting, self._wires = service, role, setting, wires
        self._inside = Inside(service, wires.dsn, setting)
        self._databases = {service.name: self._inside.database}
        self._sides: list[_Side] = []
        if role in ("relay", "run"):
            self._sides.append(_Sending(self._inside, wires))
        if role in ("worker", "run"):
            self._sides.append(_Hearing(self._inside, wires))

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop. Whether it is alive and ready is answered from the beginning."""
        serving = Serving(self._app(), self._wires.host, self._wires.port, [self._inside.followers.end])
        log.info("process.starts", service=self._service.name, role=self._role, url=serving.url)
        parts = [Part("http", serving.run, serving.stop)]
        for side in self._sides:
            parts += side.parts()
        await self._inside.start()
        try:
            await supervise(parts, stop)
        finally:
            for side in self._sides:
                await side.finished()
            await self._inside.close()
        log.info("process.stopped", service=self._service.name, role=self._role)

    def _app(self) -> ASGIApp:
        checks: dict[str, Check] = {"database": self._inside.check_database}
        for side in self._sides:
            checks |= side.checks()
        if self._role in ("api", "run"):
            return self._inside.api(checks, self._status, self._inside.builds, self._move_clock())
        return Starlette(routes=health.routes(self._service.name, checks))

    async def _status(self) -> dict[str, Any]:
        return asdict(await standing(self._service.name, self._databases))

    def _move_clock(self) -> MoveClock | None:
        hearing = [side for side in self._sides if isinstance(side, _Hearing)]
        if not isinstance(self._setting.clock, MovableClock) or not hearing:
            return None
        return Leaping(self._setting.clock, [(self._inside, side.listening) for side in hearing]).to


class _Side(Protocol):
    def parts(self) -> list[Part]: ...

    def checks(self) -> dict[str, Check]: ...

    async def finished(self) -> None: ...


class _Sending:
    """The relay. It waits for its servers by itself."""

    def __init__(self, inside: Inside, wires: Wires) -> None:
        name = inside.service.name
        connect = partial(make_broker, wires.kafka, f"luotsi-{name}-relay")
        self._inside = inside
        self._relay = Relay(inside.database, inside.store, inside.wakeup, connect, topic=wires.topics[name])

    def parts(self) -> list[Part]:
        return [Part("relay", self._relay.run, self._relay.stop)]

    def checks(self) -> dict[str, Check]:
        return {"relay": self._check}

    async def _check(self) -> str | None:
        return self._relay.trouble

    async def finished(self) -> None:
        """Nothing of it goes on after its part has ended."""


class _Hearing:
    """Feed, listeners and ticker; the builds are made when the database is there."""

    def __init__(self, inside: Inside, wires: Wires) -> None:
        self._inside, self.listening = inside, ListeningSide(inside)
        self._started = asyncio.Event()
        name = inside.service.name
        connect = partial(make_broker, wires.kafka, f"luotsi-{name}-worker", consumer_only=True)
        decoder = Decoder(name, inside.service.known)
        self._histories = {
            source: TopicHistory(source, topic, connect, decoder) for source, topic in wires.topics.items()
        }
        self._feed = KafkaFeed(name, connect, wires.topics, heard=self.listening.heard, group=wires.group)

    def parts(self) -> list[Part]:
        both = [Part("feed", self._hear), Part("adopting", self._adopt)]
        return [*both, Part("ticker", self._tick), Part("measuring", self._measure)]

    async def _hear(self) -> None:
        name = self._inside.service.name
        await database_ready(self._inside.database, name)
        start = partial(self.listening.start, self._histories)
        await waited_for(f"builds of {name}", start, is_transient)
        self._started.set()
        await self._feed.run(self.listening.take)

    async def _adopt(self) -> None:
        await self._started.wait()
        await self.listening.adopt()

    async def _tick(self) -> None:
        await self._started.wait()
        await self.listening.ticker.run()

    async def _measure(self) -> None:
        await self._started.wait()
        name = self._inside.service.name
        await Measuring(name, {name: self._inside.database}).run()

    def checks(self) -> dict[str, Check]:
        return {"listeners": self.listening.check, "feed": self._check}

    async def _check(self) -> str | None:
        return self._feed.trouble

    async def finished(self) -> None:
        await self.listening.finished()
