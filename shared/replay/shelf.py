"""The rows of one kind while a build is filled: new ones are copied in, and what was never there is not looked for."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final

from shared.core.readmodel import Rows
from shared.listen.folding import Changes
from shared.listen.tables import Key, RowTable
from shared.replay.tempo import Tempo
from shared.store.database import Driver

_BITS: Final = 27  # 16 MiB: with 5 million rows written, one look in thirty is in vain


class Written:
    """Which keys may have been written. It says yes to all that were, and now and then to one that was not."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << _BITS - 3)
        self._mask = (1 << _BITS) - 1

    def add(self, keys: Sequence[Key]) -> None:
        bits, mask = self._bits, self._mask
        for key in keys:
            place = hash(key) & mask
            bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, key: Key) -> bool:
        place = hash(key) & self._mask
        return bool(self._bits[place >> 3] & 1 << (place & 7))


class Shelf:
    """A table that is written at checkpoints. `settled` waits for the one that is on its way.

    `written` None: rows were there before, so every key is looked for. `refuse` raises for those that are another's.
    """

    def __init__(
        self,
        table: RowTable,
        settled: Callable[[], Awaitable[None]],
        written: Written | None,
        tempo: Tempo,
        refuse: Callable[[Sequence[Key]], None] | None = None,
    ) -> None:
        self.table, self._settled, self._written, self._tempo, self._refuse = table, settled, written, tempo, refuse

    @property
    def rows(self) -> Rows:
        return self.table.rows

    async def load(self, driver: Driver, keys: Sequence[Key]) -> list[Any]:
        if self._refuse is not None:
            self._refuse(keys)
        written = self._written
        asked = list(keys) if written is None else [key for key in keys if key in written]
        if not asked:
            return [None] * len(keys)
        await self._settled()
        found = dict(zip(asked, await self.table.load(driver, asked), strict=True))
        return [found.get(key) for key in keys]

    def note(self, changes: Changes) -> None:
        """These are about to be written."""
        if self._written is not None:
            self._written.add(changes.keys)

    async def save(self, driver: Driver, keys: Sequence[Key], rows: Sequence[Any]) -> None:
        await self.table.save(driver, keys, rows)

    async def write(self, driver: Driver, changes: Changes) -> None:
        entries = list(zip(changes.keys, changes.rows, changes.before, strict=True))
        new = [(key, row) for key, row, before in entries if before is None]
        changed = [(key, row) for key, row, before in entries if before is not None]
        await self._in_pieces(partial(self.table.copy, driver), new)
        await self._in_pieces(partial(self.table.save, driver), changed)

    async def _in_pieces(self, put: Callable[..., Awaitable[None]], entries: Sequence[tuple[Key, Any]]) -> None:
        """Rests between them alone: after the last there are others to write, or the transaction ends."""
        start = 0
        while piece := entries[start : start + self._tempo.sizes.written]:
            if start:
                await self._tempo.rest()
            await put(*zip(*piece, strict=True))
            start += len(piece)
