"""Who leads among the relays of one service, and how far what it sends has come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
_SETTINGS = """set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 4;
    set synchronous_commit = off"""
_SECONDS = 30.0


class Deposed(ConnectionError):
    """It leads no longer: its connection is lost, or another relay has moved the mark."""


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
