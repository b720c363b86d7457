"""A rebuild under way is seen and steered from elsewhere, and there is one of a kind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from shared.replay import rebuilds
from shared.replay.rebuilding import Outcome
from shared.replay.rebuilds import Rebuild, Runs
from shared.replay.steering import Cancelled
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import accounts
from tests.shared.replay.history import PLAN, folded, history, keep, live, rebuilding, rebuilt, rows

SLOW = replace(PLAN, throttle=0.01)


@asynccontextmanager
async def under_way(db: Database) -> AsyncIterator["asyncio.Task[Outcome]"]:
    await keep(db, history(3000).facts)
    running = asyncio.create_task(rebuilding(db, SLOW).run())
    await becomes(lambda: reading(db))
    yield running
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def one(db: Database) -> Rebuild | None:
    async with db.driver() as driver:
        return await rebuilds.newest(driver, accounts)


async def reading(db: Database) -> bool:
    found = await one(db)
    return found is not None and bool(found.done)


async def want(db: Database, wanted: rebuilds.Wanted) -> None:
    async with db.driver() as driver:
        assert await rebuilds.want(driver, 1, wanted)


async def test_who_starts_it_a_second_time_is_told_who_runs_it(db: Database) -> None:
    async with under_way(db):
        with pytest.raises(Runs, match=r"accounts version 1 is being built already: build 1, by .* on .*, process \d+"):
            await rebuilt(db)


async def test_it_rests_while_it_is_paused_and_is_faster_without_a_throttle(db: Database) -> None:
    async with under_way(db) as running:
        await want(db, "pause")

        async def rests() -> bool:
            found = await one(db)
            return found is not None and found.state == "paused" and found.rate == 0

        await becomes(rests)
        before = await one(db)
        assert before is not None
        assert before.total == 3000
        async with db.driver() as driver:
            assert await rebuilds.set_throttle(driver, 1, None)
        await want(db, "go")
        outcome = await running
    assert await rows(db, outcome.rebuild.build) == folded(history(3000).facts)


async def test_cancelled_it_leaves_nothing_behind(db: Database) -> None:
    async with under_way(db) as running:
        await want(db, "cancel")
        with pytest.raises(Cancelled):
            await running
    found = await one(db)
    assert found is not None
    assert (found.phase, await live(db)) == ("cancelled", None)
    async with db.driver() as driver:
        assert not await driver.fetchval("select count(*) from marks")
        assert not await driver.fetchval("select count(*) from pg_tables where schemaname = 'readmodels'")
    assert (await rebuilt(db)).rebuild.build == 2
