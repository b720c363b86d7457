"""Reading a store from a position on, the next facts while the last are still being handled."""

import asyncio
from collections.abc import Sequence

from shared.store.passing import Passing
from shared.store.store import EventStore


class Ahead:
    def __init__(self, store: EventStore, after: int, limit: int) -> None:
        self._store, self._after, self._limit = store, after, limit
        self._reading: asyncio.Task[list[Passing]] | None = None

    async def next(self) -> Sequence[Passing]:
        """What is there now; nothing if all was read."""
        reading, self._reading = self._reading or self._begin(), None
        facts = await reading
        if facts:
            self._after = facts[-1].position
        if len(facts) == self._limit:
            self._reading = self._begin()
            await asyncio.sleep(0)  # the database sets to work while these are packed
        return facts

    @property
    def more(self) -> bool:
        """Whether there was more than one reading brings."""
        return self._reading is not None

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _begin(self) -> "asyncio.Task[list[Passing]]":
        return asyncio.create_task(self._store.passing(self._after, self._limit))
