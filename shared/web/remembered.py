"""A small cache whose entries end: what is asked on every request and changes seldom."""

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
FOR_EVER = float("inf")


class Remembered(Generic[K, V]):
    """Keeps `size` entries at most; the oldest goes first."""

    def __init__(self, size: int = 10_000, now: Callable[[], float] = monotonic) -> None:
        self._entries: dict[K, tuple[V, float]] = {}
        self._size, self._now = size, now

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        return entry[0] if entry is not None and entry[1] > self._now() else None

    def renew(self, key: K, seconds: float) -> None:
        """An entry that has ended is believed a little longer, while one of those who need it looks again."""
        if (entry := self._entries.get(key)) is not None:
            self._entries[key] = entry[0], self._now() + seconds

    def put(self, key: K, value: V, until: float) -> None:
        """`until` is on the clock this cache was made with."""
        self._entries.pop(key, None)
        while len(self._entries) >= self._size:
            del self._entries[next(iter(self._entries))]
        self._entries[key] = value, until

    def drop(self, key: K) -> None:
        self._entries.pop(key, None)
