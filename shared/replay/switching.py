"""Which build is read: moving the pointer, and moving it back."""

import asyncio
from typing import Final

from shared.core.readmodel import ReadModel
from shared.listen.builds import LOCK, Build
from shared.listen.levels import marks_of
from shared.listen.listener import BuildListener
from shared.listen.marks import Marks
from shared.listen.part import passes
from shared.listen.turns import lock, turn
from shared.replay.bringing import bring
from shared.replay.history import Histories
from shared.store.database import Database, Driver

ATTEMPTS: Final = 20

_PARKED = "select count(*) from parked where listener = $1"
_LIVE = "select build from live where read_model = $1 and version = $2 for update"
_BEFORE = """select build from builds b where read_model = $1 and version = $2 and fed and pointed_at is not null
        and not exists (select from live l where l.build = b.build)
    order by pointed_at desc limit 1"""
_POINT = """with pointed as (update builds set fed = true, pointed_at = clock_timestamp() where build = $3)
    insert into live (read_model, version, build) values ($1, $2, $3)
    on conflict (read_model, version) do update set build = excluded.build"""
_THERE = "select exists (select from builds where build = $1)"


class NotSwitched(Exception):
    """The build stays beside the live one."""


class HasParked(NotSwitched):
    def __init__(self, build: Build, facts: int) -> None:
        super().__init__(f"{facts} facts are parked in {build.listener}: with them accepted, it shows all but these")


async def switch(
    service: str, database: Database, build: Build, histories: Histories, accept_parked: bool
) -> int | None:
    """From one moment to the next this build is read. Answers which was before; that one goes on being fed.

    The live one stands still meanwhile, and the new one has all it has: what was seen once stays seen.
    """
    listener = BuildListener(service, database, build)
    for attempt in range(ATTEMPTS):
        await bring(database, [listener], histories)
        async with database.driver() as driver:
            live = await _live(driver, build)
            if live == build.number:
                return live
            async with turn(driver, _listener(build, live)):
                await bring(database, [listener], histories)
                await lock(driver, build.listener)
                if await _is_level(driver, build, live) and await _live(driver, build) == live:
                    await _point(driver, build, accept_parked)
                    return live
        await asyncio.sleep(0.1 * attempt)
    raise NotSwitched(f"{build.listener} does not come level with what is live")


def _listener(build: Build, number: int | None) -> str:
    return Build(build.model, number or 0).listener


async def _live(driver: Driver, build: Build) -> int | None:
    found: int | None = await driver.fetchval(_LIVE, build.model.name, build.model.version)
    return found


async def _is_level(driver: Driver, build: Build, live: int | None) -> bool:
    if live is None:
        return True
    names = [build.listener, _listener(build, live)]
    for source in build.sources:
        marks = await marks_of(driver, source, names)
        if not covers(marks[names[0]], marks[names[1]]):
            return False
    return True


def covers(own: Marks, others: Marks) -> bool:
    """Whether everything that others have had was had here."""
    mine = own.eras[-1].marks
    if min(mine) >= max(max(era.marks) for era in others.eras):
        return True
    theirs = others.eras[0].marks
    same = len(others.eras) == 1 and len(mine) == len(theirs)
    return same and all(mark >= other for mark, other in zip(mine, theirs, strict=True))


async def _point(driver: Driver, build: Build, accept_parked: bool) -> None:
    parked = await driver.fetchval(_PARKED, build.listener)
    if parked and not accept_parked:
        raise HasParked(build, parked)
    await driver.execute("select pg_advisory_xact_lock($1)", LOCK)
    await driver.execute("update rebuilds set phase = 'live', error = null where build = $1", build.number)
    await driver.execute(_POINT, build.model.name, build.model.version, build.number)


async def previous(driver: Driver, model: ReadModel) -> int | None:
    """The build that was live before the one that is, if it is fed still."""
    found: int | None = await driver.fetchval(_BEFORE, model.name, model.version)
    return found


async def roll_back(service: str, database: Database, model: ReadModel, histories: Histories) -> tuple[int | None, int]:
    """Back to the build that was live before. Answers the one that was live until now, and the one that is."""
    async with database.driver() as driver:
        before = await previous(driver, model)
    if before is None:
        raise NotSwitched(f"{model.name} version {model.version} has no build that was live before and is fed still")
    build = Build(model, before)
    try:
        return await switch(service, database, build, histories, accept_parked=True), before
    except Exception as error:
        if passes(error) or isinstance(error, NotSwitched) or await _is_there(database, build):
            raise
        raise NotSwitched(f"{build.listener} has been dropped meanwhile") from error


async def _is_there(database: Database, build: Build) -> bool:
    async with database.driver() as driver:
        return bool(await driver.fetchval(_THERE, build.number))
