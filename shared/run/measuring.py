"""Gauges that nobody passes by in the course of work: how far listeners are behind, and how much is parked."""

import asyncio
from collections.abc import Mapping

import structlog

from shared.run.standing import Standing, standing
from shared.store.database import Database, is_transient
from shared.telemetry.metrics import LISTENER_LAG, PARKED, STORE_HEAD

PAUSE = 5.0

log = structlog.get_logger()


async def measure(service: str, databases: Mapping[str, Database], pause: float = PAUSE) -> None:
    """Until cancelled. During an outage the gauges keep what they had."""
    seen: set[str] = set()
    while True:
        try:
            seen |= _set(await standing(service, databases), seen)
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("measuring.pauses", service=service, reason=str(error))
        await asyncio.sleep(pause)


def _set(found: Standing, seen: set[str]) -> set[str]:
    """A listener with nothing parked any more goes back to zero."""
    STORE_HEAD.labels(found.service).set(found.head)
    for heard in found.listeners:
        if heard.lag.facts is not None:
            LISTENER_LAG.labels(found.service, heard.listener, heard.source).set(heard.lag.facts)
    parked = {row.listener: row.facts for row in found.parked}
    for listener in seen | parked.keys() | {heard.listener for heard in found.listeners}:
        PARKED.labels(found.service, listener).set(parked.get(listener, 0))
    return set(parked)
