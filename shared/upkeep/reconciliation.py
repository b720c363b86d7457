"""Holding a topic against its store, record by record in the order of positions, with memory that does not grow."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aiokafka import ConsumerRecord

from shared.store.store import EventStore
from shared.upkeep.differences import TOLD, Difference, same
from shared.upkeep.expected import Expected, by_partition, expected, lasts_at
from shared.upkeep.judging import Judge, Odd
from shared.upkeep.positions import Positions
from shared.upkeep.reading import Reading
from shared.upkeep.tally import Range, Tally, bytes_of

_AHEAD: Final = 1000  # records that are looked at to tell a fact that is missing from one that comes a little later

Told = Callable[[int], None]


class TooFewPartitions(Exception):
    """The topic cannot hold what the store says it does."""


@dataclass(frozen=True, slots=True)
class Report:
    """Facts of the store after one position up to another, held against what lies there on the topic. `repeats` of
    identical records are legal. `beyond` counts what lies on the topic further on and was not judged.
    """

    topic: str
    partitions: int
    after: int
    upto: int
    facts: int
    on_topic: int
    repeats: int
    beyond: int
    counts: Counter[str]
    differences: Sequence[Difference]
    ranges: Sequence[Range]

    @property
    def differing(self) -> int:
        return self.counts.total()


class Reconciliation:
    """`advance` again and again takes in what is new; `partitions` is the number that the relay writes for; `only` one
    of them is looked at, if that is given.
    """

    def __init__(
        self, store: EventStore, reading: Reading, partitions: int, after: int = 0, only: int | None = None
    ) -> None:
        if reading.partitions < partitions:
            raise TooFewPartitions(f"{reading.topic} has {reading.partitions} partitions, the store says {partitions}")
        self._store, self._reading, self._partitions = store, reading, partitions
        self._looked_at = range(reading.partitions) if only is None else [only]
        self._after = self.reached = after
        self._positions = Positions(store.source)
        self._judge = Judge(store, partitions, after)
        self._tallies = [Tally(number) for number in range(partitions)]
        self._lasts: list[int] = []
        self._resumes = [0] * partitions  # behind a hole, the position of the next record
        self._beyond_facts = 0

    async def begin(self) -> None:
        self._lasts = await lasts_at(self._store, self._partitions, self._after)
        if self._after:
            for number, offset in enumerate(await self._positions.offsets_of(self._reading, self._after + 1)):
                self._reading.seek(number, offset)

    async def advance(self, upto: int, *, to_end: bool = True, told: Told = lambda position: None) -> None:
        """All facts up to a position that was relayed before the reading asked where the topic ends. `to_end` also
        judges what lies behind them on the topic.
        """
        async for page in expected(self._store, self._partitions, self.reached, upto, self._lasts):
            for partition, facts in enumerate(by_partition(page, self._partitions)):
                if facts and partition in self._looked_at:
                    await self._match(partition, facts)
            self.reached = page[-1].position
            if self._judge.has_much:
                await self._judge.judge(self.reached)
            told(self.reached)
        self.reached = max(self.reached, upto)
        if to_end:
            self._beyond_facts = 0
            for partition in self._looked_at:
                await self._sweep(partition)
        await self._judge.judge(self.reached)

    async def report(self) -> Report:
        self._judge.give_up(await self._store.head())
        ranges = [one for tally in self._tallies for one in tally.ranges(self._after, self.reached)]
        differences = sorted(self._judge.told(), key=lambda one: (one.first or 0, one.partition, one.offset or 0))
        lost = sum(one.facts for one in differences if one.kind == "lost")
        return Report(
            topic=self._reading.topic,
            partitions=self._partitions,
            after=self._after,
            upto=self.reached,
            facts=sum(one.stored for one in ranges),
            on_topic=sum(one.on_topic for one in ranges),
            repeats=self._judge.repeats,
            beyond=self._beyond_facts,
            counts=self._judge.differences.counts + Counter(lost=lost),
            differences=differences[:TOLD],
            ranges=ranges,
        )

    async def _match(self, partition: int, facts: Sequence[Expected]) -> None:
        """Each fact finds its record, or counts as lost until it turns up out of its place."""
        buffer = await self._reading.fill(partition, len(facts))
        tally, lost = self._tallies[partition], self._judge.lost[partition]
        for nth, fact in enumerate(facts):
            wanted = fact.record
            content = bytes_of(wanted.key, wanted.value, wanted.headers)
            if fact.position < self._resumes[partition]:
                tally.differing(fact.position, content, None)
                lost.add(fact.position)
                continue
            while not (found := bool(buffer) and same(buffer[0], wanted)):
                if not await self._passed_over(partition, facts, nth):
                    break
            if found:
                buffer.popleft()
                tally.both(fact.position, content)
                lost.present()
                continue
            if buffer and self._position(buffer[0]) == fact.position:
                record = buffer.popleft()
                tally.differing(fact.position, content, bytes_of(record.key, record.value, record.headers))
                lost.present()
                self._judge.altered(fact, record)
            else:
                tally.differing(fact.position, content, None)
                lost.add(fact.position)

    async def _passed_over(self, partition: int, facts: Sequence[Expected], nth: int) -> bool:
        """Takes the next record away if it says nothing about the fact that is awaited, the nth of these."""
        if not (buffer := await self._reading.fill(partition, 1)):
            return False
        position, awaited = self._position(buffer[0]), facts[nth].position
        if position is None:
            self._judge.foreign(partition, buffer.popleft())
            return True
        early = position > awaited
        if position == awaited:
            return False
        if early and not await self._comes_soon(partition, facts[nth:], position):
            self._resumes[partition] = position
            return False
        self._judge.set_aside(Odd(position, partition, buffer.popleft(), early))
        return True

    async def _comes_soon(self, partition: int, awaited: Sequence[Expected], before: int) -> bool:
        """Whether the next record is the one out of place, because facts that belong before it follow it. Where fewer
        facts are missing here than records would have to be out of place, it is those facts.
        """
        buffer = await self._reading.fill(partition, _AHEAD)
        missing = sum(1 for fact in awaited if fact.position < before)
        soon = (self._position(record) for record in islice(buffer, 1, min(missing, _AHEAD) + 1))
        return any(position is not None and awaited[0].position <= position < before for position in soon)

    async def _sweep(self, partition: int) -> None:
        """What lies behind the last fact: repeats, strangers, and facts sent since, to which it goes back."""
        head, back = await self._store.head(), None
        while buffer := await self._reading.fill(partition, 1):
            record = buffer.popleft()
            position = self._position(record)
            if position is None:
                self._judge.foreign(partition, record)
            elif position <= self.reached:
                self._judge.set_aside(Odd(position, partition, record, False))
                if self._judge.has_much:
                    await self._judge.judge(self.reached)
            else:
                self._beyond_facts += 1
                back = record.offset if back is None else back
                if position > head:
                    self._judge.ahead(partition, position, record)
        if back is not None:
            self._reading.seek(partition, back)

    def _position(self, record: ConsumerRecord) -> int | None:
        return self._positions.of(record.headers)
