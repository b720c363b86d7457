"""How a rebuild goes: it tells how far it is, rests as much as its throttle says, and does as an operator wants."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from shared.replay.rebuilds import Rebuild, one
from shared.replay.tempo import Tempo
from shared.store.database import Driver

LOOK: Final = 0.5  # seconds between two looks at what is wanted
_TELL = """update rebuilds set done = $2, total = $3, rate = $4, heartbeat_at = clock_timestamp() where build = $1
    returning wanted, throttle"""

Told = Callable[[Rebuild], None]


class Wish(NamedTuple):
    """What an operator wants of it."""

    wanted: str
    throttle: float | None


class Progress(NamedTuple):
    done: int
    total: int
    rate: float


Tell = Callable[[Progress], Awaitable[Wish | None]]  # answers None for a build that is no more


class Cancelled(Exception):
    """An operator wanted it to end."""


class Steering:
    """`tell` hears at each look how far it is."""

    def __init__(self, build: int, throttle: float | None, tell: Tell) -> None:
        self._build, self._tell = build, tell
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
        wish = await self._tell(Progress(self.done, max(self.total, self.done), rate))
        if wish is None or wish.wanted == "cancel":
            raise Cancelled(f"build {self._build}")
        self.tempo.change(wish.throttle)
        return wish.wanted


def telling(driver: Driver, build: int, told: Told) -> Tell:
    """Everybody, on the connection that holds the claim; and `told`."""

    async def tell(progress: Progress) -> Wish | None:
        row = await driver.fetchrow(_TELL, build, *progress)
        shown = await one(driver, build)
        if row is None or shown is None:
            return None
        told(shown)
        return Wish(*row)

    return tell
