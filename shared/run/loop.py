"""The event loop of a process, and the signals that end it."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()


def run_until_done(main: Coroutine[Any, Any, None]) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


def signalled() -> asyncio.Event:
    """Set by SIGTERM or SIGINT. A second one while stopping does nothing more: what was begun is finished."""
    event, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(name: str) -> None:
        log.info("stopping", signal=name)
        event.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number.name)
    return event
