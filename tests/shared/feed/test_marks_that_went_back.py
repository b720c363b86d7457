"""A database put back from a copy has older marks than the offsets of its group say, and no new fact tells."""

import asyncio
from collections.abc import Sequence
from copy import deepcopy
from functools import partial

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from shared.feed.batch import Batch
from shared.feed.cloudevents import Reader
from shared.feed.intake import Intake
from shared.feed.kafka import KafkaFeed
from shared.store.store import EventStore
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.hearing import Feeding, hearing, written
from tests.shared.feed.ledger import Ledger
from tests.shared.feed.topics import Topic

FACTS = 300


@pytest.fixture
def feeding(topic: Topic, topics: str) -> Feeding:
    return hearing(topic, topics)


@pytest.fixture
def group(topics: str) -> str:
    return f"{topics}ledger"


class Watching(Ledger):
    """Writes down whether the feed said that it is ready while something was still to be brought."""

    feed: KafkaFeed
    too_early = False

    async def take(self, batches: Sequence[Batch]) -> None:
        self.too_early |= self.feed.trouble is None
        await super().take(batches)


async def restored(store: EventStore, append: Appending, topic: Topic, feeding: Feeding, group: str) -> Watching:
    """As it stood after a third of the facts. The others were heard too, and committed."""
    topic.create(3)
    await append.facts(FACTS, streams=20)
    records = await written(store, 3)
    first, copy = Ledger(), Watching()
    async with feeding(first):
        for taken in (FACTS // 3, FACTS):
            await topic.write(records[len(first.taken) : taken])
            await becomes(partial(first.has, taken))
            if taken < FACTS:
                copy.marks, copy.taken = deepcopy(first.marks), list(first.taken)
        await becomes(lambda: topic.committed(group) == FACTS)
    return copy


async def caught_up(ledger: Watching, feeding: Feeding, store: EventStore) -> None:
    async with feeding(ledger) as ledger.feed:
        await becomes(lambda: ledger.feed.trouble is None)
        ledger.proves(await store.read(0, limit=FACTS))
    assert not ledger.too_early


async def test_what_they_lack_is_read_without_a_new_fact_and_before_it_is_ready(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding, group: str
) -> None:
    ledger = await restored(store, append, topic, feeding, group)
    await caught_up(ledger, feeding, store)


async def test_what_they_lack_is_read_though_the_last_records_are_repeats_and_strangers(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding, group: str
) -> None:
    ledger = await restored(store, append, topic, feeding, group)
    repeats = await written(store, 3)
    await topic.write([*repeats[:30], *[(place, {"value": b"{}"}) for place in range(3)]])
    other = Ledger()
    other.marks = deepcopy(ledger.marks)
    async with feeding(other):
        await becomes(lambda: topic.committed(group) == FACTS + 33)
    await caught_up(ledger, feeding, store)


async def test_what_they_lack_is_read_after_an_offset_that_somebody_else_has_set(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding, group: str
) -> None:
    ledger = await restored(store, append, topic, feeding, group)
    await asyncio.to_thread(topic.commit, group, dict.fromkeys(range(3), 10))
    async with feeding(ledger) as ledger.feed:
        await becomes(partial(ledger.has, FACTS))
    ledger.proves(await store.read(0, limit=FACTS))


async def test_what_was_fetched_before_it_began_again_does_not_stop_it(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding, group: str
) -> None:
    """The first new records are with the listeners while the marks are compared."""
    stood, ledger = await restored(store, append, topic, feeding, group), Ledger()
    ledger.marks, ledger.taken = stood.marks, stood.taken
    await append.facts(30, streams=20)
    await topic.write((await written(store, 3))[FACTS:])
    intake, consumer = Intake("ledger", {topic.name: Reader("shop")}, ledger.take, 0.1), Seeking()
    records = await topic.records()
    places = [TopicPartition(topic.name, partition) for partition in range(3)]
    old = {place: [one for one in records[place.partition] if _position(one) <= FACTS] for place in places}
    committed = {place: OffsetAndMetadata(len(old[place]), f"{_position(old[place][-1])} of 3") for place in places}
    intake.places.on_partitions_assigned(set(places))
    await intake.compare(consumer, committed)
    assert consumer.sought == dict.fromkeys(places, 0)
    for begin in (len, lambda _: 0):
        for place in places:
            await intake.handle(consumer, records[place.partition][begin(old[place]) :])
    await intake.stop()
    assert (intake.gaps.words, consumer.paused) == ([], [])
    ledger.proves(await store.read(0, limit=1000))


class Seeking:
    def __init__(self) -> None:
        self.sought: dict[TopicPartition, int] = {}
        self.paused: list[TopicPartition] = []

    def pause(self, place: TopicPartition) -> None:
        self.paused.append(place)

    def seek(self, place: TopicPartition, offset: int) -> None:
        self.sought[place] = offset

    def partitions_for_topic(self, _: str) -> set[int]:
        return {0, 1, 2}

    async def commit(self, _: object) -> None:
        """Nobody reads on from here."""


def _position(record: ConsumerRecord) -> int:
    return int(dict(record.headers)["ce_sequence"])


async def test_a_database_that_is_away_is_asked_again_before_it_is_ready(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding, group: str
) -> None:
    ledger = await restored(store, append, topic, feeding, group)
    ledger.failures = [ConnectionError("the database is away")] * 2
    await caught_up(ledger, feeding, store)


async def test_whoever_lacks_nothing_is_handed_nothing_again(
    store: EventStore, append: Appending, topic: Topic, feeding: Feeding, group: str
) -> None:
    ledger = await restored(store, append, topic, feeding, group)
    await caught_up(ledger, feeding, store)
    await becomes(lambda: topic.committed(group) == FACTS)
    ledger.brought.clear()
    async with feeding(ledger) as ledger.feed:
        await becomes(lambda: ledger.feed.trouble is None)
    assert [batch.facts for batch in ledger.brought] == [()] * 3
