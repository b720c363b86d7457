"""How a rebuild goes: it tells how far it is, rests as much as its throttle says, and does as an operator wants."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from shared.replay.rebuilds import Rebuild, one
from shared.replay.tempo import Tempo
from shared.store.database import Driver

LOOK: Final = 0.5  # seconds between two looks at what is wanted
_TELL = """update rebuilds set done = $2, total = $3, rate = $4, heartbeat_at = clock_timestamp() where build = $1
    returning wanted, throttle"""

Told = Callable[[Rebuild], None]


class Cancelled(Exception):
    """An operator wanted it to end."""


class Steering:
    """On the connection that holds the claim. `told` hears of each look."""

    def __init__(self, driver: Driver, build: int, throttle: float | None, told: Told) -> None:
        self._driver, self._build, self._told = driver, build, told
        self.tempo = Tempo(throttle)
        self.done, self.total = 0, 0
        self._looked, self._seen = time.monotonic(), 0

    async def step(self, facts: int) -> None:
        """After each piece of work, with how many facts were passed over. Raises Cancelled."""
        self.done += facts
        await self.rest()

    async def rest(self, _: int = 0) -> None:
        """After work that is not counted."""
        await self.tempo.rest(self._look_if_due)
        await self._look_if_due()

    async def until(self, work: Awaitable[None]) -> None:
        """Looks at what is wanted while something is under way that rests by itself."""
        task = asyncio.ensure_future(work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK)
                await self._look_if_due()
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _look_if_due(self) -> None:
        if time.monotonic() - self._looked >= LOOK:
            await self.look()

    async def look(self) -> None:
        """Returns when it may go on."""
        while await self._wanted() == "pause":  # noqa: ASYNC110 — it is wanted in the database, by another process
            await asyncio.sleep(LOOK)
        self.tempo.begin()

    async def _wanted(self) -> str:
        now = time.monotonic()
        rate = (self.done - self._seen) / max(now - self._looked, 0.001)
        self._looked, self._seen = now, self.done
        row = await self._driver.fetchrow(_TELL, self._build, self.done, max(self.total, self.done), rate)
        if row is None or row["wanted"] == "cancel":
            raise Cancelled(f"build {self._build}")
        self.tempo.change(row["throttle"])
        shown = await one(self._driver, self._build)
        assert shown is not None
        self._told(shown)
        return str(row["wanted"])
