"""Read-your-writes: waiting until a listener has a fact. One poller looks at the marks for all who wait."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from shared.listen.marks import Marks, collect
from shared.listen.parking import StreamKey
from shared.store.database import Database

Outcome = Literal["reached", "timeout", "parked"]

POLL = 0.02

_MARKS = """select listener, source, era, partition, position, exists (
        select from parked where parked.listener = marks.listener
    ) from marks where listener = any($1::text[]) and source = any($2::text[])"""
_PARKED = """select listener, tenant, source, stream, min(position) from parked
    join unnest($1::text[], $2::text[], $3::text[], $4::text[]) as k(listener, tenant, source, stream)
        using (listener, tenant, source, stream)
    group by 1, 2, 3, 4"""


@dataclass(eq=False, slots=True)
class _Wait:
    listener: str
    key: StreamKey
    position: int
    answer: asyncio.Future[Outcome] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Waiter:
    """`told` is to be called when this process has moved a mark; what others moved is seen within 20 ms."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waits: set[_Wait] = set()
        self._news = asyncio.Event()
        self._poller: asyncio.Task[None] | None = None

    def told(self) -> None:
        self._news.set()

    async def reached(
        self, listener: str, source: str, tenant: str, stream: str, position: int, timeout: float
    ) -> Outcome:
        """Parked: the fact, or an earlier one of its stream, could not be handled there."""
        wait = _Wait(listener, StreamKey(tenant, source, stream), position)
        self._waits.add(wait)
        self._news.set()
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())
        try:
            async with asyncio.timeout(timeout):
                return await wait.answer
        except TimeoutError:
            return "timeout"
        finally:
            self._waits.discard(wait)

    async def close(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)

    async def _poll(self) -> None:
        while self._waits:
            self._news.clear()
            waits = tuple(self._waits)
            try:
                await self._look(waits)
            except Exception as error:
                for wait in waits:
                    _answer(wait, error)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._news.wait()

    async def _look(self, waits: Collection[_Wait]) -> None:
        """The marks first: a fact is parked in the transaction that moves the mark past it."""
        names, sources = {wait.listener for wait in waits}, {wait.key.source for wait in waits}
        keys = {(wait.listener, *wait.key) for wait in waits}
        async with self._database.driver(planned=True) as driver:
            rows = await driver.fetch(_MARKS, list(names), list(sources))
            parked = await driver.fetch(_PARKED, *zip(*keys, strict=True)) if any(row[5] for row in rows) else ()
        first_parked = {tuple(row[:4]): row[4] for row in parked}
        marks = {
            (name, source): collect(source, [row[2:5] for row in rows if (row[0], row[1]) == (name, source)])
            for name, source in {(wait.listener, wait.key.source) for wait in waits}
        }
        for wait in waits:
            first = first_parked.get((wait.listener, *wait.key))
            if first is not None and first <= wait.position:
                _answer(wait, "parked")
            elif _has(marks[wait.listener, wait.key.source], wait):
                _answer(wait, "reached")


def _has(marks: Marks, wait: _Wait) -> bool:
    return marks.had(wait.key.tenant, wait.key.stream, wait.position)


def _answer(wait: _Wait, answer: Outcome | Exception) -> None:
    if wait.answer.done():
        return
    if isinstance(answer, Exception):
        wait.answer.set_exception(answer)
    else:
        wait.answer.set_result(answer)
