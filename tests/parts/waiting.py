"""Waiting: `wait_until` for servers and processes, `becomes` and `running` for what is in the test's own loop."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

PATIENCE = 120.0


def wait_until(ready: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > give_up:
            raise TimeoutError(f"{what} was not ready within {PATIENCE:.0f} s")
        time.sleep(0.05)


async def becomes(probe: Callable[[], Awaitable[Any] | Any], seconds: float = 60.0) -> Any:
    """The first truthy answer of `probe`; fails when there is none in time: a server that comes back is part of it."""
    deadline = time.monotonic() + seconds
    while True:
        answer = probe()
        found = await answer if isinstance(answer, Awaitable) else answer
        if found:
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s: {probe}"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def running(job: Any) -> AsyncIterator[None]:
    """Runs it beside the test. Should it end by itself with an error, so does the test."""
    task = asyncio.create_task(job)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
