"""Whatever is cut off wherever: the place is kept, the facts come again, and every one of them counts once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg
import pytest

from shared.feed.batch import Batch
from shared.listen.worker import Worker
from shared.store.database import Database, is_transient
from tests.shared.listen.bank import Deposited, accounts, bank, letters
from tests.shared.listen.facts import Log, batches_of, ids
from tests.shared.listen.test_folding import balances, deposits, expected

MakeWorker = Callable[..., Awaitable[Worker]]
(ADA,) = ids(1)

TERMINATE = """select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()"""


@pytest.fixture
async def admin(database: str) -> Callable[[], Awaitable[None]]:
    """Cuts every connection to the database."""

    async def terminate() -> None:
        driver = await asyncpg.connect(database)
        try:
            await driver.execute(TERMINATE)
        finally:
            await driver.close()

    return terminate


async def some_steps(seed: random.Random) -> None:
    for _ in range(seed.randrange(40)):
        await asyncio.sleep(0)


async def bring(worker: Worker, batch: Batch) -> None:
    """As a feed does: until it is taken."""
    while True:
        try:
            return await worker.take([batch])
        except Exception as error:
            if not is_transient(error):
                raise


async def test_backends_killed_at_any_moment_cost_nothing(
    make_worker: MakeWorker, db: Database, admin: Callable[[], Awaitable[None]]
) -> None:
    worker, log, seed = await make_worker(bank(read_models=[accounts, letters])), deposits(1200), random.Random(7)
    for batch in batches_of(log, 1, size=30):
        taking = asyncio.create_task(bring(worker, batch))
        await some_steps(seed)
        await admin()
        await taking
    assert worker.ready
    assert await balances(db) == expected(log)


async def test_a_worker_that_ends_anywhere_even_after_its_commit_leaves_nothing_half(
    make_worker: MakeWorker, db: Database
) -> None:
    worker, log, seed = await make_worker(bank(read_models=[accounts, letters])), deposits(1500), random.Random(11)
    cut = 0
    for batch in batches_of(log, 1, size=25):
        taking = asyncio.create_task(worker.take([batch]))
        await some_steps(seed)
        cut += taking.cancel()
        with suppress(asyncio.CancelledError):
            await taking
        await bring(worker, batch)
    assert cut > 10
    assert await balances(db) == expected(log)


async def test_a_batch_that_is_committed_before_the_answer_is_lost_counts_once(
    make_worker: MakeWorker, db: Database
) -> None:
    def lose() -> None:
        raise ConnectionResetError("the process that asked is gone")

    service, log = bank(read_models=[accounts, letters]), deposits(40)
    worker = await make_worker(service, told=lose)
    with pytest.raises(ConnectionResetError):
        await worker.take([log.batch()])
    assert await balances(db) == expected(log)
    await (await make_worker(service)).take([log.batch()])
    assert await balances(db) == expected(log)


async def test_an_outage_makes_the_worker_unready_until_it_is_over(
    make_worker: MakeWorker, db: Database, admin: Callable[[], Awaitable[None]]
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(Deposited(account_id=ADA, cents=1))
    async with db.driver() as driver, driver.transaction():
        await driver.execute("lock table marks")
        taking = asyncio.create_task(worker.take([log.batch()]))
        while not await driver.fetchval("select count(*) from pg_locks where not granted"):
            pass
        await driver.execute(TERMINATE)
        with pytest.raises(Exception) as outage:  # noqa: PT011 - whichever the driver says first
            await taking
    assert is_transient(outage.value)
    assert worker.trouble is not None
    await bring(worker, log.batch())
    assert worker.ready
    assert await balances(db) == {ADA: 1}
