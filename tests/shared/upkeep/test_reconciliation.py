"""Store against topic: whatever somebody did to the topic is found and named."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.feed.cloudevents import Record
from shared.store.database import Database
from shared.store.store import EventStore
from shared.upkeep import differences as telling
from shared.upkeep.reconciliation import Report
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, relayed
from tests.shared.feed.sent import execute
from tests.shared.feed.topics import Topic
from tests.shared.upkeep.conftest import PARTITIONS, Records, reconciled

Damaged = Callable[..., Any]


def told(report: Report) -> list[tuple[str, int | None, int | None, str]]:
    return [(one.kind, one.first, one.last, one.words) for one in report.differences]


def header(record: Record, name: str, value: bytes) -> Record:
    return record._replace(headers=[(key, value if key == name else old) for key, old in record.headers])


def sequence(position: int) -> bytes:
    return b"%020d" % position


async def test_what_a_relay_sent_is_the_same_to_the_byte(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(3)
    await append.facts(5000, streams=40)
    async with relaying(facts=300):
        await relayed(db, store)
    await execute(db, "update relay set mark = 0, lasts = '{0,0,0}'")
    async with relaying():
        await relayed(db, store)
    report = await reconciled(store, topic, partitions=3)
    assert (report.facts, report.on_topic, report.repeats, report.differing) == (5000, 5000, 5000, 0)
    assert not any(one.differs for one in report.ranges)
    assert sum(one.stored for one in report.ranges) == 5000


async def test_a_dropped_record_is_lost(damaged: Damaged, store: EventStore, topic: Topic) -> None:
    whole = await damaged(lambda records: [one for nth, one in enumerate(records, 1) if nth not in (50, 120, 121)])
    report = await reconciled(store, topic)
    lost = {position for one in report.differences for position in (one.first, one.last)}
    assert (report.counts["lost"], report.differing, lost) == (3, 3, {50, 120, 121})
    assert {one.partition for one in report.differences} == {whole[nth - 1][0] for nth in (50, 120, 121)}
    assert [one.stored - one.on_topic for one in report.ranges if one.differs]


async def test_a_repeat_with_other_bytes_is_doubled(damaged: Damaged, store: EventStore, topic: Topic) -> None:
    def damage(records: Records) -> Records:
        place, record = records[49]
        return [*records[:150], (place, record._replace(value=b'{"version": 0}')), (place, record), *records[150:]]

    await damaged(damage)
    report = await reconciled(store, topic)
    assert told(report) == [("doubled", 50, 50, "the value")]
    assert report.repeats == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: record._replace(value=record.value + b" "), "the value"),
        (lambda record: header(record, "ce_actor", b"eve"), "header ce_actor"),
        (lambda record: header(record, "ce_previous", b"1"), "header ce_previous"),
        (lambda record: record._replace(headers=record.headers[:-1]), "is missing"),
        (lambda record: record._replace(headers=[*record.headers, ("x", b"1")]), "header x is too many"),
        (lambda record: record._replace(headers=record.headers[::-1]), "the order of its headers"),
        (lambda record: record._replace(key=b"k"), "the key"),
        (lambda record: record._replace(timestamp=7), "the timestamp"),
    ],
)
async def test_an_altered_record_is_named_with_what_was_altered(
    damaged: Damaged, store: EventStore, topic: Topic, change: Callable[[Record], Record], words: str
) -> None:
    await damaged(lambda records: [*records[:98], (records[98][0], change(records[98][1])), *records[99:]])
    (one,) = (await reconciled(store, topic)).differences
    assert (one.kind, one.first) == ("altered", 99)
    assert words in one.words


async def test_swapped_records_are_one_that_is_misplaced(damaged: Damaged, store: EventStore, topic: Topic) -> None:
    def damage(records: Records) -> Records:
        first, second = [nth for nth, (place, _) in enumerate(records) if place == 1][20:22]
        records[first], records[second] = records[second], records[first]
        return records

    whole = await damaged(damage)
    swapped = [nth for nth, (place, _) in enumerate(whole, 1) if place == 1][21]
    assert told(await reconciled(store, topic)) == [
        ("misplaced", swapped, swapped, "facts that belong before it follow it")
    ]


async def test_a_record_far_from_its_place_is_misplaced_not_lost(
    damaged: Damaged, store: EventStore, topic: Topic
) -> None:
    await damaged(lambda records: [*records[:29], *records[30:], records[29]])
    report = await reconciled(store, topic)
    assert told(report) == [("misplaced", 30, 30, "it follows facts that belong behind it")]
    assert report.counts["lost"] == 0


async def test_a_record_on_another_partition_is_misplaced(damaged: Damaged, store: EventStore, topic: Topic) -> None:
    whole = await damaged(lambda records: [*records[:29], (1 - records[29][0], records[29][1]), *records[30:]])
    assert told(await reconciled(store, topic)) == [("misplaced", 30, 30, f"it belongs to partition {whole[29][0]}")]


async def test_a_repeat_before_its_turn_would_stop_listeners(damaged: Damaged, store: EventStore, topic: Topic) -> None:
    def damage(records: Records) -> Records:
        place = records[99][0]
        before = max(nth for nth in range(90) if records[nth][0] == place)
        return [*records[:before], records[99], *records[before:]]

    await damaged(damage)
    assert told(await reconciled(store, topic)) == [("doubled", 100, 100, "a repeat before its turn")]


async def test_what_is_no_fact_of_the_store_is_foreign(damaged: Damaged, store: EventStore, topic: Topic) -> None:
    def damage(records: Records) -> list[tuple[int, Any]]:
        stranger = header(records[9][1], "ce_source", b"/elsewhere")
        nameless = header(records[9][1], "ce_sequence", b"soon")
        ahead = header(records[9][1], "ce_sequence", sequence(10**15))
        tombstone = {"key": b"k", "value": None}
        odd = [(0, stranger), (1, nameless), (0, ahead), (1, tombstone)]
        return [*records[:100], *odd, *records[100:], (0, {"key": None, "value": b"hello"})]

    await damaged(damage)
    report = await reconciled(store, topic)
    assert report.counts == {"foreign": 5}
    words = {one.words for one in report.differences}
    assert words == {"no fact of shop", "the store ends at 200", "a tombstone"}


async def test_a_topic_that_is_ahead_of_its_store_says_from_where(
    damaged: Damaged, db: Database, store: EventStore, topic: Topic
) -> None:
    await damaged(lambda records: records)
    await execute(db, "alter table facts disable trigger all")
    await execute(db, "delete from facts where position > 150")
    report = await reconciled(store, topic)
    assert report.counts["foreign"] == 50
    assert min(one.first or 0 for one in report.differences) == 151


async def test_a_range_is_compared_alone(damaged: Damaged, store: EventStore, topic: Topic) -> None:
    await damaged(lambda records: [*records[:20], *records[21:120], *records[121:], *records[130:]])
    report = await reconciled(store, topic, 150, after=60)
    assert (report.facts, report.on_topic) == (90, 89)
    assert told(report) == [("lost", 121, 121, "not on the topic")]
    assert (await reconciled(store, topic, 100, after=60)).differing == 0


async def test_what_differs_altogether_is_counted_and_told_up_to_a_limit(
    damaged: Damaged, store: EventStore, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "TOLD", 10)
    await damaged(lambda records: [(place, header(record, "ce_actor", b"eve")) for place, record in records])
    report = await reconciled(store, topic)
    assert report.counts["altered"] == 200
    assert len(report.differences) == 10


async def test_a_topic_that_lost_its_beginning_and_a_stretch_tells_them_in_runs(
    damaged: Damaged, store: EventStore, topic: Topic
) -> None:
    await damaged(lambda records: [*records[40:100], *records[150:]])
    report = await reconciled(store, topic)
    assert (report.counts, sum(one.facts for one in report.differences)) == ({"lost": 90}, 90)
    assert len(report.differences) == 2 * PARTITIONS
    assert {one.first or 0 for one in report.differences} & {1, 101} == {1, 101}


async def test_an_empty_topic_has_lost_everything(store: EventStore, topic: Topic, append: Appending) -> None:
    topic.create(PARTITIONS)
    await append.facts(100)
    report = await reconciled(store, topic)
    assert report.counts["lost"] == 100
    assert {(one.facts > 0, one.kind) for one in report.differences} == {(True, "lost")}
    assert len(report.differences) == PARTITIONS
