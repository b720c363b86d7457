"""Facts as a feed brings them: numbered by their source, spread over partitions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.core.event import Event, Recorded, source_of
from shared.core.ids import derive
from shared.feed.batch import Batch, Delivered
from shared.feed.cloudevents import key_of, partition_of
from tests.shared.listen.bank import MINUTE, NOON


class Log:
    """What one service has stored so far."""

    def __init__(self, source: str = "bank", tenant: str = "org") -> None:
        self.source, self.tenant = source, tenant
        self.facts: list[Recorded] = []
        self._versions: dict[tuple[str, str], int] = {}

    def add(
        self, *events: Event, stream: str | None = None, tenant: str | None = None, at: datetime = NOON
    ) -> Recorded:
        """Each on the stream of its account. Answers the last."""
        for event in events:
            name = stream or f"{self.source}.account-{event.account_id}"  # type: ignore[attr-defined]
            self._record(event.event_name, name, tenant or self.tenant, at, event.model_dump_json())
        return self.facts[-1]

    def add_raw(self, name: str, stream: str, data: str) -> Recorded:
        return self._record(name, stream, self.tenant, NOON, data)

    def _record(self, name: str, stream: str, tenant: str, at: datetime, data: str) -> Recorded:
        assert source_of(name) == self.source
        version = self._versions[tenant, stream] = self._versions.get((tenant, stream), 0) + 1
        position = len(self.facts) + 1
        fact = Recorded(
            source=self.source,
            position=position,
            tenant=tenant,
            stream=stream,
            version=version,
            name=name,
            id=derive(self.source, position),
            at=at + MINUTE * position,
            recorded_at=at + MINUTE * position,
            actor="ada",
            correlation_id=UUID(int=position),
            causation_id=None,
            traceparent=None,
            data=data,
        )
        self.facts.append(fact)
        return fact

    def partitions(self, n: int = 1) -> list[list[Delivered]]:
        """The topic as the relay writes it."""
        found: list[list[Delivered]] = [[] for _ in range(n)]
        for fact in self.facts:
            partition = found[partition_of(key_of(fact.tenant, fact.stream), n)]
            partition.append(Delivered(fact, partition[-1].recorded.position if partition else 0))
        return found

    def batch(self, after: int = 0, upto: int | None = None) -> Batch:
        """As the store feed hands it out: one partition, everything in it."""
        upto = len(self.facts) if upto is None else upto
        facts = [Delivered(fact, fact.position - 1) for fact in self.facts[after:upto]]
        return Batch(self.source, 0, 1, facts, after, upto)


def batch_of(source: str, partition: int, partitions: int, facts: Sequence[Delivered]) -> Batch:
    return Batch(source, partition, partitions, facts, facts[0].previous, facts[-1].recorded.position)


def batches_of(log: Log, n: int, size: int = 1000) -> Iterable[Batch]:
    for partition, facts in enumerate(log.partitions(n)):
        for start in range(0, len(facts), size):
            yield batch_of(log.source, partition, n, facts[start : start + size])


def ids(count: int) -> list[UUID]:
    return [UUID(int=n + 1) for n in range(count)]


def rows(records: Iterable[Any]) -> list[dict[str, Any]]:
    return [dict(record) for record in records]
