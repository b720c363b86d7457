"""Workers of a bank that is never at rest, and what is left of a build that was dropped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from shared.listen.builds import Build
from shared.run.standing import standing
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import accounts
from tests.shared.replay.feeding import Feeding, fed
from tests.shared.replay.history import history, keep, rebuilt

FIRST = Build(accounts, 1)


async def nothing_is_left_of(db: Database, build: Build) -> None:
    async with db.driver() as driver:
        for table in ("marks", "parked", "discarded"):
            assert not await driver.fetchval(f"select count(*) from {table} where listener = $1", build.listener)
        assert not await driver.fetchval("select count(*) from builds where build = $1", build.number)
        assert not await driver.fetchval("select count(*) from pg_tables where tablename like $1", f"%b{build.number}")
    assert build.listener not in {heard.listener for heard in (await standing("bank", {"bank": db})).listeners}


def let_go(worker: Feeding, build: Build) -> bool:
    return (
        build.listener
        not in worker.worker.listening.listeners.keys()
        | worker.worker.listening.stopped.keys()
        | worker.worker.listening.away
    )


@asynccontextmanager
async def under_load(db: Database) -> AsyncIterator[Any]:
    """Facts come all the while. Yields all that came when it is called."""
    log, over = history(500), asyncio.Event()
    await keep(db, log.facts)

    async def come() -> None:
        while not over.is_set():
            before = len(log.facts)
            history(before + 40, log, seed=before)
            await keep(db, log.facts[before:])
            await asyncio.sleep(0.02)

    coming = asyncio.create_task(come())

    async def all_of_it() -> Any:
        over.set()
        await coming
        return log.facts

    try:
        yield all_of_it
    finally:
        over.set()
        await asyncio.gather(coming, return_exceptions=True)


async def replaced(db: Database, *workers: Feeding) -> Build:
    """Another build is live then, and the first one fed as it was."""
    outcome = await rebuilt(db)
    build = Build(accounts, outcome.rebuild.build)
    for worker in workers:
        await becomes(partial(fed, worker, accounts, build.number))
        assert fed(worker, accounts, 1)
    return build


async def reached_any(db: Database) -> None:
    async def begun() -> bool:
        async with db.driver() as driver:
            return bool(await driver.fetchval("select max(position) from marks"))

    await becomes(begun)


async def reached_all(db: Database, build: Build, facts: int) -> None:
    async def is_there() -> bool:
        now = await standing("bank", {"bank": db})
        return any(one.listener == build.listener and one.lag.facts == 0 for one in now.listeners) and now.head == facts

    await becomes(is_there)
