"""One service's PostgreSQL: SQLAlchemy's engine for queries, its driver connection for the hot path."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import asyncpg
import orjson
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.store import keepalive

Driver = Any  # asyncpg.Connection or the pool's stand-in for it

_SETTINGS = {
    "jit": "off",
    "idle_in_transaction_session_timeout": "60s",
    "client_connection_check_interval": "5s",  # a statement whose caller is gone does not wait for a lock for ever
}
_PLANNED_ONCE = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",  # a plan made while the tables are small is kept when they have grown
    "statement_timeout": "20s",  # one that takes as long holds up what all requests ask
}
# 28 and 3D: a password that is being changed, a database that is being put back. Whoever waits needs no new start.
_TRANSIENT = ("08", "25", "28", "3D", "40", "53", "55", "57", "58")


class Database:
    """`dsn` is libpq's: postgresql://user:password@host/name, or …?host=/directory for a unix socket."""

    def __init__(self, dsn: str, *, pool: int = 10) -> None:
        self.dsn, self._pool = dsn, pool
        self.engine = self._engine(_SETTINGS, max_overflow=pool)

    @cached_property
    def planned(self) -> AsyncEngine:
        """Plans a statement once, whatever is bound in it: for those that are asked again and again. Each commits."""
        return self._engine(_SETTINGS | _PLANNED_ONCE, max_overflow=0, isolation_level="AUTOCOMMIT")

    def _engine(self, settings: Mapping[str, str], **given: Any) -> AsyncEngine:
        return create_async_engine(
            make_url(self.dsn).set(drivername="postgresql+asyncpg"),
            pool_size=self._pool,
            hide_parameters=True,  # they are about people, and errors are logged
            json_deserializer=orjson.loads,
            connect_args={"server_settings": settings, "async_creator_fn": keepalive.connect},
            **given,
        )

    @asynccontextmanager
    async def driver(self, *, planned: bool = False) -> AsyncIterator[Driver]:
        """A connection of a pool as the driver knows it: outside `connection.transaction()` each statement commits.

        One that broke on the way is not given back to the pool; those that broke in it are left out.
        """
        async with (self.planned if planned else self.engine).connect() as connection:
            driver: Driver = (await connection.get_raw_connection()).driver_connection
            while driver.is_closed():
                await connection.invalidate()
                driver = (await connection.get_raw_connection()).driver_connection
            try:
                yield driver
            except BaseException as error:
                if is_transient(error) or isinstance(error, asyncio.CancelledError):
                    await connection.invalidate()
                raise

    async def connect(self) -> Driver:
        """A connection outside the pool, for LISTEN, session locks and hot statements. The caller closes it."""
        return await keepalive.connect(self.dsn, timeout=10, server_settings=_SETTINGS)

    async def close(self) -> None:
        await self.engine.dispose()
        await self.planned.dispose()


def is_transient(error: BaseException) -> bool:
    """True for outages, which pass: asked again, the same statement may succeed. False for what the data did."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return isinstance(error, InterfaceError) or is_transient(error.orig.__cause__ or error.orig)
    if isinstance(error, PoolExhausted):
        return True
    state = getattr(error, "sqlstate", None)
    if state:
        return str(state).startswith(_TRANSIENT)
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError)  # a value that fits no column of its type
    return isinstance(error, (OSError, asyncpg.InternalClientError, TimeoutError))
