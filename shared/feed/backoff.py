"""How long to wait before something that failed is tried again."""

import asyncio
import random


class Backoff:
    """Twice as long after every failure, up to `longest` seconds, each time somewhere between half of it and all."""

    def __init__(self, shortest: float = 0.1, longest: float = 10.0) -> None:
        self._shortest, self._longest = shortest, longest
        self._ceiling = shortest

    def next(self) -> float:
        ceiling, self._ceiling = self._ceiling, min(self._ceiling * 2, self._longest)
        return random.uniform(ceiling / 2, ceiling)

    def reset(self) -> None:
        self._ceiling = self._shortest


async def rest(stopping: asyncio.Event, seconds: float) -> None:
    """Sleeps, unless it is time to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return
