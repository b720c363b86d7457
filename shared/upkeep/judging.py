"""Judging records that are not where their fact is expected: repeats as they are legal, or something worse."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from aiokafka import ConsumerRecord

from shared.store.store import EventStore
from shared.upkeep.differences import Difference, Differences, Kind, Lost, altered, same
from shared.upkeep.expected import PAGE, Expected, expected

_MANY: Final = 1000
_MANY_BYTES: Final = 16 * 1024 * 1024
_EARLY: Final = "facts that belong before it follow it"


class Odd(NamedTuple):
    """`early`: facts that belong before it come behind it."""

    position: int
    partition: int
    record: ConsumerRecord
    early: bool


class Judge:
    """Keeps records aside until the store has been read past their positions, a bounded number of them."""

    def __init__(self, store: EventStore, partitions: int, after: int) -> None:
        self._store, self._partitions, self._after = store, partitions, after
        self._aside: list[Odd] = []
        self._bytes = 0
        self.lost = [Lost() for _ in range(partitions)]
        self.differences = Differences()
        self.repeats = 0
        self._ahead: dict[int, Difference] = {}

    def altered(self, fact: Expected, record: ConsumerRecord) -> None:
        self._add("altered", fact.partition, fact.position, record, altered(record, fact.record))

    def foreign(self, partition: int, record: ConsumerRecord) -> None:
        words = f"no fact of {self._store.source}" if record.value is not None else "a tombstone"
        self._add("foreign", partition, None, record, words)

    def set_aside(self, odd: Odd) -> None:
        if odd.position > self._after:
            self._aside.append(odd)
            self._bytes += len(odd.record.value or b"")

    def ahead(self, partition: int, position: int, record: ConsumerRecord) -> None:
        """It stood behind all the store had when asked: whether it still does is seen at the end."""
        first = self._ahead.get(partition)
        if first is None:
            self._ahead[partition] = Difference("foreign", partition, position, position, record.offset, "")
        else:
            self._ahead[partition] = first._replace(last=position, facts=first.facts + 1)

    @property
    def has_much(self) -> bool:
        return len(self._aside) >= _MANY or self._bytes >= _MANY_BYTES

    async def judge(self, reached: int) -> None:
        """Those whose facts the store has been read past."""
        ready = sorted((odd for odd in self._aside if odd.position <= reached), key=lambda odd: odd.position)
        self._aside = [odd for odd in self._aside if odd.position > reached]
        self._bytes = sum(len(odd.record.value or b"") for odd in self._aside)
        for span in _spans(ready):
            asked, wanted = {odd.position for odd in span}, dict[int, Expected]()
            async for page in expected(self._store, self._partitions, span[0].position - 1, span[-1].position):
                wanted.update((fact.position, fact) for fact in page if fact.position in asked)
            for odd in span:
                verdict = self._verdict(odd, wanted.get(odd.position))
                if verdict is None:
                    self.repeats += 1
                else:
                    kind, words = verdict
                    self._add(kind, odd.partition, odd.position, odd.record, words)

    def give_up(self, head: int) -> None:
        """Those that are still aside: the store will not be read as far."""
        for odd in self._aside:
            if odd.position > head:
                self._add("foreign", odd.partition, odd.position, odd.record, f"the store ends at {head}")
            else:
                self._add("misplaced", odd.partition, odd.position, odd.record, _EARLY)
        self._aside = []
        for ahead in self._ahead.values():
            if ahead.last is not None and ahead.last > head:
                self.differences.add(ahead._replace(words=f"the store ends at {head}"))
        self._ahead = {}

    def _verdict(self, odd: Odd, wanted: Expected | None) -> tuple[Kind, str] | None:
        """None for a repeat as it is legal."""
        if wanted is None:
            return "foreign", "the store has no fact there"
        was_lost = self.lost[wanted.partition].found(odd.position)
        if odd.partition != wanted.partition:
            return "misplaced", f"it belongs to partition {wanted.partition}"
        if not same(odd.record, wanted.record):
            return "altered" if was_lost else "doubled", altered(odd.record, wanted.record)
        if was_lost:
            return "misplaced", _EARLY if odd.early else "it follows facts that belong behind it"
        return ("doubled", "a repeat before its turn") if odd.early else None

    def _add(self, kind: Kind, partition: int, position: int | None, record: ConsumerRecord, words: str) -> None:
        self.differences.add(Difference(kind, partition, position, position, record.offset, words))

    def told(self) -> Iterator[Difference]:
        yield from self.differences
        for partition, lost in enumerate(self.lost):
            for first, last, facts in lost.runs():
                yield Difference("lost", partition, first, last, None, "not on the topic", facts)


def _spans(odds: Sequence[Odd]) -> Iterator[Sequence[Odd]]:
    """Cut where the store would have to be read for nothing."""
    span: list[Odd] = []
    for odd in odds:
        if span and odd.position - span[-1].position > PAGE:
            yield span
            span = []
        span.append(odd)
    if span:
        yield span
