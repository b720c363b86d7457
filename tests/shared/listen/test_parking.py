"""A fact that cannot be handled stops its own stream, in that listener, and nothing else; and it can be put right."""

import json
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from shared.core.service import Service
from shared.feed.batch import Batch, Broken
from shared.listen import blocked as blocking
from shared.listen import parking
from shared.listen.blocked import Blocked
from shared.listen.parking import UNREADABLE, StreamKey
from shared.listen.worker import Worker
from shared.store.database import Database
from tests.shared.listen.bank import Account, AccountClosed, AccountOpened, Branch, Deposited, accounts, bank, letters
from tests.shared.listen.facts import Log, ids
from tests.shared.listen.test_folding import balances, expected, table_of

MakeWorker = Callable[[Service], Awaitable[Worker]]
ADA, BEN, EVE = ids(3)
TOO_MUCH = 2**70


def key(account: UUID) -> StreamKey:
    return StreamKey("org", "bank", f"bank.account-{account}")


async def listed(db: Database) -> list[Blocked]:
    async with db.driver() as driver:
        return await blocking.listed(driver)


def thousand(poison: Deposited, at: int = 500) -> Log:
    log = Log()
    for n in range(1000):
        log.add(poison if n == at else Deposited(account_id=UUID(int=n % 20 + 1), cents=n))
    return log


def without(log: Log, account: UUID, since: int) -> dict[UUID, int]:
    """What is folded while a stream is blocked from a position on."""
    rest = Log()
    rest.facts = [fact for fact in log.facts if not (fact.stream.endswith(str(account)) and fact.position > since)]
    return expected(rest)


