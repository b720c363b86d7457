"""The parts of a process that run for as long as it does. One that ends without being asked ends the process."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

GRACE_SECONDS = 25

log = structlog.get_logger()


class EndedUnexpectedly(Exception):
    """A part of the process is gone, so the process must go too: somebody starts it again."""


@dataclass(frozen=True)
class Part:
    """`stop` asks it to come to an end by itself; one without is cancelled."""

    name: str
    run: Callable[[], Coroutine[Any, Any, None]]
    stop: Callable[[], None] | None = None


async def supervise(parts: Sequence[Part], stop: asyncio.Event) -> None:
    """Runs all parts until `stop` is set or one of them ends, then ends the others in this order."""
    tasks = [(part, asyncio.create_task(part.run(), name=part.name)) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    ended: list[asyncio.Task[None]] = []
    try:
        await asyncio.wait({stopping, *(task for _, task in tasks)}, return_when=asyncio.FIRST_COMPLETED)
        ended = [task for _, task in tasks if task.done()]
    finally:
        stopping.cancel()
        for part, task in tasks:
            await _end(part, task)
    for task in ended:
        error = None if task.cancelled() else task.exception()
        raise EndedUnexpectedly(f"{task.get_name()} has ended: {error!r}") from error


async def _end(part: Part, task: asyncio.Task[None]) -> None:
    if task.done():
        return
    if part.stop is not None:
        part.stop()
        await asyncio.wait({task}, timeout=GRACE_SECONDS)
    task.cancel()
    (outcome,) = await asyncio.gather(task, return_exceptions=True)
    if isinstance(outcome, Exception):
        log.error("part.failed_while_stopping", part=part.name, exc_info=outcome)
