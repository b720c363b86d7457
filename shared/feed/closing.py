"""Closing takes as long as it takes: whoever is stopped meanwhile stops when nothing is left open."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def closed(closing: Coroutine[Any, Any, None]) -> None:
    """We may be cancelled once without cutting it short, and hear of it when it is done; the second time it is let go.
    That it ended as if it had been cancelled itself is no error.
    """
    task = asyncio.create_task(closing)
    try:
        await _within(task)
    finally:
        task.cancel()
    if not task.cancelled():
        task.result()


async def _within(task: "asyncio.Task[None]") -> None:
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
