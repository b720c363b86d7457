"""A connection held for one statement that is asked all the time, and made anew when it broke."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog

from shared.store.answers import OutcomeUnknown
from shared.store.database import Database, Driver, is_transient

log = structlog.get_logger()


# A plan that is made while a table is small is kept when it has grown: what is found by key stays an index's work.
_BY_KEY = "set enable_seqscan = off"


class HeldConnection:
    """The statement must be one that may be asked again: it is, on a new connection, when the old one broke before
    the answer came. `lost` is told each time. No answer within `limit` seconds is OutcomeUnknown, never a failure.
    """

    def __init__(self, database: Database, *, lost: Callable[[], None] = lambda: None, limit: float = 10) -> None:
        self._database, self._lost, self._limit = database, lost, limit
        self._driver: Driver | None = None

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        started, pause = time.monotonic(), 0.02
        while True:
            try:
                async with asyncio.timeout(self._limit):
                    return await self._once(query, arguments)
            except Exception as error:
                if not is_transient(error):
                    raise
                self._drop()
                log.warning("statement.asked_again", reason=repr(error))
                if time.monotonic() - started + pause > self._limit:
                    raise OutcomeUnknown(str(error)) from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1)

    async def _once(self, query: str, arguments: tuple[Any, ...]) -> list[Any]:
        if self._driver is None:
            self._driver = await self._database.connect()
            await self._driver.execute(_BY_KEY)
        rows: list[Any] = await self._driver.fetch(query, *arguments)
        return rows

    def _drop(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            self._lost()
            driver.terminate()

    async def close(self) -> None:
        """One that does not answer is let go of."""
        driver, self._driver = self._driver, None
        if driver is not None:
            try:
                await driver.close(timeout=5)
            except Exception as error:
                log.warning("connection.not_closed", reason=repr(error))
                driver.terminate()
