"""Telling readers that there are new facts: at once in this process, by NOTIFY from process to process."""

import asyncio
from contextlib import suppress
from typing import Any

import structlog

from shared.store.database import Database, Driver, is_transient

CHANNEL = "facts"
log = structlog.get_logger()


class Wakeup:
    """A NOTIFY inside the append would halve it, so it goes out from a side connection, many appends in one.

    Waiting has a limit always: polling is the safety net, for a message may be lost.
    """

    def __init__(self, database: Database, *, pause: float = 0.01) -> None:
        self._database = database
        self._pause = pause
        self.count = 0
        self._news = asyncio.Event()
        self._unsent = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def told(self) -> None:
        """This process has appended."""
        self._wake()
        self._unsent.set()

    async def wait(self, timeout: float, since: int | None = None) -> None:
        """Returns when there are new facts, or may be: after `timeout` seconds at the latest.

        `since` is the `count` from before the reader last looked: what came in between is not waited for.
        """
        if since is not None and since != self.count:
            return
        news = self._news
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await news.wait()

    def _wake(self, *_: Any) -> None:
        self.count += 1
        self._news.set()
        self._news = asyncio.Event()

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._keep(step)) for step in (self._send, self._hear)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, step: Any) -> None:
        while True:
            try:
                await step()
            except Exception as error:
                log.info("wakeup.reconnects", reason=repr(error), exc_info=not is_transient(error))
                await asyncio.sleep(0.5)

    async def _send(self) -> None:
        driver = await self._database.connect()
        try:
            while True:
                await self._unsent.wait()
                self._unsent.clear()
                await driver.execute(f"notify {CHANNEL}")
                await asyncio.sleep(self._pause)
        finally:
            driver.terminate()

    async def _hear(self) -> None:
        driver: Driver = await self._database.connect()
        closed = asyncio.Event()
        driver.add_termination_listener(lambda _: closed.set())
        try:
            await driver.add_listener(CHANNEL, self._wake)
            self._wake()
            await closed.wait()
            raise ConnectionError("the listening connection was closed")
        finally:
            driver.terminate()
