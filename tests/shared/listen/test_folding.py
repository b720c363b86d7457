"""Facts into rows: once each, whatever comes twice, late, from elsewhere or in the middle of a crash."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from shared.core.readmodel import Rows
from shared.core.service import Service
from shared.feed.batch import Batch, Gap
from shared.listen.builds import Builds
from shared.listen.tables import RowTable
from shared.listen.worker import Worker
from shared.store.database import Database
from tests.shared.listen.bank import (
    NOON,
    Account,
    AccountClosed,
    AccountOpened,
    Branch,
    Deposited,
    Letter,
    LetterSent,
    Place,
    accounts,
    bank,
    letters,
)
from tests.shared.listen.facts import Log, batches_of, ids

MakeWorker = Callable[[Service], Awaitable[Worker]]
ADA, BEN = ids(2)
NORTH = UUID(int=900)
DIALECT: Any = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]


async def table_of(db: Database, row: type[Any]) -> list[Any]:
    """All rows of a kind, by key."""
    model = letters if row is Letter else accounts
    build = await Builds(db).live(model)
    (table,) = [table for table in build.tables if table.rows.row is row]
    async with db.driver() as driver:
        keys = await driver.fetch(
            f'select tenant, {", ".join(table.rows.key)} from readmodels."{table.name}" order by 1, 2'
        )
        return await table.load(driver, [tuple(key) for key in keys])


async def balances(db: Database) -> dict[UUID, int]:
    return {row.account_id: row.cents for row in await table_of(db, Account)}


def expected(log: Log) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for fact in log.facts:
        if fact.name == Deposited.event_name:
            deposited = Deposited.model_validate_json(fact.data)
            found[deposited.account_id] = found.get(deposited.account_id, 0) + deposited.cents
    return found


def deposits(count: int, accounts_: int = 10) -> Log:
    log = Log()
    for n in range(count):
        log.add(Deposited(account_id=UUID(int=n * 7 % accounts_ + 1), cents=2**n % 1009))
    return log


async def test_every_type_of_column_comes_back_as_it_was_folded(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(
        AccountOpened(account_id=ADA, branch=NORTH, holder="Ada \u00e4\u20ac\U0001f600"),
        Deposited(account_id=ADA, cents=100, note="first", tags=("a", "\0", "c")),
        Deposited(account_id=ADA, cents=50),
    )
    await worker.take([log.batch()])
    (ada,) = await table_of(db, Account)
    assert ada == Account(
        ADA,
        NORTH,
        "Ada \u00e4\u20ac\U0001f600",
        opened_on=ada.opened_on,
        cents=150,
        deposits=2,
        last_at=log.facts[-1].at,
        mean=Decimal("75.00"),
        tags=("a", "\0", "c"),
        note=None,
    )
    assert await table_of(db, Branch) == [Branch(NORTH, ADA)]


@dataclass
class Awkward:
    """Every name of these is one that a statement of the kit uses, or SQL itself."""

    nth: int
    k: int
    t: int
    order: str
    excluded: str
    count: int


async def test_a_row_may_name_its_fields_as_it_likes(db: Database) -> None:
    kind = Rows(Awkward, key=("nth", "k", "order"), hears=AccountOpened, rows_of=lambda *_: None, fold=lambda *_: None)
    table = RowTable(kind, "awkward", 1, MetaData())
    rows = [Awkward(n, 1, 2, "by", f"row {n}", n) for n in range(3)]
    keys = [("havu", row.nth, row.k, row.order) for row in rows]
    async with db.driver() as driver:
        await driver.execute(str(CreateTable(table.table).compile(dialect=DIALECT)))
        await table.save(driver, keys, rows)
        await table.save(driver, keys[:1], [None])
        assert await table.load(driver, [*keys, ("havu", 9, 9, "by")]) == [None, *rows[1:], None]


async def test_json_columns_hold_shapes(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[letters])), Log("post")
    log.add(LetterSent(account_id=ADA, stamp="blue"))
    await worker.take([log.batch()])
    (letter,) = await table_of(db, Letter)
    assert letter == Letter(ADA, "blue", log.facts[0].at, {"to": Place(street="blue", number=1)})


async def test_a_fold_to_none_deletes_and_a_later_fact_may_bring_the_row_back(
    make_worker: MakeWorker, db: Database
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(Deposited(account_id=ADA, cents=1), Deposited(account_id=BEN, cents=2))
    await worker.take([log.batch()])
    log.add(AccountClosed(account_id=ADA), AccountClosed(account_id=BEN), Deposited(account_id=BEN, cents=3))
    await worker.take([log.batch(2)])
    assert await balances(db) == {BEN: 3}


async def test_a_repeated_batch_changes_nothing(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), deposits(50)
    for batch in (log.batch(0, 30), log.batch(0, 30), log.batch(10, 50), log.batch(0, 50), log.batch(20, 25)):
        await worker.take([batch])
    assert await balances(db) == expected(log)


async def test_a_gap_takes_nothing_and_other_partitions_go_on(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), deposits(60)
    first, second = batches_of(log, 2)
    holed = Batch("bank", 0, 2, first.facts[5:], first.facts[5].previous, first.upto)
    with pytest.raises(Gap) as gap:
        await worker.take([holed, second])
    assert (gap.value.source, gap.value.partition, gap.value.mark) == ("bank", 0, 0)
    assert await balances(db) == {
        account: cents
        for account, cents in expected(log).items()
        if str(account) in "".join(fact.recorded.stream for fact in second.facts)
    }
    await worker.take([first])
    assert await balances(db) == expected(log)
    assert worker.ready


@pytest.mark.parametrize("steps", [(6, 4, 1), (1, 6, 4), (4, 6, 1)])
async def test_partitions_may_change_under_way(make_worker: MakeWorker, db: Database, steps: tuple[int, ...]) -> None:
    log, worker = Log(), await make_worker(bank(read_models=[accounts]))
    late: list[Batch] = []
    for n in steps:
        for number in range(300):
            log.add(Deposited(account_id=UUID(int=number * 7 % 30 + 1), cents=number))
        for batch in list(batches_of(log, n, size=50))[: -1 if n > 1 else None]:
            await worker.take([batch])
            late.append(batch)
    stale = await make_worker(bank(read_models=[accounts]))
    for batch in late:
        try:
            await stale.take([batch])
        except Gap:
            continue
    for batch in batches_of(log, steps[-1]):
        await worker.take([batch])
    assert await balances(db) == expected(log)


async def test_two_workers_on_a_row_that_is_not_there_yet_both_count(make_worker: MakeWorker, db: Database) -> None:
    """Two streams touch one new row; each worker holds one of the partitions."""
    service = bank(read_models=[accounts])
    one, other = await make_worker(service), await make_worker(service)
    for number in range(20):
        log = Log(tenant=f"org{number}")
        streams = [f"bank.till-{n}" for n in range(8)]
        for stream in streams:
            log.add(Deposited(account_id=ADA, cents=1), stream=stream)
        first, second = batches_of(log, 2)
        async with db.driver() as driver:
            await driver.execute("delete from marks")
        await asyncio.gather(one.take([first]), other.take([second]))
    rows = await table_of(db, Account)
    assert [row.cents for row in rows] == [8] * 20


async def test_two_workers_with_the_same_batches_apply_each_fact_once(make_worker: MakeWorker, db: Database) -> None:
    service, log = bank(read_models=[accounts, letters]), deposits(600)
    one, other = await make_worker(service), await make_worker(service)

    async def read(worker: Worker) -> None:
        for batch in batches_of(log, 1, size=40):
            await worker.take([batch])

    await asyncio.gather(read(one), read(other))
    assert await balances(db) == expected(log)


async def test_starting_many_workers_at_once_makes_one_build(make_worker: MakeWorker, db: Database) -> None:
    service = bank(read_models=[accounts, letters])
    workers = await asyncio.gather(*(make_worker(service) for _ in range(6)))
    assert {tuple(sorted(worker.listening.listeners)) for worker in workers} == {
        tuple(sorted(workers[0].listening.listeners))
    }
    async with db.driver() as driver:
        assert await driver.fetchval("select count(*) from builds") == 2


async def test_listeners_that_hear_nothing_have_their_marks_moved(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts, letters])), Log("post")
    log.add(LetterSent(account_id=ADA, stamp="red"))
    own = deposits(10)
    await worker.take([own.batch(0, 4), log.batch()])
    await worker.take([Batch("bank", 0, 1, [], 4, 9), Batch("post", 0, 1, [], 1, 3)])
    assert await worker.cursor("bank") == 9
    assert await worker.cursor("post") == 3
    with pytest.raises(Gap):
        await worker.take([Batch("bank", 0, 1, [], 12, 15)])
    await worker.take([Batch("bank", 0, 1, [], 2, 5)])
    assert await worker.cursor("bank") == 9


async def test_erased_fields_are_null(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(AccountOpened(account_id=ADA, branch=NORTH, holder=None), Deposited(account_id=ADA, cents=1, note=None))
    await worker.take([log.batch()])
    (ada,) = await table_of(db, Account)
    assert (ada.holder, ada.note) == (None, None)


async def test_organisations_do_not_share_rows(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(Deposited(account_id=ADA, cents=1), tenant="one", at=NOON)
    log.add(Deposited(account_id=ADA, cents=2), tenant="two", at=NOON)
    await worker.take([log.batch()])
    assert sorted(row.cents for row in await table_of(db, Account)) == [1, 2]
