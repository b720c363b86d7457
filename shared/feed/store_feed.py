"""The feed without Kafka: reads the owners' event stores in position order, each as one partition."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence

import structlog

from shared.core.event import Recorded, source_of
from shared.feed.backoff import Backoff
from shared.feed.batch import Batch, Delivered, Gap, Take
from shared.feed.gaps import Gaps
from shared.feed.news import News
from shared.store.database import is_transient
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup

Cursor = Callable[[str], Awaitable[int]]

log = structlog.get_logger()


class StoreFeed:
    """`cursor` answers the lowest mark of all listeners on a source: reading begins there. `heard` None is all."""

    def __init__(
        self,
        service: str,
        stores: Mapping[str, EventStore],
        wakeups: Iterable[Wakeup],
        cursor: Cursor,
        *,
        heard: Collection[str] | None = None,
        poll: float = 0.5,
        facts: int = 1000,
        longest_backoff: float = 30.0,
    ) -> None:
        self._service, self._stores, self._cursor = service, stores, cursor
        self._heard, self._facts = heard, facts
        self._news = News(wakeups, poll)
        self._backoff = Backoff(longest=longest_backoff)
        self._gaps = Gaps()
        self._read: dict[str, int] = {}
        self._failing: str | None = "the feed has not started"

    @property
    def trouble(self) -> str | None:
        """Why it is not ready, in words; None if it is."""
        return "; ".join(words for words in [self._failing, *self._gaps.words] if words) or None

    async def run(self, take: Take) -> None:
        async with self._news:
            while True:
                self._news.forget()
                try:
                    found = await self._turn(take)
                except Exception as error:
                    await self._later(error)
                else:
                    self._failing = None
                    self._backoff.reset()
                    if not found:
                        await self._news.wait()

    async def _turn(self, take: Take) -> bool:
        reading = [self._next(source) for source in self._stores if source not in self._gaps.stopped]
        batches = [batch for batch in await asyncio.gather(*reading) if batch is not None]
        found = bool(batches)
        while batches:
            try:
                await take(batches)
                break
            except Gap as gap:
                batches = [batch for batch in batches if batch.source != gap.source]
                self._missing(gap)
        for batch in batches:
            self._read[batch.source] = batch.upto
            self._gaps.passed(batch.source, batch.upto)
        return found

    async def _next(self, source: str) -> Batch | None:
        """The head is asked first: then whatever is up to it can be read, and unheard facts move `upto` too."""
        if source not in self._read:
            self._read[source] = await self._cursor(source)
        after, store = self._read[source], self._stores[source]
        head = await store.head()
        if head <= after:
            return None
        facts = await store.read(after, limit=self._facts, names=self._names(source), upto=head)
        upto = facts[-1].position if len(facts) == self._facts else head
        return Batch(source, 0, 1, _delivered(facts, after), after, upto)

    def _names(self, source: str) -> list[str] | None:
        return None if self._heard is None else [name for name in self._heard if source_of(name) == source]

    def _missing(self, gap: Gap) -> None:
        if self._gaps.again(gap.source, gap):
            log.warning("feed.begins_again", service=self._service, source=gap.source, reason=str(gap))
            self._read[gap.source] = 0
        else:
            log.critical("feed.partition_stopped", service=self._service, source=gap.source, reason=str(gap))

    async def _later(self, error: Exception) -> None:
        self._failing = f"facts cannot be handled: {error!r}"
        pause = self._backoff.next()
        outage = is_transient(error)
        log.warning("feed.backs_off", service=self._service, seconds=pause, reason=repr(error), exc_info=not outage)
        await asyncio.sleep(pause)


def _delivered(facts: Sequence[Recorded], after: int) -> list[Delivered]:
    before = [after, *(fact.position for fact in facts)]
    return [Delivered(fact, previous) for fact, previous in zip(facts, before, strict=False)]
