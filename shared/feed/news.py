"""Waiting for new facts in any of several stores."""

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from shared.store.wakeup import Wakeup


class News:
    """Rings when one of the wake-ups does, and every `poll` seconds.

    `forget()`, then look, then `wait()`: what happens in between is not missed.
    """

    def __init__(self, wakeups: Iterable[Wakeup], poll: float) -> None:
        self._wakeups = tuple(wakeups)
        self._poll = poll
        self._rung = asyncio.Event()
        self._watchers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._watchers = [asyncio.create_task(self._watch(wakeup)) for wakeup in self._wakeups]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)

    def ring(self) -> None:
        self._rung.set()

    def forget(self) -> None:
        self._rung.clear()

    async def wait(self) -> None:
        await self._rung.wait()

    async def _watch(self, wakeup: Wakeup) -> None:
        while True:
            await wakeup.wait(self._poll)
            self._rung.set()
