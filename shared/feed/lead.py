"""Who leads among the relays of one service, and how far what it sends has come."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from socket import gethostname
from typing import Final

from shared.feed.backoff import rest
from shared.store.database import Database, Driver

LOCK: Final = 76117074
_TRY = f"select pg_try_advisory_lock({LOCK})"
_READ = "select partitions, mark, lasts from relay"
_BEGIN = """insert into relay (partitions, mark, lasts) values ($1, 0, array_fill(0::bigint, array[$1::int]))
    on conflict do nothing"""
_MOVE = "update relay set mark = $2, lasts = $3 where mark = $1"
# A host that vanished gives its lock back within half a minute, not after two hours.
# A mark does not wait for the disk: one that a power cut takes back costs repeats, as a lost connection does.
_SETTINGS = f"""set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4;
    set synchronous_commit = off; set application_name = 'luotsi lead, process {os.getpid()} on {gethostname()}'"""
_TROUBLE = "update relay set trouble = $1 where trouble is distinct from $1"
_PUT = """insert into relay (partitions, mark, lasts, republishing) values ($1, $2, $3, $4)
    on conflict (one) do update set (partitions, mark, lasts, republishing, trouble) = ($1, $2, $3, $4, null)"""
_HOLDER = f"""select coalesce(nullif(application_name, ''), 'a session') || coalesce(' from ' || host(client_addr), '')
        || ', there since ' || date_trunc('second', backend_start)
    from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and objid = {LOCK} and granted
    and database = (select oid from pg_database where datname = current_database())"""
_SECONDS = 30.0


class Deposed(ConnectionError):
    """It leads no longer: its connection is lost, or another relay has moved the mark."""


class Taken(Exception):
    """Somebody else leads, and has not let go in time."""


@dataclass
class Lead:
    """The row of the relay, read and moved over the connection that holds the lock, and over no other."""

    driver: Driver
    partitions: int
    mark: int
    lasts: list[int]

    def hold(self) -> None:
        if self.driver.is_closed():
            raise Deposed("the connection that held the lock is closed")

    async def move(self, mark: int, lasts: list[int]) -> None:
        if await self.driver.execute(_MOVE, self.mark, mark, lasts, timeout=_SECONDS) != "UPDATE 1":
            raise Deposed(f"the mark no longer stands at {self.mark}")
        self.mark, self.lasts = mark, lasts


@asynccontextmanager
async def elected(
    database: Database, stopping: asyncio.Event, poll: float, another_leads: Callable[[], None]
) -> AsyncIterator[Driver | None]:
    """The connection that holds the lock; None if stopped before it did. Waiting in SQL would hold a snapshot."""
    driver = await database.connect()
    try:
        await driver.execute(_SETTINGS, timeout=_SECONDS)
        while not (held := await driver.fetchval(_TRY, timeout=_SECONDS)) and not stopping.is_set():
            another_leads()
            await rest(stopping, poll)
        yield driver if held else None
    finally:
        driver.terminate()


async def read(driver: Driver) -> Lead | None:
    row = await driver.fetchrow(_READ, timeout=_SECONDS)
    return row and Lead(driver, row["partitions"], row["mark"], list(row["lasts"]))


async def begin(driver: Driver, partitions: int) -> Lead:
    """The first relay of all writes down how many partitions there are; who adds some later changes nothing."""
    await driver.execute(_BEGIN, partitions, timeout=_SECONDS)
    lead = await read(driver)
    assert lead is not None
    return lead


async def put(driver: Driver, partitions: int, mark: int, lasts: list[int], *, republishing: bool = False) -> None:
    """Says anew how far the topic has come. To be called only by who leads, and does not send."""
    await driver.execute(_PUT, partitions, mark, lasts, republishing, timeout=_SECONDS)


async def tell(driver: Driver, trouble: str | None) -> None:
    """For whoever asks the database how the relay is."""
    await driver.execute(_TROUBLE, trouble, timeout=_SECONDS)


@asynccontextmanager
async def held(database: Database, patience: float = 5.0) -> AsyncIterator[Driver]:
    """The lead, without relaying: meanwhile nobody sends anything. Raises Taken."""
    impatient = asyncio.Event()
    asyncio.get_running_loop().call_later(patience, impatient.set)
    async with elected(database, impatient, 0.05, lambda: None) as driver:
        if driver is None:
            async with database.driver() as asking:
                holder = await asking.fetchval(_HOLDER, timeout=_SECONDS)
            raise Taken(f"the relay is led by {holder or 'somebody who has just let go'}: stop it first")
        yield driver
