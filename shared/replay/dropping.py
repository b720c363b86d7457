"""Throwing builds away, when nobody feeds or reads them any more."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog

from shared.core.readmodel import ReadModel
from shared.listen.builds import Build
from shared.listen.held import OUTDATED, StillHeld, alone_with
from shared.listen.parking import words_of
from shared.listen.tables import SCHEMA
from shared.listen.turns import turn
from shared.replay import rebuilds
from shared.store.database import Database, Driver, is_transient

ANSWERED: Final = 2.5  # seconds: requests that began when a build was read have been answered by then

_IS_READ = f"select exists (select from builds b join live using (build) where build = $1 and not {OUTDATED})"
_UNFED = "update builds set fed = false where build = $1"
_UNREAD = """select extract(epoch from clock_timestamp() - min(later.pointed_at))::float8
    from builds b join builds later using (read_model, version)
    where b.build = $1 and later.pointed_at > b.pointed_at"""
_OLDER = """select build from builds where read_model = $1 and version = $2 and pointed_at is not null
    and build <> all($3::int[]) order by pointed_at"""
_TABLES = "select tablename from pg_tables where schemaname = $1 and tablename ~ $2"

log = structlog.get_logger()


class IsRead(Exception):
    """A live build is not thrown away, unless it is that of an older version which no worker feeds any more."""


async def drop(database: Database, build: Build) -> None:
    """Nothing of it is left then, even if somebody else drops it too. Raises IsRead, StillHeld, and Runs if it is being
    made.
    """
    async with AsyncExitStack() as stack:
        async with database.driver() as driver:
            one = await rebuilds.one(driver, build.number)
        if one is not None and one.phase in rebuilds.UNFINISHED:
            await stack.enter_async_context(rebuilds.claimed(database, build.model))
        driver = await stack.enter_async_context(_unused(database, build))
        await _drop_tables(driver, build)
        await driver.execute("delete from live where build = $1", build.number)
        await driver.execute("delete from builds where build = $1", build.number)


async def empty(database: Database, build: Build) -> None:
    """Its tables, marks and parked facts are gone; that it was is still known. Raises as `drop` does."""
    async with _unused(database, build) as driver:
        await _drop_tables(driver, build)
        await forget(driver, build)


async def forget(driver: Driver, build: Build) -> None:
    """How far it was, and what it had parked."""
    for kept in ("marks", "parked", "discarded"):
        await driver.execute(f"delete from {kept} where build = $1", build.number)


@dataclass
class Older:
    """Builds that were read before those that are kept: the dropped ones, and what kept others from being dropped."""

    dropped: list[int] = field(default_factory=list)
    trouble: str | None = None


async def drop_older(database: Database, model: ReadModel, kept: Collection[int]) -> Older:
    """What cannot be dropped now is left to the next rebuild."""
    older = Older()
    try:
        async with database.driver() as driver:
            found = await driver.fetch(_OLDER, model.name, model.version, kept)
        for (number,) in found:
            await drop(database, Build(model, number))
            log.info("build.dropped", read_model=model.name, build=number)
            older.dropped.append(number)
    except Exception as error:
        if not (isinstance(error, (IsRead, StillHeld)) or is_transient(error)):
            raise
        older.trouble = words_of(error)
        log.warning("build.not_dropped", read_model=model.name, reason=older.trouble)
    return older


@asynccontextmanager
async def _unused(database: Database, build: Build) -> AsyncIterator[Driver]:
    """A transaction in which nobody feeds, reads or switches to it."""
    async with database.driver() as driver, turn(driver, build.listener):
        await _refuse_live(build, driver)
        await driver.execute(_UNFED, build.number)
        unread: float | None = await driver.fetchval(_UNREAD, build.number)
    if unread is not None:
        await asyncio.sleep(max(ANSWERED - unread, 0))
    async with alone_with(database, build, partial(_refuse_live, build)) as driver, turn(driver, build.listener):
        await _refuse_live(build, driver)
        yield driver


async def _refuse_live(build: Build, driver: Driver) -> None:
    """Sure in a turn of the build: nobody switches to it meanwhile."""
    if await driver.fetchval(_IS_READ, build.number):
        raise IsRead(f"{build.listener} is the one that is read: it is not dropped")


async def _drop_tables(driver: Driver, build: Build) -> None:
    for (name,) in await driver.fetch(_TABLES, SCHEMA, f"_b{build.number}$"):
        await driver.execute(f'drop table {SCHEMA}."{name}"')
