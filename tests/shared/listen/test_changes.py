"""Changes kept for who watches: those of every turn, of all workers, and of no turn that came to nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from shared.core.readmodel import Watched
from shared.core.service import Service
from shared.listen import changes
from shared.listen.builds import Builds
from shared.listen.changes import Row
from shared.listen.ring import Change, ChangeCursor, Ring
from shared.listen.worker import Worker
from shared.store.database import Database
from tests.shared.listen.bank import AccountClosed, AccountOpened, Deposited, accounts, bank
from tests.shared.listen.facts import Log, ids

MakeWorker = Callable[[Service], Awaitable[Worker]]
ADA, BEN, EVE = ids(3)
NORTH, SOUTH = UUID(int=900), UUID(int=901)

watched = replace(accounts, watched=Watched(("org",), key=("account_id",), person="account_id", team="branch"))


def told(changes: Sequence[Change]) -> list[set[str]]:
    """The accounts of each turn."""
    return [{row.key["account_id"] for row in change.rows or ()} for change in changes]


async def test_a_turn_tells_which_rows_came_changed_or_went_and_whose_they_were(
    make_worker: MakeWorker, db: Database
) -> None:
    worker, log, ring = await make_worker(bank(read_models=[watched])), Log(), Ring(db, [watched])
    begin = await ring.now()
    log.add(AccountOpened(account_id=ADA, branch=NORTH), Deposited(account_id=BEN, cents=1))
    await worker.take([log.batch()])
    log.add(AccountOpened(account_id=ADA, branch=SOUTH), AccountClosed(account_id=BEN))
    log.add(Deposited(account_id=EVE, cents=1), tenant="elsewhere")
    await worker.take([log.batch(2)])
    first, second, elsewhere = (await ring.since(begin))[0]
    assert (first.tenant, second.tenant, elsewhere.tenant) == ("org", "org", "elsewhere")
    assert (first.positions, second.positions) == ({"bank": 2}, {"bank": 5})
    key = {str(each): {"account_id": str(each)} for each in (ADA, BEN, EVE)}
    both = [str(NORTH), str(SOUTH)]
    assert _by_key(first) == [Row(key[str(ADA)], [str(ADA)], [str(NORTH)], []), Row(key[str(BEN)], [str(BEN)], [], [])]
    assert sorted(_by_key(second)[0].teams) == both
    assert _by_key(second)[1] == Row(key[str(BEN)], [str(BEN)], [], [])
    assert _by_key(elsewhere) == [Row(key[str(EVE)], [str(EVE)], [], [])]


def _by_key(change: Change) -> list[Row]:
    return sorted(change.rows or (), key=lambda row: row.key["account_id"])


async def test_what_changes_no_row_leaves_nothing(make_worker: MakeWorker, db: Database) -> None:
    worker, log, ring = await make_worker(bank(read_models=[watched])), Log(), Ring(db, [watched])
    begin = await ring.now()
    log.add(AccountClosed(account_id=ADA))
    for _ in range(2):
        await worker.take([log.batch()])
    assert (await ring.since(begin))[0] == []


async def test_a_fact_that_cannot_be_stored_tells_nothing_of_its_row(make_worker: MakeWorker, db: Database) -> None:
    worker, log, ring = await make_worker(bank(read_models=[watched])), Log(), Ring(db, [watched])
    begin = await ring.now()
    log.add(
        Deposited(account_id=ADA, cents=1), Deposited(account_id=BEN, cents=10**30), Deposited(account_id=EVE, cents=1)
    )
    await worker.take([log.batch()])
    found, _ = await ring.since(begin)
    assert set().union(*told(found)) == {str(ADA), str(EVE)}


async def test_workers_that_take_turns_tell_each_turn_once_and_in_order(make_worker: MakeWorker, db: Database) -> None:
    """Read on meanwhile, from wherever the last reading ended."""
    service, log, ring = bank(read_models=[watched]), Log(), Ring(db, [watched])
    workers = [await make_worker(service) for _ in range(3)]
    cursor, seen, done = await ring.now(), list[str](), asyncio.Event()
    accounts_ = [UUID(int=n) for n in range(1, 91)]
    for account in accounts_:
        log.add(Deposited(account_id=account, cents=1))

    async def work(worker: Worker) -> None:
        for n in range(len(accounts_)):
            await worker.take([log.batch(0, n + 1)])

    async def read() -> None:
        nonlocal cursor
        last = False
        while not last:
            last = done.is_set()
            found, cursor = await ring.since(cursor)
            seen.extend(key for keys in told(found) for key in sorted(keys))

    reading = asyncio.create_task(read())
    await asyncio.gather(*map(work, workers))
    done.set()
    await reading
    assert seen == [str(account) for account in accounts_]


async def test_only_the_newest_turns_are_kept(
    make_worker: MakeWorker, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_TELL", changes._TELL.replace(f"- {changes.KEPT}", "- 10").replace("% 64", "% 8"))
    worker, log, ring = await make_worker(bank(read_models=[watched])), Log(), Ring(db, [watched])
    begin, cursors = await ring.now(), list[ChangeCursor]()
    for n in range(40):
        log.add(Deposited(account_id=ADA, cents=1))
        await worker.take([log.batch(n)])
        cursors.append(await ring.now())
    async with db.driver() as driver:
        assert 10 <= await driver.fetchval("select count(*) from changes") < 20
    assert len((await ring.since(cursors[-10]))[0]) == 9
    for gone in (begin, cursors[0]):
        (lost,), cursor = await ring.since(gone)
        assert (lost.tenant, lost.rows) == (None, None)
        assert cursor == cursors[-1]


async def test_turns_that_a_crash_took_are_missed_by_who_saw_none(make_worker: MakeWorker, db: Database) -> None:
    worker, log, ring = await make_worker(bank(read_models=[watched])), Log(), Ring(db, [watched])
    begin = await ring.now()
    log.add(Deposited(account_id=ADA, cents=1), Deposited(account_id=BEN, cents=1))
    await worker.take([log.batch(0, 1)])
    async with db.driver() as driver:
        await driver.execute("truncate changes")
    emptied = await ring.now()
    assert (await ring.since(emptied))[0] == []
    await worker.take([log.batch(0, 2)])
    for cursor in (begin, emptied):
        (lost,), after = await ring.since(cursor)
        assert (lost.tenant, lost.rows) == (None, None)
        assert (await ring.since(after))[0] == []


async def test_another_build_begins_anew(make_worker: MakeWorker, db: Database) -> None:
    worker, log, ring = await make_worker(bank(read_models=[watched])), Log(), Ring(db, [watched])
    log.add(Deposited(account_id=ADA, cents=1))
    await worker.take([log.batch()])
    before = await ring.now()
    build = await Builds(db).make(watched)
    async with db.driver() as driver:
        await driver.execute("update live set build = $1", build.number)
    (lost,), after = await ring.since(before)
    assert (lost.model, lost.tenant) == (watched, None)
    assert await ring.since(after) == ([], after)


@pytest.mark.parametrize("text", ["", "1", "1.2", "1.2.3~", "1.2.-3", "x.1.1", "1.1.1~" * 201 + "1.1.1", "1.2.3\n"])
def test_what_is_no_cursor(text: str) -> None:
    with pytest.raises(ValueError, match="no cursor"):
        ChangeCursor.parse(text)


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = ChangeCursor({7: (12, 99), 3: (1, 5)})
    assert ChangeCursor.parse(str(cursor)) == cursor
