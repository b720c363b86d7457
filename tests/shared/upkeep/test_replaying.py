"""Facts that are sent once more to another topic."""

from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta

from shared.feed.cloudevents import Record
from shared.store.store import EventStore
from shared.upkeep.replaying import Choice, Sent, replay
from tests.shared.feed.appending import NOON, Appending
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic
from tests.shared.upkeep.conftest import connected

N = 3


async def replayed(store: EventStore, topic: Topic, choice: Choice, rate: float | None = None) -> list[Sent]:
    async with connected(topic, sending=True) as broker:
        return [sent async for sent in replay(store, N, broker, topic.name, choice, rate)]


async def there(topic: Topic) -> Sequence[tuple[int, Record]]:
    """In the order of positions."""
    found = await topic.records()
    records = [
        (place, Record(one.key, one.value, list(one.headers), one.timestamp))
        for place, ones in found.items()
        for one in ones
    ]
    return sorted(records, key=lambda one: dict(one[1].headers)["ce_sequence"])


async def test_they_are_the_records_of_the_live_topic(store: EventStore, topic: Topic, append: Appending) -> None:
    topic.create(N + 2)
    await append.facts(2500, streams=30)
    sent = await replayed(store, topic, Choice(0, 2500))
    assert sent[-1] == (2500, 2500)
    assert await there(topic) == await written(store, N)


async def test_only_what_is_chosen_is_sent(store: EventStore, topic: Topic, append: Appending) -> None:
    topic.create(N)
    await append.facts(60)
    await append.facts(60, name="shop.returned")
    await append.facts(60, tenant="other")
    whole = await written(store, N)

    def positions(records: Sequence[tuple[int, Record]]) -> list[int]:
        return [int(dict(record.headers)["ce_sequence"]) for _, record in records]

    await replayed(store, topic, Choice(10, 170, names={"shop.sold"}, tenant="other", stream_prefix="shop.till-1"))
    expected = [
        one
        for nth, one in enumerate(whole, 1)
        if 120 < nth <= 170 and dict(one[1].headers)["ce_subject"] == b"shop.till-1"
    ]
    assert expected
    assert await there(topic) == expected
    later, soon = NOON + timedelta(seconds=1), NOON - timedelta(seconds=1)
    assert (await replayed(store, topic, Choice(0, 180, since=later)))[-1].facts == 0
    assert (await replayed(store, topic, Choice(0, 180, until=NOON)))[-1].facts == 0
    assert (await replayed(store, topic, Choice(100, 110, since=soon, until=later)))[-1] == (110, 10)
    assert set(range(101, 111)) <= set(positions(await there(topic)))


async def test_it_says_from_where_to_go_on(store: EventStore, topic: Topic, append: Appending) -> None:
    topic.create(N)
    await append.facts(100)
    async with (
        connected(topic, sending=True) as broker,
        aclosing(replay(store, N, broker, topic.name, Choice(0, 100), rate=40)) as rounds,
    ):
        sent = await anext(rounds)
    assert sent == (40, 40)
    rest = await replayed(store, topic, Choice(sent.upto, 100))
    assert rest[-1] == (100, 60)
    assert await there(topic) == await written(store, N)


async def test_facts_near_the_limit_fit(store: EventStore, topic: Topic, append: Appending) -> None:
    topic.create(N)
    for size in (1_040_000, 10, 1_040_000):
        await append.facts(4, size=size)
    await replayed(store, topic, Choice(0, 12))
    assert await there(topic) == await written(store, N)
