"""The hand-over of builds: a worker holds each that it feeds, on one connection, for as long as it does. Whoever throws
a build away waits until nobody holds it.
"""

import asyncio
import os
import platform
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from shared.listen.builds import Build
from shared.store.database import Database, Driver

# A lock that every worker of the service shares; with the number of a build: who feeds it, with a policy's: who has it.
FEEDING: Final = 76117078
PATIENCE: Final = 30.0  # seconds, for whoever holds a build to let go of it: a batch that was begun is finished
_AGAIN: Final = 0.1

_TAKE = "select pg_try_advisory_lock_shared($1, $2)"
_LEAVE = "select pg_advisory_unlock_shared($1, $2)"
_ALONE = "select pg_try_advisory_lock($1, $2)"
_NUMBER = "(hashtext({policy}) & 1073741823 | 1073741824)"  # of a policy's lock: beyond all numbers of builds
_HAVE = f"select pg_advisory_lock_shared($1, {_NUMBER.format(policy='$2::text')})"
_ALL_HAVE = f"""with shared as (select pid, classid::bigint, objid::bigint, objsubid from pg_locks
        where granted and locktype = 'advisory' and mode = 'ShareLock'
            and database = (select oid from pg_database where datname = current_database()))
    select not exists (select from shared w where (w.classid, w.objid, w.objsubid) = (0, $1, 1) and not exists (
        select from shared h where h.pid = w.pid
            and (h.classid, h.objid, h.objsubid) = ($1, {_NUMBER.format(policy="$2::text")}, 2)))"""
_WHO = """select distinct a.pid, coalesce(nullif(a.application_name, ''), 'somebody') as name, a.client_addr
    from pg_locks l join pg_stat_activity a using (pid)
    where l.granted and l.database = (select oid from pg_database where datname = current_database())
        and (l.locktype = 'advisory' and (l.classid::bigint, l.objid::bigint, l.objsubid) = ($1, $2, 2)
            or l.relation = any(select to_regclass(name)::oid from unnest($3::text[]) k(name)))
    order by 1"""


_OF_A_WORKER = """exists (select from pg_locks l where l.granted and l.locktype = 'advisory' and l.mode = 'ShareLock'
        and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint, l.objid::bigint, l.objsubid) = ({feeding}, {number}, 2))"""

# Of a row `b` of builds: a newer version of its read model is read, and no worker is left that feeds this one.
OUTDATED: Final = f"""(exists (select from live n where n.read_model = b.read_model and n.version > b.version)
    and not {_OF_A_WORKER.format(feeding=FEEDING, number="b.build")})"""
# Of a `listener`: a policy that stands by itself, and that no worker has. An image that had it has left.
GONE: Final = f"""(listener like 'policies.%'
    and not {_OF_A_WORKER.format(feeding=FEEDING, number=_NUMBER.format(policy="substr(listener, 10)"))})"""


class StillHeld(Exception):
    """Somebody goes on feeding or reading a build that is to be thrown away."""


class HeldBuilds:
    """The builds that one worker may feed. When the connection ends, all of them are free."""

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.builds: set[int] = set()

    async def take(self, builds: Iterable[int]) -> bool:
        """All of these that nobody throws away just now. Whether any was not held before."""
        new = set(builds) - self.builds
        taken = {build for build in sorted(new) if await self.driver.fetchval(_TAKE, FEEDING, build)}
        self.builds |= taken
        return bool(taken)

    async def keep(self, builds: Iterable[int]) -> None:
        """No others than these are fed any more."""
        for build in sorted(self.builds.difference(builds)):
            self.builds.discard(build)
            await self.driver.execute(_LEAVE, FEEDING, build)


@asynccontextmanager
async def holding(database: Database, service: str, policies: Iterable[str] = ()) -> AsyncIterator[HeldBuilds]:
    """`policies` are those that this worker's image has: a new one waits until no worker is without it."""
    driver = await database.connect()
    try:
        who = f"worker of {service}, process {os.getpid()} on {platform.node()}"
        for policy in sorted(policies):
            await driver.execute(_HAVE, FEEDING, policy)
        await driver.execute("select pg_advisory_lock_shared($1)", FEEDING)
        await driver.execute("select set_config('application_name', $1, false)", who)
        yield HeldBuilds(driver)
    finally:
        driver.terminate()


async def workers_feed(driver: Driver) -> bool:
    """Whether a worker of this service runs somewhere."""
    if await driver.fetchval("select pg_try_advisory_lock($1)", FEEDING):
        await driver.execute("select pg_advisory_unlock($1)", FEEDING)
        return False
    return True


async def all_workers_have(driver: Driver, policy: str) -> bool:
    """Whether no worker of an image without this policy feeds: it would pass facts over that the policy hears."""
    found: bool = await driver.fetchval(_ALL_HAVE, FEEDING, policy)
    return found


@asynccontextmanager
async def alone_with(
    database: Database, build: Build, still: Callable[[Driver], Awaitable[None]]
) -> AsyncIterator[Driver]:
    """While this is open, nobody feeds the build. Raises StillHeld, also when its tables cannot be had inside.

    `still` raises when this is not wanted any more; until then those who hold it are waited for.
    """
    driver = await database.connect()
    try:
        await driver.execute("select set_config('lock_timeout', $1, false)", f"{PATIENCE}s")
        until = time.monotonic() + PATIENCE
        while not await driver.fetchval(_ALONE, FEEDING, build.number):
            await still(driver)
            if time.monotonic() > until:
                raise await _still_held(database, build)
            await asyncio.sleep(_AGAIN)
        yield driver
    except asyncpg.LockNotAvailableError:
        raise await _still_held(database, build) from None
    finally:
        driver.terminate()


async def _still_held(database: Database, build: Build) -> StillHeld:
    async with database.driver() as driver:
        found = await driver.fetch(_WHO, FEEDING, build.number, [table.qualified_name for table in build.tables])
    words = [f"{name} (backend {pid}{f' from {address}' if address else ''})" for pid, name, address in found]
    return StillHeld(f"{build.listener} is still held by {'; '.join(words) or 'somebody who has let go of it by now'}")
