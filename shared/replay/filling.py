"""Rows folded in memory and written at checkpoints: what has left the memory by then is read back when touched."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final

from shared.listen import parking
from shared.listen.decode import Heard
from shared.listen.folding import Changes, Folding
from shared.listen.parking import Parking, StreamKey, TooManyBlocked
from shared.listen.part import is_poison
from shared.listen.tables import RowTable
from shared.replay.lane import Lane
from shared.replay.shelf import Shelf, Written
from shared.replay.tempo import Tempo
from shared.store.database import Driver

KEPT: Final = 100_000  # rows of each kind in memory; the others are in their table alone

Rows = Callable[[Driver], Awaitable[None]]
Write = Callable[[Rows], Coroutine[Any, Any, None]]  # makes a transaction around the rows


class RowsRefused(Exception):
    """The database says no to some row of a checkpoint: nothing of that checkpoint is written."""


class Filling:
    """`kept` rows of each kind stay in memory."""

    def __init__(
        self,
        tables: Sequence[RowTable],
        kept: int,
        new: bool,
        driver: Driver,
        tempo: Tempo,
        lane: Lane | None = None,
    ) -> None:
        """`driver` reads rows back that are no longer in memory. Not `new`: any row may be there."""
        self._driver = driver
        self._shelves = [
            Shelf(table, self.settled, Written() if new else None, tempo, lane.only(kind) if lane else None)
            for kind, table in enumerate(tables)
        ]
        self._folding = Folding(self._shelves, kept)
        self.blocked: set[StreamKey] = set()
        self.parked: list[Parking] = []
        self.folded = 0  # facts since the last checkpoint
        self._writing: asyncio.Task[None] | None = None

    async def fold(self, facts: Sequence[Heard]) -> None:
        if not facts:
            return
        self.parked += await self._folding.fold(self._driver, facts, self.blocked)
        if len(self.blocked) > parking.LIMIT:
            by = next((f"by {one.error}" for one in reversed(self.parked) if one.error), "before the last checkpoint")
            raise TooManyBlocked(f"{len(self.blocked)} streams, the newest {by}")
        self.folded += len(facts)

    async def checkpoint(self, write: Write) -> None:
        """Begins to write what came of the facts so far, when what was written before is committed."""
        await self.settled()
        self.folded, changes = 0, self._folding.changes()
        for shelf, changed in zip(self._shelves, changes, strict=True):
            shelf.note(changed)
        self._writing = asyncio.create_task(write(lambda driver: self._rows(driver, changes)))
        await asyncio.sleep(0)

    async def finish(self, write: Write) -> None:
        """Everything is written when this returns."""
        await self.checkpoint(write)
        await self.settled()

    async def close(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def settled(self) -> None:
        """What was begun to be written is committed when this returns."""
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def _rows(self, driver: Driver, changes: list[Changes]) -> None:
        try:
            for shelf, changed in zip(self._shelves, changes, strict=True):
                await shelf.write(driver, changed)
        except Exception as error:
            if is_poison(error):
                raise RowsRefused(str(error)) from error
            raise
