"""What passes by itself is an outage, and is waited for; what the data did is not."""

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
import uvloop
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError, InternalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from shared.store.database import Database, is_transient
from shared.store.keepalive import OPTIONS

InternalClientError = AsyncAdapt_asyncpg_dbapi.InternalClientError


@pytest.mark.parametrize(
    "error",
    [
        PoolExhausted("no connection was free in time"),
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("the server closed it"),
        asyncpg.AdminShutdownError("terminated"),
        asyncpg.DeadlockDetectedError("of two"),
        asyncpg.DiskFullError("no space left"),
        asyncpg.ReadOnlySQLTransactionError("after a failover"),
        asyncpg.PostgresIOError("could not read a block"),
        asyncpg.InvalidPasswordError("it is being changed"),
        asyncpg.InvalidCatalogNameError("the database is being put back"),
    ],
)
def test_outages_pass(error: Exception) -> None:
    assert is_transient(error)


def _by_sqlalchemy(error: Exception) -> DBAPIError:
    """As a query of the engine raises it: the driver's error is the cause of another that stands for it."""
    stand_in: Exception = InternalClientError(str(error), error)  # type: ignore[no-untyped-call]
    stand_in.__cause__ = error
    return InternalError("select", None, stand_in)


def test_what_the_driver_says_of_a_connection_that_breaks_is_an_outage() -> None:
    assert is_transient(_by_sqlalchemy(asyncpg.InternalClientError("another operation is in progress")))
    assert not is_transient(_by_sqlalchemy(asyncpg.UniqueViolationError("twice")))


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.NumericValueOutOfRangeError("integer out of range"),
        asyncpg.UniqueViolationError("twice"),
        asyncpg.UndefinedColumnError("there is none"),
        ValueError("ours"),
    ],
)
def test_what_the_data_did_stays(error: Exception) -> None:
    assert not is_transient(error)


async def test_a_server_that_vanished_without_a_word_is_noticed(db: Database) -> None:
    own = await db.connect()
    async with db.driver() as pooled, db.driver(planned=True) as planned:
        for driver in (own, pooled, planned):
            with socket.socket(fileno=os.dup(driver._transport.get_extra_info("socket").fileno())) as same:
                assert same.family == socket.AF_UNIX or _watched(same) == {"SO_KEEPALIVE": 1, **OPTIONS}
    await own.close()


def _watched(of: socket.socket) -> dict[str, int]:
    found = {name: of.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in OPTIONS}
    return {"SO_KEEPALIVE": of.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE), **found}


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_connection_that_broke_as_soon_as_it_was_there_is_an_outage_like_others(
    database: str, monkeypatch: pytest.MonkeyPatch, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    connect = asyncpg.connect

    async def broken(*where: Any, **how: Any) -> Any:
        connection = await connect(*where, **how)
        connection._transport.abort()
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        await closed.wait()
        return connection

    async def ask() -> None:
        driver = await Database(database).connect()
        await driver.fetchval("select 1")

    monkeypatch.setattr(asyncpg, "connect", broken)
    with asyncio.Runner(loop_factory=loop) as runner, pytest.raises(asyncpg.InterfaceError) as told:
        runner.run(ask())
    assert is_transient(told.value)
