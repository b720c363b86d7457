"""Where on a topic a position of the store is."""

from collections.abc import Sequence

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

        Halving is right in spite of repeats: whenever a fact was sent, those after it were sent behind it.
        """
        low, high = reading.begins[partition], reading.ends[partition]
        while low < high:
            middle = (low + high) // 2
            found, offset = await self._next(reading, partition, middle)
            if found is None or found >= position:
                high = middle
            else:
                low = offset + 1
        return low

    async def offsets_of(self, reading: Reading, position: int) -> Sequence[int]:
        return [await self.offset_of(reading, number, position) for number in range(reading.partitions)]

    async def _next(self, reading: Reading, partition: int, offset: int) -> tuple[int | None, int]:
        async for record in reading.at(partition, offset):
            if (found := self.of(record.headers)) is not None:
                return found, record.offset
        return None, offset
