"""Reading what one has written: until it is there, or the time is over, or it is known that it will not come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest

from shared.listen.waiting import Outcome, Waiter
from shared.listen.worker import Worker
from shared.store.database import Database
from tests.shared.listen.bank import Deposited, accounts, bank
from tests.shared.listen.facts import Log, batches_of, ids

MakeWorker = Callable[..., Awaitable[Worker]]
ADA, BEN = ids(2)
LISTENER = "accounts.v1.b1"


@pytest.fixture
async def waiter(db: Database) -> AsyncIterator[Waiter]:
    opened = Waiter(db)
    yield opened
    await opened.close()


def reached(waiter: Waiter, account: UUID, position: int, timeout: float = 20) -> Awaitable[Outcome]:
    return waiter.reached(LISTENER, "bank", "org", f"bank.account-{account}", position, timeout)


async def test_all_who_wait_are_answered_when_their_own_partition_has_come_so_far(
    make_worker: MakeWorker, waiter: Waiter
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts]), told=waiter.told), Log()
    for n in range(60):
        log.add(Deposited(account_id=ids(12)[n % 12], cents=1))
    waits = {fact.position: asyncio.create_task(_reached(waiter, fact.stream, fact.position)) for fact in log.facts}
    taken: set[int] = set()
    for batch in batches_of(log, 4):
        await worker.take([batch])
        taken |= {fact.recorded.position for fact in batch.facts}
        assert {await waits[position] for position in taken} == {"reached"}
        assert not any(wait.done() for position, wait in waits.items() if position not in taken)
    assert len(taken) == 60


async def _reached(waiter: Waiter, stream: str, position: int) -> Outcome:
    return await waiter.reached(LISTENER, "bank", "org", stream, position, 20)


async def test_another_process_moves_the_mark(make_worker: MakeWorker, waiter: Waiter) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(Deposited(account_id=ADA, cents=1))
    wait = asyncio.ensure_future(reached(waiter, ADA, 1))
    await worker.take([log.batch()])
    assert await wait == "reached"


async def test_what_does_not_come_is_waited_for_no_longer_than_said(waiter: Waiter) -> None:
    assert await reached(waiter, ADA, 1, timeout=0.05) == "timeout"
    assert await reached(waiter, ADA, 0) == "reached"


async def test_a_parked_stream_is_told_at_once_also_for_what_is_still_to_come(
    make_worker: MakeWorker, waiter: Waiter
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(Deposited(account_id=ADA, cents=1), Deposited(account_id=ADA, cents=1, note="poison"))
    await worker.take([log.batch()])
    assert await reached(waiter, ADA, 2) == "parked"
    assert await reached(waiter, ADA, 999) == "parked"
    assert await reached(waiter, ADA, 1) == "reached"
    assert await reached(waiter, BEN, 2) == "reached"
