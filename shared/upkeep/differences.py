"""What can differ between a store and its topic, and how it is told."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal, NamedTuple

from aiokafka import ConsumerRecord

from shared.feed.cloudevents import Record
from shared.feed.consuming import CREATE_TIME

Kind = Literal["lost", "doubled", "altered", "misplaced", "foreign"]

TOLD: Final = 1000  # differences that are told one by one; all are counted


class Difference(NamedTuple):
    """`first` to `last` are positions, None where a record has none; `offset` is where on the partition it was seen."""

    kind: Kind
    partition: int
    first: int | None
    last: int | None
    offset: int | None
    words: str
    facts: int = 1


def same(record: ConsumerRecord, wanted: Record) -> bool:
    return bool(
        record.value == wanted.value
        and record.headers == tuple(wanted.headers)
        and record.key == wanted.key
        and (record.timestamp == wanted.timestamp or record.timestamp_type != CREATE_TIME)
    )


def altered(record: ConsumerRecord, wanted: Record) -> str:
    """Which parts of a record are not what they should be."""
    found, headers = dict(record.headers), dict(wanted.headers)
    parts = ["the value"] if record.value != wanted.value else []
    parts += ["the key"] if record.key != wanted.key else []
    parts += [f"header {name}" for name in headers if name in found and found[name] != headers[name]]
    parts += [f"header {name} is missing" for name in headers if name not in found]
    parts += [f"header {name} is too many" for name in found if name not in headers]
    if record.timestamp_type == CREATE_TIME and record.timestamp != wanted.timestamp:
        parts.append("the timestamp")
    return ", ".join(parts) or "the order of its headers"


@dataclass(slots=True)
class _Run:
    """Facts of one partition that lie beside each other there and are all missing."""

    first: int
    last: int
    facts: int


class Lost:
    """The facts of one partition that were not where they belong, as runs. One that turns up elsewhere is no more lost:
    it is taken out.
    """

    def __init__(self) -> None:
        self._runs: list[_Run] = []
        self._found: set[int] = set()
        self._open = False

    def add(self, position: int) -> None:
        if self._open:
            run = self._runs[-1]
            run.last, run.facts = position, run.facts + 1
        else:
            self._runs.append(_Run(position, position, 1))
        self._open = True

    def present(self) -> None:
        """A fact was where it belongs: the next one missing begins a new run."""
        self._open = False

    def found(self, position: int) -> bool:
        """Whether a fact of this partition was lost until now."""
        nth = bisect_right(self._runs, position, key=lambda run: run.first)
        if position in self._found or not nth or self._runs[nth - 1].last < position:
            return False
        self._found.add(position)
        return True

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """First and last position and the number of facts of every run, without those that were found."""
        for run in self._runs:
            found = sorted(position for position in self._found if run.first <= position <= run.last)
            if len(found) < run.facts:
                yield run.first, run.last, run.facts - len(found)


class Differences:
    """Counted by kind and told up to a limit: what differs altogether must not fill the memory."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, int | None, int | None], Difference] = {}
        self.counts: Counter[str] = Counter()

    def add(self, difference: Difference) -> None:
        place = difference.partition, difference.offset, difference.first
        if place in self._told:
            return
        self.counts[difference.kind] += difference.facts
        if len(self._told) < TOLD:
            self._told[place] = difference

    def __iter__(self) -> Iterator[Difference]:
        return islice(sorted(self._told.values(), key=_order), TOLD)


def _order(difference: Difference) -> tuple[int, int, int]:
    return difference.first or 0, difference.partition, difference.offset or 0
