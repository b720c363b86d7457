"""How much a rebuild does in one go, and how long it rests in between.

Throttled it does so little at a time, here and in the database, that nobody who serves waits for it longer than for a
neighbour.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

SHORT: Final = 0.002  # seconds of rest that are worth taking
NAP: Final = 0.5  # seconds: so long nothing else is looked at


@dataclass(frozen=True)
class Sizes:
    """What one go is about at most."""

    read: int  # facts
    folded: int  # facts, until they are written: a transaction, with its rests
    written: int  # rows
    compared: int  # keys: within a blink at the most, so that the snapshot of the marks is as short


WHOLE: Final = Sizes(read=4000, folded=1_000_000, written=1_000_000, compared=20_000)
SMALL: Final = Sizes(read=200, folded=20_000, written=50, compared=250)


async def _nothing() -> None:
    """Nobody wants to know meanwhile."""


class Tempo:
    """`share`: of the time that it works, None for all of it."""

    def __init__(self, share: float | None = None) -> None:
        self._share, self._owed, self._since = share, 0.0, time.monotonic()

    @property
    def share(self) -> float | None:
        return self._share

    @property
    def is_throttled(self) -> bool:
        return self._share is not None

    @property
    def sizes(self) -> Sizes:
        return SMALL if self.is_throttled else WHOLE

    def change(self, share: float | None) -> None:
        if share != self._share:
            self._share, self._owed = share, 0.0

    def begin(self) -> None:
        """What was until now was no work."""
        self._since = time.monotonic()

    async def rest(self, meanwhile: Callable[[], Awaitable[None]] = _nothing) -> None:
        """As long as the work since the last rest asks for."""
        if self._share is not None:
            self._owed += (time.monotonic() - self._since) * (1 / self._share - 1)
        while self._owed > SHORT:
            begun = time.monotonic()
            await asyncio.sleep(min(self._owed, NAP))
            self._owed -= time.monotonic() - begun
            await meanwhile()
        self.begin()
