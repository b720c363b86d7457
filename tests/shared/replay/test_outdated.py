"""A newer image has taken over: what the old one read waits for its return, and is nobody's trouble."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from shared.listen.blocked import Wanted, listed
from shared.listen.builds import Build
from shared.listen.held import FEEDING
from shared.listen.parking import Parking, park
from shared.replay import rebuilds
from shared.replay.dropping import IsRead, drop
from shared.run.standing import standing
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import accounts
from tests.shared.replay.feeding import feeding
from tests.shared.replay.history import folded, history, keep, rebuilt, renumbered, rows
from tests.shared.replay.loaded import FIRST, nothing_is_left_of, reached_all

_HOLDERS = """select count(*) from pg_locks where locktype = 'advisory' and (classid::int, objid::int) = ($1, $2)
    and database = (select oid from pg_database where datname = current_database())"""
NEWER = renumbered(accounts, 2)

pytestmark = pytest.mark.usefixtures("nobody_asks")


async def states(db: Database) -> dict[str, str]:
    async with db.driver() as driver:
        return {one.listener: one.state for one in await rebuilds.shown(driver)}


async def counted(db: Database) -> dict[str, int | None]:
    return {heard.listener: heard.lag.facts for heard in (await standing("bank", {"bank": db})).listeners}


async def blocked(db: Database, listener: str | None = None) -> list[str]:
    async with db.driver() as driver:
        return [one.listener for one in await listed(driver, Wanted(listener))]


async def is_held(db: Database) -> bool:
    async with db.driver() as driver:
        return bool(await driver.fetchval(_HOLDERS, FEEDING, FIRST.number))


async def is_free(db: Database) -> bool:
    return not await is_held(db)


@asynccontextmanager
async def old_image(db: Database, dsn: str) -> AsyncIterator[None]:
    """While this is open, a worker feeds the first version."""

    async with feeding(dsn, accounts):
        await becomes(partial(is_held, db))
        yield
    await becomes(partial(is_free, db))


async def test_a_version_is_outdated_when_a_newer_one_is_read_and_no_worker_feeds_it(
    db: Database, database: str
) -> None:
    log = history(200)
    await keep(db, log.facts)
    await rebuilt(db)
    async with old_image(db, database):
        newer = Build(NEWER, (await rebuilt(db, model=NEWER)).rebuild.build)
        assert await states(db) == {FIRST.listener: "live", newer.listener: "live"}
        with pytest.raises(IsRead):
            await drop(db, FIRST)
    await keep(db, history(300, log, seed=2).facts[200:])
    async with feeding(database, NEWER):
        await reached_all(db, newer, 300)
        assert await states(db) == {FIRST.listener: "outdated", newer.listener: "live"}
        assert await counted(db) == {newer.listener: 0}


async def test_the_old_image_may_come_back_until_its_build_is_dropped(db: Database, database: str) -> None:
    log = history(200)
    await keep(db, log.facts)
    await rebuilt(db)
    await rebuilt(db, model=NEWER)
    assert (await states(db))[FIRST.listener] == "outdated"
    await keep(db, history(300, log, seed=2).facts[200:])
    async with old_image(db, database):
        await reached_all(db, FIRST, 300)
        assert await rows(db, FIRST.number) == folded(log.facts)
        with pytest.raises(IsRead):
            await drop(db, FIRST)
    await drop(db, FIRST)
    await nothing_is_left_of(db, FIRST)


async def test_what_an_outdated_build_has_parked_is_listed_when_it_is_asked_for(db: Database, database: str) -> None:
    log = history(200)
    await keep(db, log.facts)
    await rebuilt(db)
    newer = Build(NEWER, (await rebuilt(db, model=NEWER)).rebuild.build)
    async with old_image(db, database):
        async with db.driver() as driver:
            for build in (FIRST, newer):
                await park(driver, build.listener, [Parking(log.facts[0], "no such account")])
        assert await blocked(db) == [FIRST.listener, newer.listener]
    assert await blocked(db) == [newer.listener]
    assert await blocked(db, FIRST.listener) == [FIRST.listener]
