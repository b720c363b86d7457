"""Each batch is read once for all listeners of a service: envelopes become events, batches become stretches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from shared.core.event import Event, Recorded
from shared.feed.batch import Batch
from shared.listen.pace import Pace
from shared.telemetry.metrics import PASSED_OVER


class Heard(NamedTuple):
    """A fact as this service reads it. One that it knows and cannot read has the error instead of the event."""

    recorded: Recorded
    event: Any
    error: Exception | None = None


_heard = tuple.__new__  # what Heard(…) comes to, once for each fact


class Stretch(NamedTuple):
    """A piece of a partition without a hole: `facts` are all that anybody here hears after `previous` up to `upto`."""

    source: str
    partition: int
    partitions: int
    previous: int
    upto: int
    facts: list[Heard]
    names: frozenset[str]


class Decoder:
    """`known` are the facts that somebody in this service hears, by stored name."""

    def __init__(self, service: str, known: Mapping[str, type[Event]]) -> None:
        self._service = service
        self._readers: dict[str, Callable[[str | bytes], Event]] = {
            name: event.__pydantic_validator__.validate_json for name, event in known.items()
        }

    def read(self, recorded: Recorded) -> Heard:
        """One fact of a known name."""
        try:
            return _heard(Heard, (recorded, self._readers[recorded.name](recorded.data), None))
        except Exception as error:
            return Heard(recorded, None, error)

    async def stretches(self, batches: Iterable[Batch]) -> list[Stretch]:
        pace = Pace()
        found: list[Stretch] = []
        for batch in batches:
            found += await self._split(batch, pace)
        return found

    async def _split(self, batch: Batch, pace: Pace) -> Sequence[Stretch]:
        """Repeats inside the batch are dropped; where a fact is missing inside it, a new stretch begins."""
        stretches: list[Stretch] = []
        readers, passed = self._readers, 0
        start = reached = batch.previous
        facts: list[Heard] = []
        for number, (recorded, previous) in enumerate(batch.facts):
            position = recorded.position
            if position <= reached:
                continue
            if previous > reached:
                stretches.append(_stretch(batch, start, reached, facts))
                start, facts = previous, []
            reached = position
            if recorded.name in readers:
                facts.append(self.read(recorded))
            else:
                passed += 1
            if not number & 31 and pace.is_over:
                await pace.rest()
        if max(reached, batch.upto) > start or not batch.broken:  # broken records alone say nothing of what was had
            stretches.append(_stretch(batch, start, max(reached, batch.upto), facts))
        if passed:
            PASSED_OVER.labels(self._service, batch.source, "unheard").inc(passed)
        return stretches


def _stretch(batch: Batch, previous: int, upto: int, facts: list[Heard]) -> Stretch:
    names = frozenset([heard.recorded.name for heard in facts])
    return Stretch(batch.source, batch.partition, batch.partitions, previous, upto, facts, names)
