"""Records to batches: no batch has a hole, repeats are dropped, nothing is lost."""

from datetime import UTC, datetime
from uuid import UUID

from shared.core.event import Recorded
from shared.feed.assemble import Reached, assemble
from shared.feed.batch import Batch, Broken
from shared.feed.cloudevents import Heedless, PassedOver, Placed, Read

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
BROKEN = Broken(4, b"", "[]", "without 'ce_id'")


def fact(position: int, previous: int, partitions: int = 3) -> Placed:
    recorded = Recorded(
        "shop",
        position,
        "acme",
        "shop.till-1",
        1,
        "shop.sold",
        UUID(int=1),
        NOON,
        NOON,
        "ada",
        UUID(int=2),
        None,
        None,
        b"",
    )
    return Placed(recorded, previous, partitions)


def batches(*reads: Read) -> list[Batch]:
    return list(assemble("shop", 2, reads, Reached(3, 11)))


def told(batch: Batch) -> tuple[int, list[tuple[int, int]], int]:
    return batch.previous, [(one.recorded.position, one.previous) for one in batch.facts], batch.upto


def test_facts_that_follow_one_another_are_one_batch() -> None:
    assert [told(batch) for batch in batches(fact(4, 1), fact(7, 4))] == [(1, [(4, 1), (7, 4)], 7)]


def test_an_unheard_fact_moves_the_end_and_is_no_hole() -> None:
    found = batches(Heedless(2, 1, 3), fact(4, 2), Heedless(6, 4, 3), fact(7, 6), Heedless(9, 7, 3))
    assert [told(batch) for batch in found] == [(1, [(4, 1), (7, 4)], 9)]


def test_unheard_facts_alone_are_a_batch() -> None:
    assert [told(batch) for batch in batches(Heedless(2, 1, 3), Heedless(5, 2, 3))] == [(1, [], 5)]


def test_what_is_repeated_is_dropped() -> None:
    found = batches(fact(4, 1), fact(7, 4), fact(4, 1), fact(7, 4), fact(9, 7))
    assert [told(batch) for batch in found] == [(1, [(4, 1), (7, 4), (9, 7)], 9)]


def test_a_missing_fact_begins_a_new_batch() -> None:
    found = batches(fact(4, 1), fact(9, 7), fact(10, 9))
    assert [told(batch) for batch in found] == [(1, [(4, 1)], 4), (7, [(9, 7), (10, 9)], 10)]


def test_what_comes_late_is_a_batch_of_its_own() -> None:
    found = batches(fact(9, 7), fact(10, 9), fact(4, 1), fact(7, 4), fact(9, 7))
    assert [told(batch) for batch in found] == [(7, [(9, 7), (10, 9)], 10), (1, [(4, 1), (7, 4), (9, 7)], 9)]


def test_another_number_of_partitions_begins_a_new_batch() -> None:
    found = batches(fact(4, 1, 3), fact(9, 4, 6))
    assert [(batch.partitions, batch.upto) for batch in found] == [(3, 4), (6, 9)]


def test_broken_records_go_with_the_facts_around_them() -> None:
    assert batches(BROKEN, fact(4, 1), PassedOver("foreign"), BROKEN)[0].broken == (BROKEN, BROKEN)


def test_broken_records_alone_move_nothing() -> None:
    assert batches(BROKEN) == [Batch("shop", 2, 3, [], 11, 11, (BROKEN,))]


def test_what_is_passed_over_makes_no_batch() -> None:
    assert batches(PassedOver("foreign"), PassedOver("tombstone")) == []
