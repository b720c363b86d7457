"""Counts and hashes per partition and range of positions: two sides can be compared by them alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final, NamedTuple

RANGE: Final = 100_000

_names: dict[tuple[str, ...], bytes] = {}


class Range(NamedTuple):
    """Hashes are of all bytes of the records: key, value, names and values of the headers, in position order."""

    partition: int
    first: int
    last: int
    stored: int
    on_topic: int
    stored_hash: str
    topic_hash: str

    @property
    def differs(self) -> bool:
        return (self.stored, self.stored_hash) != (self.on_topic, self.topic_hash)


def bytes_of(key: bytes | None, value: bytes | None, headers: Any) -> bytes:
    names, values = zip(*headers, strict=True) if headers else ((), ())
    if (spelt := _names.get(names)) is None:
        spelt = _names[names] = "\x1f".join(names).encode()
    if key is None or value is None or None in values:
        return repr((names, key, value, values)).encode()
    return b"\x1f".join((spelt, key, value, *values))


def _hash() -> Any:
    return blake2b(digest_size=16)


@dataclass(slots=True)
class _Sides:
    """As long as both sides are the same there is one hash."""

    stored: int = 0
    on_topic: int = 0
    stored_hash: Any = field(default_factory=_hash)
    topic_hash: Any = None

    def part(self) -> Any:
        if self.topic_hash is None:
            self.topic_hash = self.stored_hash.copy()
        return self.topic_hash

    def both(self, content: bytes) -> None:
        self.stored += 1
        self.on_topic += 1
        self.stored_hash.update(content)
        if self.topic_hash is not None:
            self.topic_hash.update(content)


class Tally:
    """Kept for one partition; an open hash is a few hundred bytes, whatever went in."""

    def __init__(self, partition: int) -> None:
        self._partition = partition
        self._ranges: dict[int, _Sides] = {}

    def both(self, position: int, content: bytes) -> None:
        self._at(position).both(content)

    def differing(self, position: int, stored: bytes, on_topic: bytes | None) -> None:
        """The fact and the record at its place are not the same; None if there is none."""
        sides = self._at(position)
        topic_hash = sides.part()
        sides.stored += 1
        sides.stored_hash.update(stored)
        if on_topic is not None:
            sides.on_topic += 1
            topic_hash.update(on_topic)

    def _at(self, position: int) -> _Sides:
        number = (position - 1) // RANGE
        if (sides := self._ranges.get(number)) is None:
            sides = self._ranges[number] = _Sides()
        return sides

    def ranges(self, after: int, upto: int) -> Iterator[Range]:
        for number, sides in sorted(self._ranges.items()):
            first, last = max(number * RANGE, after) + 1, min((number + 1) * RANGE, upto)
            hashes = sides.stored_hash.hexdigest(), (sides.topic_hash or sides.stored_hash).hexdigest()
            yield Range(self._partition, first, last, sides.stored, sides.on_topic, *hashes)
