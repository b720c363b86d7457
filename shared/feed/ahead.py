"""Reading a store from a position on, the next facts while the last are still being handled."""

import asyncio
from collections.abc import Sequence

from shared.core.event import Recorded
from shared.store.store import EventStore


class Ahead:
    def __init__(self, store: EventStore, after: int, limit: int) -> None:
        self._store, self._after, self._limit = store, after, limit
        self._reading: asyncio.Task[list[Recorded]] | None = None

    async def next(self) -> Sequence[Recorded]:
        """What is there now; nothing if all was read."""
        reading, self._reading = self._reading or self._begin(), None
        facts = await reading
        if facts:
            self._after = facts[-1].position
        if len(facts) == self._limit:
            self._reading = self._begin()
        return facts

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _begin(self) -> "asyncio.Task[list[Recorded]]":
        return asyncio.create_task(self._store.read(self._after, limit=self._limit))
