"""A server that is not there yet is waited for, with a line in the log: whoever starts everything at once is right."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from shared.store.database import Database, is_transient

T = TypeVar("T")

log = structlog.get_logger()


class NotMigrated(Exception):
    """The database has not the tables this image needs."""


async def waited_for(
    what: str, attempt: Callable[[], Awaitable[T]], passes: Callable[[Exception], bool], longest: float = 5
) -> T:
    """The first answer of `attempt`; asked again, in growing pauses, while the error is one that passes."""
    pause = 0.1
    while True:
        try:
            return await attempt()
        except Exception as error:
            if not passes(error):
                raise
            log.warning("waiting", what=what, reason=str(error) or type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, longest)


async def database_ready(database: Database, name: str) -> None:
    """Returns when the database answers and is migrated."""

    async def ask() -> None:
        async with database.driver() as driver:
            if await driver.fetchval("select to_regclass('facts') is null"):
                raise NotMigrated("the tables are not there yet: `luotsi migrate` makes them")

    await waited_for(f"database {name}", ask, _passes)


def _passes(error: Exception) -> bool:
    return is_transient(error) or isinstance(error, NotMigrated)
