"""How a rebuild goes: it tells how far it is, rests as much as its throttle says, and does as an operator wants."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from shared.replay.rebuilds import Rebuild, one
from shared.store.database import Driver

LOOK: Final = 0.5  # seconds between two looks at what is wanted
SHORT: Final = 0.02  # seconds of rest that are worth taking
_TELL = """update rebuilds set done = $2, total = $3, rate = $4, heartbeat_at = clock_timestamp() where build = $1
    returning wanted, throttle"""

Told = Callable[[Rebuild], None]


class Cancelled(Exception):
    """An operator wanted it to end."""


class Steering:
    """On the connection that holds the claim. `told` hears of each look."""

    def __init__(self, driver: Driver, build: int, throttle: float | None, told: Told) -> None:
        self._driver, self._build, self._throttle, self._told = driver, build, throttle, told
        self.done, self.total = 0, 0
        self._since = self._looked = time.monotonic()
        self._seen, self._owed = 0, 0.0

    async def step(self, facts: int) -> None:
        """After each piece of work, with how many facts were passed over. Raises Cancelled."""
        self.done += facts
        await self.rest()

    async def rest(self, _: int = 0) -> None:
        """After work that is not counted."""
        now = time.monotonic()
        if self._throttle is not None:
            self._owed += (now - self._since) * (1 / self._throttle - 1)
        while self._owed > SHORT:
            nap = min(self._owed, LOOK)
            self._owed -= nap
            await asyncio.sleep(nap)
            await self._look_if_due()
        self._since = time.monotonic()
        await self._look_if_due()

    async def _look_if_due(self) -> None:
        if time.monotonic() - self._looked >= LOOK:
            await self.look()

    async def look(self) -> None:
        """Returns when it may go on."""
        while await self._wanted() == "pause":  # noqa: ASYNC110 — it is wanted in the database, by another process
            await asyncio.sleep(LOOK)
        self._since = self._looked

    async def _wanted(self) -> str:
        now = time.monotonic()
        rate = (self.done - self._seen) / max(now - self._looked, 0.001)
        self._looked, self._seen = now, self.done
        row = await self._driver.fetchrow(_TELL, self._build, self.done, max(self.total, self.done), rate)
        if row is None or row["wanted"] == "cancel":
            raise Cancelled(f"build {self._build}")
        if row["throttle"] != self._throttle:
            self._throttle, self._owed = row["throttle"], 0.0
        shown = await one(self._driver, self._build)
        assert shown is not None
        self._told(shown)
        return str(row["wanted"])
