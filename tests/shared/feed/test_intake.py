"""Reading ahead: while one call's records are with the listeners, the next are there already."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from shared.core.event import Recorded
from shared.feed.batch import Batch, Gap
from shared.feed.cloudevents import Reader, Writer, key_of, partition_of
from shared.feed.intake import Intake
from tests.shared.feed.ledger import Ledger
from tests.shared.feed.passing import passing

TOPIC, AT = "shop.events", datetime(2027, 3, 1, tzinfo=UTC)
FIRST, OTHER = "shop.till-1", "shop.till-5"
PLACES = {stream: TopicPartition(TOPIC, partition_of(key_of("acme", stream), 2)) for stream in (FIRST, OTHER)}
assert PLACES[FIRST] != PLACES[OTHER]


def fact(position: int, stream: str, version: int) -> Recorded:
    ids = UUID(int=position), AT, AT, "ada", UUID(int=1), None, None
    return Recorded("shop", position, "acme", stream, version, "shop.sold", *ids, f'{{"version":{version}}}')


FACTS = [fact(1, FIRST, 1), fact(2, FIRST, 2), fact(3, OTHER, 1), fact(4, FIRST, 3)]


class Topic:
    """What a consumer of two partitions is told."""

    def __init__(self) -> None:
        self.sought: list[tuple[TopicPartition, int]] = []
        self.paused: list[TopicPartition] = []
        self.committed: dict[TopicPartition, OffsetAndMetadata] = {}
        self._records: list[ConsumerRecord[Any, Any]] = []
        writer, lasts, after = Writer("shop", 2), [0, 0], [0, 0]
        for each in FACTS:
            n, record = writer.record(passing(each), lasts)
            lengths = len(record.key), len(record.value)
            place = TOPIC, n, after[n], record.timestamp, 0, record.key, record.value, None
            self._records.append(ConsumerRecord(*place, *lengths, tuple(record.headers)))
            lasts[n], after[n] = each.position, after[n] + 1

    def records(self, *positions: int) -> list[ConsumerRecord[Any, Any]]:
        return [self._records[position - 1] for position in positions]

    def partitions_for_topic(self, topic: str) -> set[int]:
        return {0, 1}

    def seek(self, place: TopicPartition, offset: int) -> None:
        self.sought.append((place, offset))

    def pause(self, place: TopicPartition) -> None:
        self.paused.append(place)

    async def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        self.committed |= offsets


class Held(Ledger):
    """Takes nothing before it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def take(self, batches: Sequence[Batch]) -> None:
        await self.may.wait()
        await super().take(batches)


def intake(ledger: Ledger) -> Intake:
    return Intake("ledger", {TOPIC: Reader("shop")}, ledger.take, longest_backoff=0.01)


async def test_the_next_are_read_while_the_first_are_with_the_listeners() -> None:
    ledger, topic = Held(), Topic()
    hearing = intake(ledger)
    async with asyncio.timeout(5):
        await hearing.handle(topic, topic.records(1))
    second = asyncio.create_task(hearing.handle(topic, topic.records(2)))
    await asyncio.sleep(0)
    assert not second.done(), "no third call before the first is done with"
    ledger.may.set()
    await second
    await hearing.stop()
    assert [each.position for each in ledger.taken] == [1, 2]


async def test_what_was_read_ahead_of_a_failure_comes_again_behind_it() -> None:
    ledger, topic = Ledger(), Topic()
    hearing = intake(ledger)
    ledger.failures = [ConnectionError("no database")]
    await hearing.handle(topic, topic.records(1))
    await hearing.handle(topic, topic.records(2, 3))
    assert topic.sought == [(PLACES[FIRST], 0)]
    await hearing.handle(topic, topic.records(1, 2))
    await hearing.handle(topic, topic.records(4))
    await hearing.stop()
    assert [(batch.partition, batch.upto) for batch in ledger.brought] == [
        (PLACES[stream].partition, upto) for stream, upto in ((FIRST, 1), (OTHER, 3), (FIRST, 2), (FIRST, 4))
    ]
    ledger.proves(FACTS)
    assert hearing.failing is None


async def test_what_was_read_ahead_of_a_gap_is_no_second_gap() -> None:
    ledger, topic = Ledger(), Topic()
    hearing = intake(ledger)
    await hearing.handle(topic, topic.records(2))
    await hearing.handle(topic, topic.records(3, 4))
    assert topic.sought == [(PLACES[FIRST], 0)]
    await hearing.handle(topic, topic.records(1, 2, 4))
    await hearing.stop()
    ledger.proves(FACTS)
    assert not hearing.gaps.stopped
    assert not topic.paused


async def test_a_gap_that_is_still_there_stops_its_partition() -> None:
    ledger, topic = Ledger(), Topic()
    hearing = intake(ledger)
    for _ in range(2):
        await hearing.handle(topic, topic.records(2))
        await hearing.handle(topic, topic.records(4))
    await hearing.stop()
    assert topic.paused == [PLACES[FIRST]]
    assert isinstance(hearing.gaps.stopped[PLACES[FIRST]], Gap)


async def test_only_what_is_done_with_is_committed() -> None:
    ledger, topic = Held(), Topic()
    hearing = intake(ledger)
    await hearing.handle(topic, topic.records(1))
    second = asyncio.create_task(hearing.handle(topic, topic.records(2)))
    await asyncio.sleep(0)
    assert not topic.committed
    ledger.may.set()
    await second
    assert topic.committed in ({}, {PLACES[FIRST]: OffsetAndMetadata(1, "1 of 2")})
    await hearing.stop()


async def test_after_it_was_stopped_nothing_more_is_taken() -> None:
    ledger, topic = Ledger(), Topic()
    hearing = intake(ledger)
    await hearing.handle(topic, topic.records(1))
    await hearing.stop()
    await hearing.handle(topic, topic.records(2))
    assert [each.position for each in ledger.taken] == [1]
