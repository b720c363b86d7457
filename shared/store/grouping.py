"""Group commit, and group reading: what is asked while a statement is in flight goes out together in the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Grouping(Generic[T, R]):
    """`run` answers a whole group, an answer or an exception for each. Two that share a key of `keys` never share a
    group: the second waits for the next. A caller that goes away fails nobody and never cancels the statement.

    A full group leaves at once: who was answered goes on while the database works for the next.
    """

    def __init__(
        self,
        run: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]],
        keys: Callable[[T], Iterable[Hashable]] = lambda _: (),
        most: int = 256,
    ) -> None:
        self._run, self._keys, self._most = run, keys, most
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def ask(self, item: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None:
            self._running = asyncio.create_task(self._work())
        return await future

    async def drained(self) -> None:
        """Returns when everything asked so far has been answered."""
        while self._running is not None:
            await asyncio.wait([self._running])

    async def _work(self) -> None:
        try:
            while self._waiting:
                if len(self._waiting) < self._most:
                    await asyncio.sleep(0)  # all that are ready to ask, ask now
                group = self._pick()
                answers = await self._answers([item for item, _ in group])
                for (_, future), answer in zip(group, answers, strict=True):
                    _settle(future, answer)
        finally:
            self._running = None

    async def _answers(self, items: list[T]) -> Sequence[R | Exception]:
        try:
            return await self._run(items)
        except Exception as error:
            return [error] * len(items)

    def _pick(self) -> list[tuple[T, asyncio.Future[R]]]:
        group: list[tuple[T, asyncio.Future[R]]] = []
        later: list[tuple[T, asyncio.Future[R]]] = []
        taken: set[Hashable] = set()
        while self._waiting and len(group) < self._most:
            waiting = self._waiting.popleft()
            keys = tuple(self._keys(waiting[0]))
            (later if taken.intersection(keys) else group).append(waiting)
            taken.update(keys)
        self._waiting.extendleft(reversed(later))
        return group


def _settle(future: asyncio.Future[R], answer: R | Exception) -> None:
    if future.done():
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
