"""Rebuilds, as everybody can see and steer them: a row each, and a lock that says whether somebody runs it."""

import getpass
import json
import os
import platform
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Literal

import asyncpg

from shared.core.readmodel import ReadModel
from shared.listen.builds import Build
from shared.listen.held import OUTDATED
from shared.store.database import Database, Driver

Phase = Literal["reading", "catching up", "verifying", "ready", "live", "aside", "differs", "failed", "cancelled"]
Wanted = Literal["go", "pause", "cancel"]
UNFINISHED: Final = ("reading", "catching up", "verifying", "ready", "failed")
_SHOWN = f"""select b.build, b.read_model, b.version, r.phase, r.wanted, r.throttle, r.operator, r.host, r.pid,
        r.started_at, r.heartbeat_at, r.done, r.total, r.rate, r.error, b.fed, b.pointed_at,
        l.build is not null as live, l.build is not null and {OUTDATED} as outdated, r.aim::text as aim
    from builds b left join rebuilds r using (build) left join live l using (build)"""
_BEGIN = """insert into rebuilds (build, phase, aim, throttle, operator, host, pid)
    values ($1, 'reading', $2::json, $3, $4, $5, $6)
    on conflict (build) do update set wanted = 'go', throttle = $3, operator = $4, host = $5, pid = $6, error = null,
        phase = 'reading', heartbeat_at = clock_timestamp()"""

_UNFINISHED = "b.read_model = $1 and b.version = $2 and r.phase = any($3)"
_RUN_BY = "select from rebuilds where build = $1 and (host, pid) = ($2, $3)"


class Runs(Exception):
    """Somebody runs this rebuild already."""

    def __init__(self, what: str, running: "Rebuild | None") -> None:
        words = "is being looked after by another process"
        if running is not None:
            since = f"since {running.started_at:%Y-%m-%d %H:%M:%S %Z}"
            by = f"by {running.operator} on {running.host}, process {running.pid}"
            words = f"is being built already: build {running.build}, {by}, {since}, {running.words}"
        super().__init__(f"{what} {words}")


@dataclass(frozen=True)
class Rebuild:
    """One build as it is shown. What concerns its making is None for one that was made empty."""

    build: int
    read_model: str
    version: int
    phase: Phase | None
    wanted: str | None
    throttle: float | None
    operator: str | None
    host: str | None
    pid: int | None
    started_at: datetime | None
    heartbeat_at: datetime | None
    done: int | None
    total: int | None
    rate: float | None
    error: str | None
    fed: bool
    pointed_at: datetime | None
    live: bool
    outdated: bool
    aim: str | None

    @property
    def listener(self) -> str:
        return f"{self.read_model}.v{self.version}.b{self.build}"

    @property
    def state(self) -> str:
        """live, outdated, previous, or how far its making is."""
        if self.live:
            return "outdated" if self.outdated else "live"
        if self.fed and self.pointed_at:
            return "previous"
        return "paused" if self.wanted == "pause" and self.phase in UNFINISHED else self.phase or "empty"

    @property
    def eta(self) -> float | None:
        """Seconds until all is read, at the rate of late."""
        if self.phase != "reading" or not self.rate or self.total is None or self.done is None:
            return None
        return max(self.total - self.done, 0) / self.rate

    @property
    def words(self) -> str:
        share = f" {100 * (self.done or 0) // self.total} %" if self.total and self.phase == "reading" else ""
        return f"{self.state}{share}"

    def as_dict(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "aim"}
        return {**told, "state": self.state, "eta": self.eta, "aim": json.loads(self.aim) if self.aim else None}


async def shown(driver: Driver, where: str = "true", *values: Any) -> list[Rebuild]:
    return [Rebuild(*row) for row in await driver.fetch(f"{_SHOWN} where {where} order by 2, 3, 1", *values)]


async def one(driver: Driver, build: int) -> Rebuild | None:
    found = await shown(driver, "b.build = $1", build)
    return found[0] if found else None


async def unfinished(driver: Driver, model: ReadModel) -> Rebuild | None:
    """The newest that was begun for this version, to be switched to or to be looked at."""
    found = await shown(driver, _UNFINISHED, model.name, model.version, UNFINISHED)
    return found[-1] if found else None


async def to_go_on_with(driver: Driver, model: ReadModel) -> Rebuild | None:
    """The newest of these that is to be switched to: of what is to be looked at, all after then would be missing."""
    found = await shown(driver, f"{_UNFINISHED} and r.aim::text = '{{}}'", model.name, model.version, UNFINISHED)
    return found[-1] if found else None


async def newest(driver: Driver, model: ReadModel) -> Rebuild | None:
    """The last that was begun for this version, whatever became of it."""
    found = await shown(
        driver, "b.read_model = $1 and b.version = $2 and r.phase <> 'aside'", model.name, model.version
    )
    return found[-1] if found else None


def _key(model: ReadModel) -> int:
    named = f"rebuild {model.name}.v{model.version}".encode()
    return int.from_bytes(sha256(named).digest()[:8], signed=True)


async def is_run(driver: Driver, model: ReadModel) -> bool:
    """Whether somebody builds this version just now."""
    if await driver.fetchval("select pg_try_advisory_lock($1)", _key(model)):
        await driver.execute("select pg_advisory_unlock($1)", _key(model))
        return False
    return True


@asynccontextmanager
async def claimed(database: Database, model: ReadModel) -> AsyncIterator[Driver]:
    """While this is open nobody else builds this version; whoever is killed lets go of it. Raises Runs."""
    driver = await database.connect()
    try:
        if not await driver.fetchval("select pg_try_advisory_lock($1)", _key(model)):
            raise Runs(f"{model.name} version {model.version}", await unfinished(driver, model))
        yield driver
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):  # it goes with the connection, but later
            await driver.execute("select pg_advisory_unlock($1)", _key(model))
    finally:
        driver.terminate()


async def begin(driver: Driver, build: Build, aim: Mapping[str, Any], throttle: float | None) -> None:
    """This process runs it from here on, whoever did before."""
    who = getpass.getuser(), platform.node(), os.getpid()
    await driver.execute(_BEGIN, build.number, json.dumps(aim, default=str), throttle, *who)


async def is_run_by(driver: Driver, build: int, pid: int) -> bool:
    """Whether this process of this machine was the last to begin."""
    return bool(await driver.fetch(_RUN_BY, build, platform.node(), pid))


async def stays_run_by(driver: Driver, build: int, pid: int) -> bool:
    """The same, and nobody else begins until the transaction ends. Asked last: steering waits as long, too."""
    return bool(await driver.fetch(f"{_RUN_BY} for share", build, platform.node(), pid))


async def enter(driver: Driver, build: int, phase: Phase, error: str | None = None) -> None:
    await driver.execute("update rebuilds set phase = $2, error = $3 where build = $1", build, phase, error)


async def want(driver: Driver, build: int, wanted: Wanted) -> bool:
    """Steers it from another process. False when there is no such rebuild under way."""
    query = "update rebuilds set wanted = $2 where build = $1 and phase = any($3)"
    return str(await driver.execute(query, build, wanted, UNFINISHED)) == "UPDATE 1"


async def set_throttle(driver: Driver, build: int, throttle: float | None) -> bool:
    return (
        str(await driver.execute("update rebuilds set throttle = $2 where build = $1", build, throttle)) == "UPDATE 1"
    )
