"""Where a process listens goes with that process."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvloop

from shared.run.serving import Serving
from tests.parts.server import free_port


async def _nothing(scope: object, receive: object, send: object) -> None:
    """An application that nobody asks."""


async def _served_until_stopped(serving: Serving) -> None:
    running = asyncio.create_task(serving.run())
    await serving.started()
    serving.stop()
    await running


@asynccontextmanager
async def _a_child() -> AsyncIterator[None]:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=PIPE)
    try:
        yield
    finally:
        child.kill()
        await child.communicate()


async def _outlived_by_a_child(port: int) -> None:
    before = Serving(_nothing, "127.0.0.1", port)
    async with _a_child():
        await _served_until_stopped(before)
        await _served_until_stopped(Serving(_nothing, "127.0.0.1", port))


def test_a_child_that_outlives_its_process_does_not_hold_its_port() -> None:
    """In the event loop of a service: asyncio's own closes whatever a child has no use for, this one does not."""
    uvloop.run(_outlived_by_a_child(free_port()))