async def test_a_poison_fact_in_a_thousand_stops_its_own_stream_and_a_retry_puts_it_right(
    make_worker: MakeWorker, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, log = (
        await make_worker(bank(read_models=[accounts])),
        thousand(Deposited(account_id=BEN, cents=7, note="poison")),
    )
    await worker.take([log.batch()])
    assert await balances(db) == without(log, BEN, 500)
    (blocked,) = await listed(db)
    assert (blocked.listener, blocked.key, blocked.position) == ("accounts.v1.b1", key(BEN), 501)
    assert blocked.facts == 1 + sum(fact.position > 501 and fact.stream.endswith(str(BEN)) for fact in log.facts)
    assert "no fold can read" in str(blocked.error)
    assert worker.ready

    again = await worker.retry(blocked.listener, blocked.key)
    assert (again.handled, again.left) == (0, blocked.facts)
    assert (await listed(db))[0].attempts == 1

    monkeypatch.setattr("tests.shared.listen.bank.POISON", "another word")
    more = log.add(Deposited(account_id=BEN, cents=1000))
    await worker.take([log.batch(1000)])
    assert (await listed(db))[0].facts == blocked.facts + 1
    assert (await worker.retry(blocked.listener, blocked.key)).left == 0
    assert await balances(db) == expected(log)
    assert await listed(db) == []
    (ben,) = [row for row in await table_of(db, Account) if row.account_id == BEN]
    assert ben.last_at == more.at


async def test_a_retry_in_another_process_is_seen_by_the_worker_that_remembers_the_row(
    make_worker: MakeWorker, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two streams touch one row; one of them is blocked, the other goes on, and goes on right after the retry."""
    service, log = bank(read_models=[accounts]), Log()
    worker, ops = await make_worker(service), await make_worker(service)
    log.add(Deposited(account_id=ADA, cents=1, note="poison"), Deposited(account_id=ADA, cents=10), stream="bank.one")
    log.add(Deposited(account_id=ADA, cents=100), stream="bank.two")
    await worker.take([log.batch()])
    monkeypatch.setattr("tests.shared.listen.bank.POISON", "another word")
    await ops.retry("accounts.v1.b1", StreamKey("org", "bank", "bank.one"))
    log.add(Deposited(account_id=ADA, cents=1000), stream="bank.two")
    await worker.take([log.batch(3)])
    assert await balances(db) == {ADA: 1111}


@pytest.mark.parametrize("note", ["of \0 nothing", "half \ud83d of it"])
async def test_a_text_that_the_database_refuses_is_found_and_parked(
    make_worker: MakeWorker, db: Database, note: str
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    for n in range(200):
        log.add(Deposited(account_id=UUID(int=n % 20 + 1), cents=n))
    raw = json.dumps({"account_id": str(EVE), "cents": 1, "note": note})
    log.add_raw("bank.deposited", f"bank.account-{EVE}", raw)
    log.add(Deposited(account_id=ADA, cents=5))
    await worker.take([log.batch()])
    (blocked,) = await listed(db)
    assert (blocked.key, blocked.position) == (key(EVE), 201)
    assert (await balances(db))[ADA] == without(log, EVE, 200)[ADA]


async def test_numbers_too_large_for_their_column_are_found_among_a_thousand(
    make_worker: MakeWorker, db: Database
) -> None:
    log = thousand(Deposited(account_id=BEN, cents=TOO_MUCH), at=321)
    log.add(Deposited(account_id=EVE, cents=-TOO_MUCH), Deposited(account_id=EVE, cents=1))
    worker = await make_worker(bank(read_models=[accounts]))
    await worker.take([log.batch()])
    found = {blocked.key: blocked.position for blocked in await listed(db)}
    assert found == {key(BEN): 322, key(EVE): 1001}
    folded = await balances(db)
    expected_rows = without(log, BEN, 321) | {EVE: without(log, EVE, 1000)[EVE]}
    assert folded == expected_rows


async def test_nothing_of_a_failing_fact_is_applied_to_any_kind_of_row(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(
        AccountOpened(account_id=ADA, branch=UUID(int=9), holder="nul \0"),
        AccountOpened(account_id=BEN, branch=UUID(int=9)),
    )
    await worker.take([log.batch()])
    assert await table_of(db, Branch) == [Branch(UUID(int=9), BEN)]


async def test_a_known_fact_that_does_not_parse_is_parked_by_every_listener_that_hears_it(
    make_worker: MakeWorker, db: Database
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts, letters])), Log()
    log.add_raw("bank.deposited", f"bank.account-{ADA}", '{"account_id": 7, "cents": "many"}')
    log.add_raw("bank.something-else", "bank.other-1", "not even JSON")
    log.add(AccountClosed(account_id=ADA), Deposited(account_id=BEN, cents=1))
    await worker.take([log.batch()])
    assert [(b.listener, b.key, b.facts) for b in await listed(db)] == [("accounts.v1.b1", key(ADA), 2)]
    async with db.driver() as driver:
        poison, behind = await parking.shown(driver, "accounts.v1.b1", key(ADA))
    assert poison.recorded == log.facts[0]._replace(data=b'{"account_id": 7, "cents": "many"}')
    assert behind.error is None


async def test_a_discarded_fact_is_kept_with_who_and_why_and_what_waits_goes_on(
    make_worker: MakeWorker, db: Database
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts])), Log()
    log.add(Deposited(account_id=ADA, cents=1, note="poison"), Deposited(account_id=ADA, cents=10))
    await worker.take([log.batch()])
    async with db.driver() as driver:
        poison, _ = await parking.shown(driver, "accounts.v1.b1", key(ADA))
        await parking.discard(driver, poison, "ada", "sent by mistake")
        kept = await driver.fetchrow("select position, discarded_by, why from discarded")
    assert tuple(kept) == (1, "ada", "sent by mistake")
    assert (await worker.retry("accounts.v1.b1", key(ADA))).handled == 1
    assert await balances(db) == {ADA: 10}


async def test_more_than_a_hundred_blocked_streams_stop_the_listener_and_no_other(
    make_worker: MakeWorker, db: Database
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts, letters])), Log()
    for account in ids(100):
        log.add(Deposited(account_id=account, cents=1, note="poison"))
    await worker.take([log.batch()])
    assert worker.ready
    log.add(Deposited(account_id=UUID(int=500), cents=1, note="poison"))
    await worker.take([log.batch(100), Batch("post", 0, 1, [], 0, 5)])
    assert list(worker.listening.stopped) == ["accounts.v1.b1"]
    assert "TooManyBlocked" in worker.listening.stopped["accounts.v1.b1"]
    assert len(await listed(db)) == 100
    assert await worker.cursor("post") == 5
    await worker.take([Batch("bank", 0, 1, [], 101, 120)])
    restarted = await make_worker(bank(read_models=[accounts, letters]))
    assert await restarted.cursor("bank") == 100


async def test_a_record_without_a_readable_stream_is_parked_once_and_blocks_nothing(
    make_worker: MakeWorker, db: Database
) -> None:
    worker, log = await make_worker(bank(read_models=[accounts, letters])), Log()
    log.add(Deposited(account_id=ADA, cents=1))
    broken = Broken(17, b"\xff\0", '[["ce_type", null]]', "no \0 stream")
    batch = log.batch()
    for _ in range(2):
        await worker.take([Batch("bank", 0, 1, batch.facts, 0, 1, [broken])])
    (line,) = await listed(db)
    assert (line.listener, line.key, line.position) == (UNREADABLE, StreamKey("", "bank", ""), 17)
    assert await balances(db) == {ADA: 1}
    async with db.driver() as driver:
        (shown,) = await parking.shown(driver, UNREADABLE, line.key)
        await parking.discard(driver, shown, "ada", "not ours")
    await worker.take([Batch("bank", 0, 1, batch.facts, 0, 1, [broken])])
    assert await listed(db) == []
