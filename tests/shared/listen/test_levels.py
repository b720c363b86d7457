"""A listener that is behind the others is brought up, and until then the worker says so."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from shared.listen.levels import behind
from shared.listen.marks import Mark, collect
from shared.listen.worker import Worker
from tests.shared.listen.bank import Deposited, accounts, bank
from tests.shared.listen.facts import Log, batches_of, ids

MakeWorker = Callable[..., Awaitable[Worker]]
SECOND = replace(accounts, name="second")


def marks(*positions: int) -> list[Mark]:
    return [Mark(0, partition, position) for partition, position in enumerate(positions)]


def test_who_lacks_what_another_has_had_is_behind() -> None:
    found = {"a": collect("s", marks(5, 9)), "b": collect("s", marks(5, 7)), "c": collect("s", [])}
    assert behind(found) == ["b", "c"]
    assert behind({"a": found["a"], "again": found["a"]}) == []
    assert behind({}) == []


async def test_a_read_model_that_was_added_is_brought_up_and_said_to_be(make_worker: MakeWorker) -> None:
    log = Log()
    log.add(*(Deposited(account_id=account_id, cents=1) for account_id in ids(20)))
    before = await make_worker(bank(read_models=[accounts]))
    assert await before.bring_up() == frozenset()
    for batch in batches_of(log, 3):
        await before.take([batch])

    after = await make_worker(bank(read_models=[accounts, SECOND]))
    assert await after.bring_up() == {"bank"}
    (late,) = await after.late()
    assert late.startswith("second.")
    for batch in batches_of(log, 3):
        await after.take([batch])
    assert await after.late() == []
