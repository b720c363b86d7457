"""A listener in memory, with the platform's own rule for marks: what it writes down is what a read model would see."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from shared.core.event import Event, Recorded
from shared.feed.batch import Batch, Broken, Gap
from shared.listen.decode import Decoder
from shared.listen.marks import Marks


class Sold(Event, name="shop.sold"):
    version: int


class Mended(Event, name="workshop.mended"):
    version: int


HEARD = {event.event_name: event for event in (Sold, Mended)}


class Ledger:
    """`failures` are raised one by one, each instead of taking what was brought. Before the facts of the stream
    `damaged` something is always missing.
    """

    def __init__(self, sources: Collection[str] = ("shop",)) -> None:
        self.marks = {source: Marks(source) for source in sources}
        self.taken: list[Recorded] = []
        self.broken: list[Broken] = []
        self.brought: list[Batch] = []
        self.failures: list[Exception] = []
        self.damaged = ""
        self._decoder = Decoder("ledger", HEARD)

    async def take(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            _chained(batch)
        self.brought += batches
        if self.failures:
            raise self.failures.pop(0)
        gaps: list[Gap] = []
        for stretch in await self._decoder.stretches(batches):
            try:
                if self.damaged in {heard.recorded.stream for heard in stretch.facts}:
                    raise Gap(stretch.source, stretch.partition, 7, 9)
                new = self.marks[stretch.source].take(stretch)
            except Gap as gap:
                gaps.append(gap)
            else:
                self.taken += [heard.recorded for heard in new]
        self.broken += [broken for batch in batches for broken in batch.broken]
        if gaps:
            raise gaps[0]

    async def cursor(self, source: str) -> int:
        return self.marks[source].lowest

    def has(self, count: int) -> bool:
        return len(self.taken) >= count

    def had(self, fact: Recorded) -> bool:
        return self.marks[fact.source].had(fact.tenant, fact.stream, fact.position)

    def proves(self, facts: Sequence[Recorded]) -> None:
        """Of these facts, each that is heard was taken once, those of one stream in their order, and nothing else."""
        heard = [fact for fact in facts if fact.name in HEARD]
        assert sorted(_key(fact) for fact in self.taken) == sorted(_key(fact) for fact in heard)
        streams: dict[tuple[str, str, str], int] = defaultdict(int)
        for fact in self.taken:
            stream = (fact.source, fact.tenant, fact.stream)
            assert fact.version > streams[stream], f"{stream} out of order"
            streams[stream] = fact.version


def _key(fact: Recorded) -> tuple[str, int]:
    return fact.source, fact.position


def _chained(batch: Batch) -> None:
    """Positions rise from `previous` to `upto`, and each fact names the one before it in the batch."""
    before = batch.previous
    for recorded, previous in batch.facts:
        assert recorded.source == batch.source
        assert previous == before, f"{recorded.position} follows {previous}, not {before}"
        assert recorded.position > before
        before = recorded.position
    assert batch.upto >= before
