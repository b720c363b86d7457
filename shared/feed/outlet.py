"""Facts to batches, one per partition, and those to the topic."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiokafka.producer.message_accumulator import BatchBuilder
from faststream.kafka import KafkaBroker

from shared.feed.broker import producer_of
from shared.feed.cloudevents import Writer
from shared.store.passing import Passing

SLICE: Final = 100  # facts that are packed before the round on its way, and whoever else is on the loop, has a turn


@dataclass(slots=True)
class Round:
    """The next facts in position order, at most one batch per partition; `mark` and `lasts` are those once it is sent.
    `rest` are facts that were to be packed and found the batch of their partition full, or what comes after such a one.
    """

    mark: int
    lasts: list[int]
    batches: dict[int, BatchBuilder] = field(default_factory=dict)
    facts: int = 0
    oldest: int | None = None
    rest: Sequence[Passing] = ()


class Outlet:
    """`patience` is how long a batch may stay unacknowledged: the producer itself would try for ever."""

    def __init__(self, broker: KafkaBroker, topic: str, writer: Writer, *, patience: float) -> None:
        self._producer = producer_of(broker)
        self._topic, self._writer, self._patience = topic, writer, patience
        self._ends: dict[int, int] = {}

    async def pack(self, round: Round, facts: Sequence[Passing]) -> None:
        """Adds facts until the batch of one partition is full: what is sent has no hole."""
        batches, lasts, taken = round.batches, round.lasts, 0
        fields, create = self._writer.fields, self._producer.create_batch
        for fact in facts:
            partition, key, value, headers, timestamp = fields(fact, lasts)
            batch = batches.get(partition)
            if batch is None:
                batch = batches[partition] = create()
            if batch.append(timestamp=timestamp, key=key, value=value, headers=headers) is None:
                break
            lasts[partition] = round.mark = fact[0]
            taken += 1
            if not taken % SLICE:
                await asyncio.sleep(0)
        round.oldest = round.oldest or facts[0].recorded_at
        round.facts += taken
        round.rest = facts[taken:]

    async def send(self, round: Round) -> None:
        """Returns when all is acknowledged, by every replica in sync. Raises otherwise: nothing may follow then."""
        sent = {partition: await self._send(batch, partition) for partition, batch in round.batches.items()}
        _, unanswered = await asyncio.wait(sent.values(), timeout=self._patience)
        if unanswered:
            raise TimeoutError(f"{len(unanswered)} batches not acknowledged in {self._patience} s")
        for partition, acknowledged in sent.items():
            self._judge(partition, acknowledged.result(), round.batches[partition].record_count())

    async def _send(self, batch: BatchBuilder, partition: int) -> "asyncio.Future[Any]":
        async with asyncio.timeout(self._patience):
            future: asyncio.Future[Any] = await self._producer.send_batch(batch, self._topic, partition=partition)
        future.add_done_callback(_seen)
        return future

    def _judge(self, partition: int, metadata: Any, records: int) -> None:
        """Offsets only grow. The topic was made anew under us where they do not."""
        if metadata.offset < 0:  # the broker had the batch already and no longer knows where
            return
        if metadata.offset < self._ends.get(partition, 0):
            raise RuntimeError(f"{self._topic}/{partition} was made anew: offset {metadata.offset} came again")
        self._ends[partition] = metadata.offset + records


def _seen(future: "asyncio.Future[Any]") -> None:
    """Whoever waits for a round hears of its first failure; the others are the same news."""
    if not future.cancelled():
        future.exception()
