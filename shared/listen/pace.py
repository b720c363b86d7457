"""Long work on the event loop that lets others in between, and is not held up itself."""

import asyncio
import time

SLICE = 0.02


class Pace:
    """`await pace.step()` after every piece of work gives the loop back once 20 ms have gone by."""

    __slots__ = ("_since",)

    def __init__(self) -> None:
        self._since = time.perf_counter()

    @property
    def is_over(self) -> bool:
        return time.perf_counter() - self._since > SLICE

    async def rest(self) -> None:
        await asyncio.sleep(0)
        self._since = time.perf_counter()
