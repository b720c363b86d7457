"""Read-your-writes: a request that names facts waits until its read models have taken them."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol

from shared.core.readmodel import ReadModel
from shared.web import problems
from shared.web.headers import Awaited
from shared.web.live import LiveBuilds, of

LIMIT = 2.0


class Waiter(Protocol):
    """One per process looks at the marks for all who wait."""

    async def reached(
        self, listener: str, source: str, tenant: str, stream: str, position: int, timeout: float
    ) -> str: ...


class After:
    def __init__(self, waiter: Waiter, builds: LiveBuilds, limit: float = LIMIT) -> None:
        self._waiter, self._builds, self._limit = waiter, builds, limit

    async def wait(self, tenant: str, facts: Sequence[Awaited], read_models: Iterable[ReadModel]) -> None:
        """A source that a read model does not hear is not waited for. Raises the 503, also of a stream parked there."""
        live = await self._builds.now()
        builds = {read_model.name: of(live, read_model) for read_model in read_models}.values()
        heard = [(one.build.listener, fact) for one in builds for fact in facts if fact.source in one.sources]
        await asyncio.gather(*(self._reach(listener, tenant, fact) for listener, fact in heard))

    async def _reach(self, listener: str, tenant: str, fact: Awaited) -> None:
        answer = await self._waiter.reached(
            listener, fact.source, tenant, fact.stream, fact.position, timeout=self._limit
        )
        if answer == "parked":
            raise problems.unavailable("parked", f"{fact.stream} cannot be shown until it is put in order", 60)
        if answer != "reached":
            raise problems.unavailable("not-yet", f"{fact.source}@{fact.position} has not arrived here yet")
