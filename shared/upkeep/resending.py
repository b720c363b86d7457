"""Sending again what a topic lacks: the whole store into an empty topic, or all from the last place that is whole.

Both only say anew, under the relay's lock, how far the topic has come. A relay does the sending, whichever leads next:
one that is killed in the middle is followed by another that goes on from its mark.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

from faststream.kafka import KafkaBroker

from shared.feed import lead as leading
from shared.feed.comparison import Comparison
from shared.feed.relay import Relay
from shared.store.database import Database
from shared.store.store import EventStore
from shared.upkeep.expected import lasts_at
from shared.upkeep.positions import Positions
from shared.upkeep.reading import Reading, reading

_WINDOWS: Final = (1, 1_000, 100_000, 1 << 62)
_LOOK: Final = 0.05
_STATE = "select partitions, mark, republishing from relay"
_DONE = "update relay set republishing = false where republishing"


class Refused(Exception):
    """It would not be safe, or there is nothing to do; the text says which."""


class Begun(NamedTuple):
    """All facts after `mark` are to be sent, on `partitions` partitions."""

    partitions: int
    mark: int


async def republish(
    database: Database, store: EventStore, broker: KafkaBroker, topic: str, partitions: int | None = None
) -> Begun:
    """Into an empty topic, from the beginning. One that was begun and not finished goes on where it was. Refused."""
    async with leading.held(database) as driver, reading(broker, topic) as found:
        row = await driver.fetchrow(_STATE)
        wanted = partitions or (row["partitions"] if row else found.partitions)
        if found.partitions < wanted:
            raise Refused(f"{topic} has {found.partitions} partitions, not the {wanted} that were asked for")
        if found.records:
            if row and row["republishing"] and row["partitions"] == wanted:
                return Begun(wanted, row["mark"])
            raise Refused(f"{topic} is not empty: {await _what_is_there(found, store.source)}")
        await leading.put(driver, wanted, 0, [0] * wanted, republishing=True)
        return Begun(wanted, 0)


async def rewind(
    database: Database,
    store: EventStore,
    broker: KafkaBroker,
    topic: str,
    to_position: int | None = None,
    *,
    dry_run: bool = False,
) -> Begun:
    """To the last position up to which the topic is whole, or to an earlier one. What comes again is dropped by marks.
    Refused, or Differs, when sending again does not mend it.
    """
    async with leading.held(database) as driver, reading(broker, topic) as found:
        if (lead := await leading.read(driver)) is None:
            raise Refused("nothing has been relayed yet: the relay begins at the beginning")
        if found.partitions < lead.partitions:
            raise Refused(f"{topic} has {found.partitions} partitions, the store says {lead.partitions}")
        newest = [await _newest(found, store.source, number, last) for number, last in enumerate(lead.lasts)]
        whole = min((have for have, last in zip(newest, lead.lasts, strict=True) if have < last), default=lead.mark)
        if to_position is not None and to_position > whole:
            raise Refused(f"after {whole} facts are missing on {topic}: it can't be rewound to {to_position} only")
        if to_position is None and whole == lead.mark:
            raise Refused(f"{topic} has all that was relayed, up to {lead.mark}")
        mark = whole if to_position is None else to_position
        lasts = await lasts_at(store, lead.partitions, mark)
        await Comparison(broker, topic, store, lasts).hold(found.partitions)
        if not dry_run:
            await leading.put(driver, lead.partitions, mark, lasts)
        return Begun(lead.partitions, mark)


async def see_through(relay: Relay, database: Database, upto: int, told: Callable[[int], None]) -> None:
    """Relays, or watches another that does, until everything up to a position has been sent. Refused if it stops."""
    work = asyncio.create_task(relay.run())
    try:
        while (mark := await _mark(database)) < upto:
            if work.done() or (relay.trouble and "has stopped" in relay.trouble):
                raise Refused(relay.trouble or "the relay has ended")
            told(mark)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await asyncio.shield(work)
        told(mark)
    finally:
        relay.stop()
        await work
    async with database.driver() as driver:
        await driver.execute(_DONE)


async def _mark(database: Database) -> int:
    async with database.driver() as driver:
        return int(await driver.fetchval("select mark from relay"))


async def _newest(found: Reading, source: str, partition: int, wanted: int) -> int:
    """The highest position on a partition, looked for from its end on as far as is needed to find `wanted`."""
    positions, newest = Positions(source), 0
    begin, end = found.begins[partition], found.ends[partition]
    for window in _WINDOWS:
        start = max(begin, end - window)
        async for record in found.at(partition, start):
            newest = max(newest, positions.of(record.headers) or 0)
        if newest >= wanted or start == begin:
            break
    return newest


async def _what_is_there(found: Reading, source: str) -> str:
    newest = max([await _newest(found, source, number, 0) for number in range(found.partitions)])
    facts = f"facts of {source} up to {newest}" if newest else f"nothing of {source} at its end"
    return f"{found.records} records on {found.partitions} partitions, {facts}"
