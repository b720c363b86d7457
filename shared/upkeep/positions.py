"""Where on a topic a position of the store is."""

from collections.abc import Sequence

from aiokafka import ConsumerRecord

from shared.feed.cloudevents import Headers
from shared.upkeep.reading import Reading


class Positions:
    """Positions of one source's records, read from their headers alone."""

    def __init__(self, source: str) -> None:
        self._uri = f"/luotsi/{source}".encode()

    def of(self, headers: Headers | None) -> int | None:
        """None for a record that is no fact of this source, or does not say which."""
        attributes = dict(headers or ())
        if attributes.get("ce_source") != self._uri:
            return None
        try:
            return int(attributes["ce_sequence"] or b"")
        except (KeyError, ValueError):
            return None

    async def offset_of(self, reading: Reading, partition: int, position: int) -> int:
        """From here on every fact from `position` on comes, repeats or not; the end if there is none.

        Halving finds a fact before these, if only where it was sent again late. They were first sent behind the first
        record of it.
        """
        low, high, before = reading.begins[partition], reading.ends[partition], None
        while low < high:
            middle = (low + high) // 2
            record = await self._next(reading, partition, middle, 0)
            found = self.of(record.headers) if record else None
            if record is None or found is None or found >= position:
                high = middle
            else:
                low, before = record.offset + 1, record
        start = reading.begins[partition] if before is None else await reading.first_sent(before)
        first = await self._next(reading, partition, start, position)
        return reading.ends[partition] if first is None else first.offset

    async def offsets_of(self, reading: Reading, position: int) -> Sequence[int]:
        return [await self.offset_of(reading, number, position) for number in range(reading.partitions)]

    async def _next(self, reading: Reading, partition: int, offset: int, position: int) -> ConsumerRecord | None:
        """The first fact from an offset on that is the one at a position or follows it."""
        async for record in reading.at(partition, offset):
            found = self.of(record.headers)
            if found is not None and found >= position:
                return record
        return None
