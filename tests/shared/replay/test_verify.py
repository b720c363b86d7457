"""Rows that are not what their facts make of them are found, named and put in order; what is right is left alone."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows
from shared.listen.builds import Build
from shared.listen.listener import BuildListener
from shared.listen.parking import StreamKey, discard, shown
from shared.replay.bringing import bring
from shared.replay.repairing import NoSuchKey, Repairing
from shared.replay.verifying import Found, Verifying
from shared.store.database import Database
from tests.shared.listen.bank import NOON, POISON, Account, AccountFact, Deposited, account_of, accounts, fold_account
from tests.shared.listen.facts import ids
from tests.shared.replay.history import PLAN, folded, histories, history, keep, rebuilt, rows

(ADA,) = ids(1)


async def no_step(_: int) -> None:
    pass


async def verified(db: Database, build: int, model: ReadModel = accounts, **parts: Any) -> Found:
    return await Verifying(db, Build(accounts, build), histories(db), model, **{"kept": 8, **parts}).run()


async def built(db: Database, accept_parked: bool = False) -> int:
    return (await rebuilt(db, replace(PLAN, accept_parked=accept_parked))).rebuild.build


async def test_a_build_as_it_should_be_has_no_difference(db: Database) -> None:
    log = history(900)
    await keep(db, log.facts)
    found = await verified(db, await built(db))
    assert (found.differing, found.shown, found.failed) == (0, [], [])
    assert found.rows == sum(map(len, folded(log.facts).values()))


async def test_a_changed_a_missing_and_a_needless_row_are_found_and_repaired_by_key(db: Database) -> None:
    log = history(900)
    await keep(db, log.facts)
    build = await built(db)
    right = folded(log.facts)
    changed, gone = sorted(key for key in right["Account"] if key[0] == "org")[:2]
    table = f"readmodels.accounts_account_b{build}"
    async with db.driver() as driver:
        await driver.execute(
            f"update {table} set cents = cents + 1, tags = '[\"x\"]' where account_id = $1", changed[1]
        )
        await driver.execute(f"delete from {table} where (tenant, account_id) = ($1, $2)", *gone)
        columns = "(tenant, account_id, cents, deposits, tags)"
        await driver.execute(f"insert into {table} {columns} values ('z', $1, 1, 1, '[]')", ADA)
    found = await verified(db, build)
    told = {(one.key["tenant"], UUID(one.key["account_id"])): one for one in found.shown}
    assert told.keys() >= {changed, gone, ("z", ADA)}
    assert set(told[changed].columns or ()) == {"cents", "tags"}
    assert (told[gone].missing, told["z", ADA].needless) == (True, True)

    async def repair(tenant: str, **key: str) -> None:
        await Repairing(db, Build(accounts, build), histories(db), tenant, key, no_step, kept=8).run()

    for tenant, account in told:
        await repair(tenant, account_id=str(account))
    assert await rows(db, build) == right
    with pytest.raises(NoSuchKey, match="no row of accounts has holder in its key"):
        await repair("org", holder="x")
    with pytest.raises(NoSuchKey, match="account_id: "):
        await repair("org", account_id="x")


async def test_what_feeds_the_build_goes_on_from_the_repaired_row(db: Database) -> None:
    """It has the row as it was in memory."""
    log = history(200)
    await keep(db, log.facts)
    build = Build(accounts, await built(db))
    listener = BuildListener("bank", db, build)
    log.add(Deposited(account_id=ADA, cents=1))
    await keep(db, log.facts[200:])
    await bring(db, [listener], histories(db))
    async with db.driver() as driver:
        await driver.execute("update readmodels.accounts_account_b1 set cents = 7000000 where account_id = $1", ADA)
    await Repairing(db, build, histories(db), "org", {}, no_step).run()
    log.add(Deposited(account_id=ADA, cents=1))
    await keep(db, log.facts[201:])
    await bring(db, [listener], histories(db))
    assert (await rows(db, 1))["Account"]["org", ADA] == folded(log.facts)["Account"]["org", ADA]


async def test_parked_and_discarded_facts_and_what_is_behind_them_are_left_out(db: Database) -> None:
    log = history(300)
    log.add(Deposited(account_id=ADA, cents=5, note=POISON), at=NOON)
    history(1000, log)
    await keep(db, log.facts)
    build = await built(db, accept_parked=True)
    assert (await verified(db, build)).differing == 0
    async with db.driver() as driver:
        key = StreamKey("org", "bank", f"bank.account-{ADA}")
        first, *behind = await shown(driver, Build(accounts, build).listener, key)
        await discard(driver, first, "ada", "nobody needs it")
    assert behind
    found = await verified(db, build)
    assert (found.differing, found.failed) == (0, [])


async def test_facts_may_come_while_rows_are_compared(db: Database) -> None:
    log = history(2000)
    await keep(db, log.facts[:1000])
    build = Build(accounts, await built(db))
    listener, under_way = BuildListener("bank", db, build), asyncio.Event()

    async def feed() -> None:
        for start in range(1000, 2000, 25):
            await keep(db, log.facts[start : start + 25])
            await bring(db, [listener], histories(db))
            await under_way.wait()

    async def step(_: int) -> None:
        under_way.set()
        await asyncio.sleep(0)

    found, _ = await asyncio.gather(verified(db, build.number, step=step), feed())
    assert (found.differing, found.shown) == (0, [])
    assert await rows(db, build.number) == folded(log.facts)


def twice(row: Any, event: AccountFact, recorded: Recorded) -> Any:
    folded_ = fold_account(row, event, recorded)
    return replace(folded_, cents=folded_.cents + 1) if isinstance(event, Deposited) and folded_ else folded_


async def test_what_other_folds_would_make_of_it_is_shown_and_nothing_is_changed(db: Database) -> None:
    log = history(600)
    await keep(db, log.facts)
    build = await built(db)
    other = ReadModel("accounts", 2, [Rows(Account, ("account_id",), AccountFact, account_of, twice), accounts.rows[1]])
    found = await verified(db, build, other, limit=3)
    right = folded(log.facts)
    assert found.differing == sum(row.deposits > 0 for row in right["Account"].values())
    assert len(found.shown) == 3
    assert all("cents" in (one.columns or {}) for one in found.shown)
    assert await rows(db, build) == right
