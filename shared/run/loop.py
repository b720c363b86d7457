"""The event loop of a process, and the signals that end it."""

import asyncio
import ctypes
import gc
import signal
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import structlog

T = TypeVar("T")

YOUNG: Final = 50_000  # objects: more than a batch of 1,000 facts makes, and all of them are gone when it is done
# Bytes, by the numbers that mallopt(3) gives them. A round of the relay is some megabytes.
_M_MMAP_THRESHOLD: Final = (-3, 32 << 20)
_M_TRIM_THRESHOLD: Final = (-1, 64 << 20)

log = structlog.get_logger()


def run_until_done(main: Coroutine[Any, Any, T]) -> T:
    import uvloop

    _spare_the_collector()
    _keep_memory()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def _spare_the_collector() -> None:
    """Python's own settings walk through everything ever loaded while facts stream by: half the time of a listener."""
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


def _keep_memory() -> None:
    """What one batch has used is there for the next. Given back to the kernel, each page of it would be asked for and
    cleared again: an eighth to a third of what a relay does. C libraries other than GNU's have no such setting.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        for setting in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD):
            libc.mallopt(*setting)


def signalled() -> asyncio.Event:
    """Set by SIGTERM or SIGINT. A second one while stopping does nothing more: what was begun is finished."""
    event, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(name: str) -> None:
        log.info("stopping", signal=name)
        event.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number.name)
    return event
