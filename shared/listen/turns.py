"""Workers of one listener take turns, a transaction long. Row locks would not do: where there is no row, none locks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from shared.store.database import Driver


def _lock_of(listener: str) -> str:
    key = int.from_bytes(sha256(f"listener {listener}".encode()).digest()[:8], signed=True)
    return f"select pg_advisory_xact_lock({key})"


async def lock(driver: Driver, listener: str) -> None:
    """Until the end of the transaction that is open."""
    await driver.execute(_lock_of(listener))


# Rows are found by key: to plan that anew, for so many keys, takes as long as to do it. A plan that is made while a
# table is small is kept when it has grown, so it is to be an index's work from the beginning.
_BY_KEY = (
    "set local plan_cache_mode = force_generic_plan;"
    " set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off"
)


@asynccontextmanager
async def turn(driver: Driver, listener: str) -> AsyncIterator[None]:
    """A transaction that begins with the listener's lock, in one round trip."""
    try:
        await driver.execute(f"begin; {_BY_KEY}; {_lock_of(listener)}")
        yield
    except BaseException:
        if not driver.is_closed():
            await driver.execute("rollback")
        raise
    else:
        await driver.execute("commit")


@asynccontextmanager
async def savepoint(driver: Driver) -> AsyncIterator[None]:
    """Inside a turn: what fails in it is taken back, and the turn goes on."""
    await driver.execute("savepoint trial")
    try:
        yield
    except BaseException:
        if not driver.is_closed():
            await driver.execute("rollback to trial; release trial")
        raise
    else:
        await driver.execute("release trial")
