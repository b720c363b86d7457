"""How far a listener is: marks per (source, era, partition), an era being a number of partitions.

Everything of a partition up to its mark is applied, passed over by rule, or parked. So no offset, topic or owner of a
partition has to be believed: whoever holds the next facts may bring them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.feed.batch import Gap
from shared.feed.cloudevents import key_of, partition_of
from shared.listen.decode import Heard, Stretch
from shared.store.database import Driver

# Of a row `m` of marks: nothing of its source has been heard with another number of partitions since.
IN_NEWEST_ERA = "m.era = (select max(e.era) from marks e where e.listener = m.listener and e.source = m.source)"


class Mark(NamedTuple):
    era: int
    partition: int
    position: int


@dataclass(slots=True)
class Era:
    """`marks` has a position for each of its partitions."""

    number: int
    marks: list[int]

    def had(self, position: int, key: bytes) -> bool:
        return position <= self.marks[partition_of(key, len(self.marks))]


@dataclass(slots=True)
class Marks:
    """One listener's marks on one source. The newest era says what comes next, older ones what has been had."""

    source: str
    eras: list[Era] = field(default_factory=lambda: [Era(0, [0])])

    def take(self, stretch: Stretch) -> list[Heard]:
        """The facts of it that are new; the mark moves to its end. Raises Gap when something before it is missing."""
        marks = self._era_of(stretch.partitions).marks
        mark = marks[stretch.partition]
        if stretch.upto <= mark:
            return []
        if stretch.previous > mark:
            raise Gap(stretch.source, stretch.partition, mark, stretch.previous)
        facts = stretch.facts
        if mark > stretch.previous:
            facts = [heard for heard in facts if heard.recorded.position > mark]
        if len(self.eras) > 1:
            facts = [heard for heard in facts if not self._had_before(heard)]
        marks[stretch.partition] = stretch.upto
        self._forget()
        return facts

    def _era_of(self, partitions: int) -> Era:
        newest = self.eras[-1]
        if len(newest.marks) != partitions:
            newest = Era(newest.number + 1, [min(newest.marks)] * partitions)
            self.eras.append(newest)
            self._forget()
        return newest

    def _forget(self) -> None:
        """Older eras have nothing more to say once the newest has passed all they had."""
        if len(self.eras) > 1 and self.lowest >= max(max(era.marks) for era in self.eras[:-1]):
            del self.eras[:-1]

    def _had_before(self, heard: Heard) -> bool:
        key = key_of(heard.recorded.tenant, heard.recorded.stream)
        return any(era.had(heard.recorded.position, key) for era in self.eras[:-1])

    def had(self, tenant: str, stream: str, position: int) -> bool:
        key = key_of(tenant, stream)
        return any(era.had(position, key) for era in self.eras)

    @property
    def lowest(self) -> int:
        """Everything up to here is had, whatever partition it was on."""
        return min(self.eras[-1].marks)

    def rows(self) -> set[Mark]:
        return {Mark(era.number, n, mark) for era in self.eras for n, mark in enumerate(era.marks)}


def collect(source: str, rows: Iterable[Mark]) -> Marks:
    """Rows of one listener and source, in any order. None at all is a listener at the very beginning."""
    eras: dict[int, dict[int, int]] = {}
    for era, partition, position in rows:
        eras.setdefault(era, {})[partition] = position
    found = [Era(number, [marks[n] for n in range(len(marks))]) for number, marks in sorted(eras.items())]
    return Marks(source, found) if found else Marks(source)


_LOAD = "select source, era, partition, position from marks where listener = $1 and source = any($2::text[])"
_SAVE = """insert into marks (listener, source, era, partitions, partition, position)
    select $1, $2, k.* from unnest($3::int[], $4::int[], $5::int[], $6::bigint[]) as k order by 1, 2, 3
    on conflict (listener, source, era, partition)
    do update set position = greatest(marks.position, excluded.position)"""
_FORGET = "delete from marks where listener = $1 and source = $2 and era < $3"


class KeptMarks:
    """The marks of one listener as they stand in the database, and how they are to stand after this transaction."""

    def __init__(self, listener: str, rows: Iterable[tuple[str, int, int, int]], sources: Collection[str]) -> None:
        self._listener = listener
        self._kept: dict[str, set[Mark]] = {source: set() for source in sources}
        for source, *mark in rows:
            self._kept[source].add(Mark(*mark))
        self.of = {source: collect(source, kept) for source, kept in self._kept.items()}

    @classmethod
    async def load(cls, driver: Driver, listener: str, sources: Collection[str]) -> "KeptMarks":
        return cls(listener, await driver.fetch(_LOAD, listener, list(sources)), sources)

    def stand(self) -> frozenset[tuple[str, Mark]]:
        return frozenset((source, mark) for source, marks in self.of.items() for mark in marks.rows())

    async def save(self, driver: Driver) -> None:
        """Never moves a mark back: those that hear nothing in a batch are moved without the lock."""
        for source, marks in self.of.items():
            kept, size = self._kept[source], {era.number: len(era.marks) for era in marks.eras}
            changed = sorted(marks.rows() - kept)
            if changed:
                eras, partitions, positions = zip(*changed, strict=True)
                sizes = [size[era] for era in eras]
                await driver.execute(_SAVE, self._listener, source, eras, sizes, partitions, positions)
            if any(mark.era < marks.eras[0].number for mark in kept):
                await driver.execute(_FORGET, self._listener, source, marks.eras[0].number)


_PASS = "select * from pass_over($1::text[], $2::text[], $3::int[], $4::int[], $5::bigint[], $6::bigint[])"

Passed = set[tuple[str, str, int]]  # (listener, source, partition)


async def pass_over(driver: Driver, listeners: Iterable[str], stretches: Iterable[Stretch]) -> Passed:
    """Moves the marks of listeners that hear nothing in these stretches, one per partition, in one statement.

    Answers which are past them now; the others need the rule, under their lock.
    """
    given = [(s.source, s.partitions, s.partition, s.previous, s.upto) for s in stretches]
    return {tuple(row) for row in await driver.fetch(_PASS, list(listeners), *zip(*given, strict=True))}
