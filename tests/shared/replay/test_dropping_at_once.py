"""A build is dropped while others drop it too, roll back to it, make it, read it, or ask what it shows."""

import asyncio
from typing import Any

import pytest

from shared.listen import held
from shared.listen.builds import Build
from shared.listen.held import StillHeld
from shared.replay import dropping, switching
from shared.replay.dropping import IsRead, drop
from shared.replay.rebuilds import Runs, claimed
from shared.replay.switching import NotSwitched, roll_back
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import accounts
from tests.shared.replay.feeding import fed, feeding
from tests.shared.replay.history import folded, histories, history, keep, live, rebuilt, rows
from tests.shared.replay.loaded import FIRST, nothing_is_left_of, reached_all, reached_any, replaced, under_load

pytestmark = pytest.mark.usefixtures("nobody_asks")


async def test_two_drops_at_once_leave_nothing(db: Database, database: str, trouble: Any) -> None:
    async with feeding(database, accounts) as worker, under_load(db) as all_of_it:
        await reached_any(db)
        second = await replaced(db, worker)
        await asyncio.gather(drop(db, FIRST), drop(db, FIRST))
        await nothing_is_left_of(db, FIRST)
        await reached_all(db, second, len(await all_of_it()))


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.03, 0.1, 0.3, 1.0])
async def test_a_drop_and_a_roll_back_end_in_one_of_the_two(
    db: Database, database: str, trouble: Any, seconds: float
) -> None:
    async with feeding(database, accounts) as worker, under_load(db) as all_of_it:
        await reached_any(db)
        second = await replaced(db, worker)

        async def rolls_back_later() -> Any:
            await asyncio.sleep(seconds)
            return await roll_back("bank", db, accounts, histories(db))

        ends: Any = await asyncio.gather(drop(db, FIRST), rolls_back_later(), return_exceptions=True)
        dropped, back = ends
        facts = await all_of_it()
        if dropped is None:
            assert isinstance(back, NotSwitched)
            assert await live(db) == second.number
            await nothing_is_left_of(db, FIRST)
        else:
            assert isinstance(dropped, IsRead)
            assert back == (second.number, 1)
            assert await live(db) == 1
        read = Build(accounts, await live(db) or 0)
        await becomes(lambda: fed(worker, accounts, read.number))
        await reached_all(db, read, len(facts))
        assert await rows(db, read.number) == folded(facts)
        assert worker.worker.listening.stopped == {}


async def test_a_drop_gives_up_when_it_is_rolled_back_to_while_workers_hold_it(
    db: Database, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, is_unfed = asyncio.Event(), asyncio.Event()
    switch = switching.switch

    async def later(*args: Any, **named: Any) -> int | None:
        chosen.set()
        await is_unfed.wait()
        return await switch(*args, **named)

    async def unfed() -> bool:
        async with db.driver() as driver:
            return not await driver.fetchval("select fed from builds where build = 1")

    monkeypatch.setattr(switching, "switch", later)
    async with feeding(database, accounts) as worker, under_load(db):
        await reached_any(db)
        await replaced(db, worker)
        async with worker.worker.listening.between_batches:
            back = asyncio.create_task(roll_back("bank", db, accounts, histories(db)))
            await chosen.wait()
            dropped = asyncio.create_task(drop(db, FIRST))
            await becomes(unfed)
            is_unfed.set()
            assert await back == (2, 1)
            with pytest.raises(IsRead):
                async with asyncio.timeout(10):
                    await dropped
        assert await live(db) == 1
        await becomes(lambda: fed(worker, accounts, 1))


async def test_one_that_is_being_made_is_not_dropped(db: Database) -> None:
    await keep(db, history(100).facts)
    await rebuilt(db)
    async with db.driver() as driver:
        await driver.execute("update rebuilds set phase = 'reading'; delete from live")
    async with claimed(db, accounts):
        with pytest.raises(Runs):
            await drop(db, FIRST)
    await drop(db, FIRST)
    await nothing_is_left_of(db, FIRST)


async def test_one_whose_rows_are_read_is_waited_for_and_told(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(db, history(100).facts)
    await rebuilt(db)
    await rebuilt(db)
    monkeypatch.setattr(held, "PATIENCE", 0.3)
    async with db.driver() as driver, driver.transaction():
        await driver.execute("set local application_name = 'a backup'")
        await driver.execute("lock readmodels.accounts_account_b1 in access share mode")
        with pytest.raises(StillHeld, match=r"b1 is still held by a backup \(backend \d+"):
            await drop(db, FIRST)
    await drop(db, FIRST)
    await nothing_is_left_of(db, FIRST)


async def test_requests_that_read_it_are_answered_first(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(db, history(100).facts)
    await rebuilt(db)
    monkeypatch.setattr(dropping, "ANSWERED", 3600.0)
    await rebuilt(db)
    dropping_it = asyncio.create_task(drop(db, FIRST))

    async def is_unfed() -> bool:
        async with db.driver() as driver:
            return not await driver.fetchval("select fed from builds where build = 1")

    await becomes(is_unfed)
    assert not dropping_it.done()
    assert await rows(db, 1) == folded(history(100).facts)
    dropping_it.cancel()
    await asyncio.gather(dropping_it, return_exceptions=True)
    async with db.driver() as driver:
        await driver.execute("update builds set pointed_at = pointed_at - interval '2 hours'")
    await drop(db, FIRST)
