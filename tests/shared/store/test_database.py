"""What passes by itself is an outage, and is waited for; what the data did is not."""

import asyncpg
import pytest
from sqlalchemy.exc import TimeoutError as PoolExhausted

from shared.store.database import is_transient


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
    ],
)
def test_outages_pass(error: Exception) -> None:
    assert is_transient(error)


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
