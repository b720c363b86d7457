"""What has happened, read again from where it is kept, as stretches that the marks of a listener understand."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, Protocol

from shared.core.event import Recorded
from shared.listen.decode import Decoder, Stretch
from shared.listen.marks import Marks
from shared.replay.tempo import WHOLE, Tempo
from shared.store.share import Share
from shared.store.store import EventStore

WIDEST: Final = 500_000  # positions in one statement: it holds no snapshot for longer than it takes to pass over these
PIECE: Final = 200  # facts of a stretch: each is decoded and folded while the processor has the last ones still at hand


class History(Protocol):
    """The facts of one source."""

    def read(
        self, after: Sequence[Marks], names: Collection[str], tenant: str | None = None, tempo: Tempo | None = None
    ) -> AsyncGenerator[Stretch, None]:
        """All of these names that are there now and that one of the marks lacks, each partition in order.

        More may come than that: the marks know what has been had. `tempo` says how many are read in one go.
        """

    async def left(self, after: Sequence[Marks]) -> int:
        """How many facts, heard or not, are to be passed over, about."""


Histories = Mapping[str, History]  # by source


@dataclass(frozen=True)
class StoreHistory:
    """From the owner's store, as one partition. With a share: of those streams alone. `upto`: and no further."""

    store: EventStore
    decoder: Decoder
    page: int = WHOLE.read  # facts, at most; so many are read while as many are folded
    share: Share | None = None
    upto: int | None = None

    async def read(
        self, after: Sequence[Marks], names: Collection[str], tenant: str | None = None, tempo: Tempo | None = None
    ) -> AsyncGenerator[Stretch, None]:
        position, head = _lowest(after), await self._head()
        width = page = self._page(tempo)
        reading = None

        def begin() -> "asyncio.Task[list[Recorded]]":
            upto = min(position + width, head)
            return asyncio.create_task(self.store.read(position, 2 * page, names, tenant, upto=upto, share=self.share))

        try:
            while position < head:
                facts = await (reading or begin())
                start, full = position, len(facts) == 2 * page
                position = facts[-1].position if full else min(position + width, head)
                width, page = _width(width, len(facts), page) * self._page(tempo) // page, self._page(tempo)
                reading = begin()
                await asyncio.sleep(0)  # the database sets to work while these are folded
                for stretch in self._stretches(facts, start, position):
                    yield stretch
        finally:
            if reading is not None:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def left(self, after: Sequence[Marks]) -> int:
        return await self._head() - _lowest(after)

    async def _head(self) -> int:
        head = await self.store.head()
        return head if self.upto is None else min(head, self.upto)

    def _page(self, tempo: Tempo | None) -> int:
        return self.page if tempo is None else min(self.page, tempo.sizes.read)

    def _stretches(self, facts: Sequence[Recorded], after: int, upto: int) -> Iterator[Stretch]:
        for start in range(0, max(len(facts), 1), PIECE):
            piece = facts[start : start + PIECE]
            end = upto if start + PIECE >= len(facts) else piece[-1].position
            heard = [self.decoder.read(fact) for fact in piece]
            names = frozenset([fact.name for fact in piece])
            yield Stretch(self.store.source, 0, 1, after, end, heard, names)
            after = end


@dataclass(frozen=True)
class AsOfThen:
    """The facts of a history that had happened by then; what came later is passed over as if nobody heard it."""

    history: History
    had_happened: Callable[[Recorded], bool]

    async def read(
        self, after: Sequence[Marks], names: Collection[str], tenant: str | None = None, tempo: Tempo | None = None
    ) -> AsyncGenerator[Stretch, None]:
        async with aclosing(self.history.read(after, names, tenant, tempo)) as stretches:
            async for stretch in stretches:
                yield stretch._replace(facts=[heard for heard in stretch.facts if self.had_happened(heard.recorded)])

    async def left(self, after: Sequence[Marks]) -> int:
        return await self.history.left(after)


def _lowest(marks: Sequence[Marks]) -> int:
    return min(each.lowest for each in marks)


def _width(width: int, found: int, page: int) -> int:
    """How many positions to pass over next, so that about a page is found among them."""
    return max(min(width * page // max(found, page // 8), WIDEST), page)
