"""Moving the clock of a process: it stops at every due time on the way, until deadlines and listeners have drained."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic

from shared.core.clock import MovableClock
from shared.listen.ticker import Ticker
from shared.run.inside import Inside, ListeningSide
from shared.run.quiet import all_heard, newest, stands
from shared.store.database import Database
from shared.web.problems import unavailable

PATIENCE = 60.0
LOOK = 0.004


class Leaping:
    """A leap of weeks plays like the weeks, for the services of this process."""

    def __init__(self, clock: MovableClock, services: Sequence[tuple[Inside, ListeningSide]]) -> None:
        self._clock, self._services = clock, services
        self._databases: Mapping[str, Database] = {inside.service.name: inside.database for inside, _ in services}
        self._turn = asyncio.Lock()

    async def to(self, instant: datetime) -> datetime:
        """Answers the time it has got to. It goes back too, but never behind a fact that is stored.

        When something is stopped or away, the clock stays where it has got to: 503.
        """
        async with self._turn:
            await self._drained()
            if instant < self._clock.now():
                instant = max(instant, await newest(self._databases) or instant)
                self._clock.set(instant)
            while (due := await self._next_due()) is not None and due <= instant:
                self._set(due)
                await self._drained()
            self._set(instant)
        return self._clock.now()

    def _set(self, instant: datetime) -> None:
        if instant > self._clock.now():
            self._clock.set(instant)
        for ticker in self._tickers:
            ticker.told()

    @property
    def _tickers(self) -> list[Ticker]:
        return [listening.ticker for _, listening in self._services]

    async def _next_due(self) -> datetime | None:
        dues = [due for ticker in self._tickers if (due := await ticker.next_due()) is not None]
        return min(dues, default=None)

    async def _drained(self) -> None:
        until = monotonic() + PATIENCE
        while not await self._quiet():
            if monotonic() > until:
                raise unavailable("not-drained", f"at {self._clock.now()} something stays on its way")
            await asyncio.sleep(LOOK)

    async def _quiet(self) -> bool:
        """Looked at in the order in which one thing leads to another, and the stores once more at the end."""
        at = await stands(self._databases)
        for inside, listening in self._services:
            if not await all_heard(inside.database, listening.listeners, at):
                return False
        due = await self._next_due()
        if due is not None and due <= self._clock.now():
            for ticker in self._tickers:
                ticker.told()
            return False
        return await stands(self._databases) == at
