"""Rebuilds that a worker starts by itself, each in a process of its own: a fold of all history would hold it up."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import structlog

from shared.core.readmodel import ReadModel
from shared.replay import rebuilds
from shared.store.database import Driver

AGAIN: Final = 10.0  # seconds after one that came to nothing

log = structlog.get_logger()


class Starting:
    """`command` and the name of a read model make a rebuild of it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._not_before: dict[str, float] = {}

    async def start(self, driver: Driver, missing: Sequence[ReadModel]) -> None:
        """One for each that nobody builds, and that no operator has cancelled or is to decide about."""
        for model in missing:
            if await self._is_due(driver, model):
                log.info("rebuild.starts", read_model=model.name, version=model.version)
                self._not_before[model.name] = time.monotonic() + AGAIN
                self._running[model.name] = await asyncio.create_subprocess_exec(*self._command, model.name)

    async def stop(self) -> None:
        """They are ended and go on from their last checkpoint when they are started again."""
        for process in self._running.values():
            if process.returncode is None:
                process.terminate()
                await process.wait()

    async def _is_due(self, driver: Driver, model: ReadModel) -> bool:
        if self._is_running(model):
            return False
        if time.monotonic() < self._not_before.get(model.name, 0):
            return False
        newest = await rebuilds.newest(driver, model)
        if newest is not None and newest.phase in ("ready", "cancelled", "differs"):
            return False
        return not await rebuilds.is_run(driver, model)

    def _is_running(self, model: ReadModel) -> bool:
        process = self._running.get(model.name)
        if process is None or process.returncode is None:
            return process is not None
        if process.returncode:
            log.warning("rebuild.failed", read_model=model.name, exit_code=process.returncode)
        del self._running[model.name]
        return False
