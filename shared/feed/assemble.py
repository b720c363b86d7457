"""Records of one partition, as they were read, to batches without a hole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shared.feed.batch import Batch, Broken, Delivered
from shared.feed.cloudevents import Heedless, PassedOver, Placed, Read


@dataclass(frozen=True, slots=True)
class Reached:
    """The last place of a partition that is known, for broken records that tell none themselves."""

    partitions: int
    upto: int = 0


@dataclass(slots=True)
class _Open:
    """The batch being filled: whole from `previous` up to `upto`; `last` is the last fact in it."""

    partitions: int
    previous: int
    upto: int
    last: int
    facts: list[Delivered] = field(default_factory=list)

    def leads_to(self, read: Placed | Heedless) -> bool:
        """False after a hole, and for what lies before this batch."""
        return self.previous <= read.previous <= self.upto and read.partitions == self.partitions


def assemble(source: str, partition: int, reads: Iterable[Read], reached: Reached) -> Iterator[Batch]:
    """Begins a new batch where a fact is missing or the number of partitions changes; drops repeats inside a batch."""
    current: _Open | None = None
    broken: list[Broken] = []
    for read in reads:
        if isinstance(read, PassedOver):
            continue
        if isinstance(read, Broken):
            broken.append(read)
            continue
        if current is None or not current.leads_to(read):
            if current is not None:
                yield _closed(source, partition, current, broken)
                broken = []
            current = _Open(read.partitions, read.previous, read.previous, read.previous)
        _add(current, read)
    if current is not None or broken:
        current = current or _Open(reached.partitions, reached.upto, reached.upto, reached.upto)
        yield _closed(source, partition, current, broken)


def _add(current: _Open, read: Placed | Heedless) -> None:
    position = read.recorded.position if isinstance(read, Placed) else read.position
    if position <= current.upto:
        return
    if isinstance(read, Placed):
        current.facts.append(Delivered(read.recorded, current.last))
        current.last = position
    current.upto = position


def _closed(source: str, partition: int, current: _Open, broken: list[Broken]) -> Batch:
    return Batch(source, partition, current.partitions, current.facts, current.previous, current.upto, tuple(broken))
