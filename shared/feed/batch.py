"""What a feed hands out: facts of one partition of one source, in position order, at least once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from shared.core.event import Recorded


class Delivered(NamedTuple):
    """`previous` is the position before it in its partition, as far as the feed tells facts apart."""

    recorded: Recorded
    previous: int


class Broken(NamedTuple):
    """A record whose envelope cannot be read: parked alone, under its place on the topic."""

    offset: int
    raw: bytes
    headers: str
    error: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts of (source, partition of `partitions`). All there is from the first `previous` up to `upto` is in it,
    except facts whose names nobody here hears; `upto` may be ahead of the last fact, or stand without any. With
    `previous` at `upto` it asks whether all up to there was had.
    """

    source: str
    partition: int
    partitions: int
    facts: Sequence[Delivered]
    previous: int
    upto: int
    broken: Sequence[Broken] = field(default=())


class Gap(Exception):
    """Something before this batch is missing: nothing of it was taken. The feed begins again from the start, once."""

    def __init__(self, source: str, partition: int, mark: int, previous: int) -> None:
        super().__init__(f"{source}/{partition}: mark {mark}, but the next fact follows {previous}")
        self.source, self.partition, self.mark, self.previous = source, partition, mark, previous


Take = Callable[[Sequence[Batch]], Awaitable[None]]


class Feed(Protocol):
    async def run(self, take: Take) -> None:
        """Hands batches to `take` until cancelled. A batch is done with when `take` returns; when it raises Gap, that
        partition is read again from its beginning; when it raises anything else, the same batches come again later.
        """
