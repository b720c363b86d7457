"""Gauges that nobody passes by in the course of work: how far listeners are behind, and what is parked or set aside."""

import asyncio
from collections.abc import Mapping

import structlog

from shared.listen.parking import UNREADABLE
from shared.run.standing import Heard, Standing, standing
from shared.store.database import Database, is_transient
from shared.telemetry.metrics import (
    DEADLINES_LATE,
    DEADLINES_SET_ASIDE,
    LISTENER_LAG,
    LISTENER_LAG_SECONDS,
    PARKED,
    STORE_HEAD,
    VERIFY_DIFFERING,
    forget_standing,
)

PAUSE = 5.0

log = structlog.get_logger()


class Measuring:
    """During an outage the gauges keep what they had."""

    def __init__(self, service: str, databases: Mapping[str, Database]) -> None:
        self._service, self._databases = service, databases
        self._shown: dict[str, set[str]] = {}  # the sources of each listener

    async def run(self, pause: float = PAUSE) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if not is_transient(error):
                    raise
                log.info("measuring.pauses", service=self._service, reason=str(error))
            await asyncio.sleep(pause)

    async def look(self) -> None:
        found = await standing(self._service, self._databases)
        STORE_HEAD.labels(found.service).set(found.head)
        DEADLINES_SET_ASIDE.labels(found.service).set(found.set_aside)
        DEADLINES_LATE.labels(found.service).set(found.late)
        for heard in found.listeners:
            self._show(heard)
        self._show_parked(found)
        self._forget(found)
        for one in found.verified:
            VERIFY_DIFFERING.labels(self._service, one.read_model).set(one.differing)

    def _show(self, heard: Heard) -> None:
        """Of a source that cannot be read from here, the worker itself says how old its newest fact is."""
        if heard.lag.facts is not None:
            LISTENER_LAG.labels(self._service, heard.listener, heard.source).set(heard.lag.facts)
            LISTENER_LAG_SECONDS.labels(self._service, heard.listener, heard.source).set(heard.lag.seconds or 0.0)

    def _show_parked(self, found: Standing) -> None:
        """A listener with nothing parked any more goes back to zero."""
        parked = {row.listener: row.facts for row in found.parked}
        for listener in {UNREADABLE, *parked, *(heard.listener for heard in found.listeners)}:
            PARKED.labels(self._service, listener).set(parked.get(listener, 0))

    def _forget(self, found: Standing) -> None:
        """What is said no more of a listener that is gone."""
        shown: dict[str, set[str]] = {row.listener: set() for row in found.parked}
        for heard in found.listeners:
            shown.setdefault(heard.listener, set()).add(heard.source)
        for listener in self._shown.keys() - shown.keys() - {UNREADABLE}:
            forget_standing(self._service, listener, self._shown[listener])
        self._shown = shown
