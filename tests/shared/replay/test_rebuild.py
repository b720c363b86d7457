"""A rebuild ends in the rows that a plain fold of all facts gives, whatever happens to it on the way."""

import asyncio
import multiprocessing
import random
from dataclasses import replace
from typing import Any

import pytest

from shared.listen.builds import Build
from shared.listen.decode import Stretch
from shared.listen.listener import BuildListener
from shared.listen.parking import shown
from shared.replay import rebuilding as rebuilder
from shared.replay.bringing import bring
from shared.replay.dropping import IsRead, drop
from shared.replay.filled import Filled
from shared.replay.plan import Plan
from shared.replay.switching import HasParked, roll_back, switch
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import NOON, POISON, Deposited, accounts
from tests.shared.listen.facts import ids
from tests.shared.replay.feeding import feeding
from tests.shared.replay.history import (
    PLAN,
    folded,
    histories,
    history,
    keep,
    live,
    overflow,
    rebuilding,
    rebuilt,
    rows,
    stopped_by,
)

SLOW = replace(PLAN, throttle=0.02, checkpoint=20)
forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.shared.replay.history"])


@pytest.mark.parametrize("kept", [1, 8, 100_000])
async def test_it_gives_the_rows_of_a_plain_fold_however_little_fits_into_memory(db: Database, kept: int) -> None:
    log = history(1500)
    await keep(db, log.facts)
    outcome = await rebuilt(db, replace(PLAN, kept=kept))
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)
    assert (await live(db), outcome.rebuild.state, outcome.before) == (outcome.rebuild.build, "live", None)


def _rebuild_elsewhere(dsn: str, plan: Plan) -> None:
    """In a process that is there to be killed."""

    async def work() -> None:
        db = Database(dsn, pool=2)
        await rebuilding(db, plan).run()
        await db.close()

    asyncio.run(work())


async def test_killed_twenty_times_it_goes_on_from_its_last_checkpoint(db: Database, database: str) -> None:
    log, chance, reached = history(4000), random.Random(5), [0]
    await keep(db, log.facts)

    async def mark() -> int:
        async with db.driver() as driver:
            return await driver.fetchval("select max(position) from marks") or 0

    async def is_further() -> bool:
        return await mark() > reached[-1]

    for number in range(20):
        process = forking.Process(target=_rebuild_elsewhere, args=(database, SLOW))
        process.start()
        if number % 2:
            await becomes(is_further)
        await asyncio.to_thread(process.join, chance.uniform(0.1, 0.5))
        process.kill()
        await asyncio.to_thread(process.join)
        assert process.exitcode == -9, "it was done before it was killed"
        reached.append(await mark())
    assert len(set(reached)) > 3, f"it was never killed under way: {reached}"
    outcome = await rebuilt(db)
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)
    async with db.driver() as driver:
        assert await driver.fetchval("select count(*) from builds") == 1


async def test_facts_that_come_meanwhile_are_in_it(db: Database) -> None:
    log = history(2000)
    await keep(db, log.facts[:500])

    async def go_on() -> None:
        for start in range(500, 2000, 100):
            await keep(db, log.facts[start : start + 100])
            await asyncio.sleep(0)

    outcome, _ = await asyncio.gather(rebuilt(db), go_on())
    await roll_forward(db, outcome.rebuild.build)
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)


async def test_an_outage_after_workers_began_to_feed_it_is_gone_on_from(
    db: Database, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, tries = history(600), []

    async def away(*args: Any) -> int | None:
        tries.append(args)
        history(600 + 200 * len(tries), log)
        await keep(db, log.facts[-200:])
        if len(tries) < 3:
            raise ConnectionError("the database is away")
        return await switch(*args)

    monkeypatch.setattr(rebuilder, "switch", away)
    await keep(db, log.facts)
    async with feeding(database, accounts):
        outcome = await rebuilt(db)
    assert len(tries) == 3
    await roll_forward(db, outcome.rebuild.build)
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)


async def test_it_is_done_when_only_the_answer_to_the_switch_was_lost(
    db: Database, monkeypatch: pytest.MonkeyPatch, nobody_asks: None
) -> None:
    await keep(db, history(300).facts)
    for _ in range(2):
        second = (await rebuilt(db)).rebuild.build
    switches = []

    async def lost(*args: Any) -> int | None:
        switches.append(await switch(*args))
        if len(switches) == 1:
            raise ConnectionResetError("the connection broke at the commit")
        return switches[-1]

    monkeypatch.setattr(rebuilder, "switch", lost)
    third = await rebuilt(db)
    assert switches == [second]
    assert (third.rebuild.state, third.before, await live(db)) == ("live", second, third.rebuild.build)
    assert (await roll_back("bank", db, accounts, histories(db)))[1] == second


async def test_what_somebody_else_has_written_to_it_is_gone_on_from(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, took = history(600), Filled.take
    once: list[Stretch] = []

    async def take(filling: Filled, stretch: Stretch) -> None:
        await took(filling, stretch)
        if not once:
            once.append(stretch)
            await roll_forward(db, 1)

    monkeypatch.setattr(Filled, "take", take)
    await keep(db, log.facts)
    assert await rows(db, (await rebuilt(db)).rebuild.build) == folded(log.facts)
    assert once


async def roll_forward(db: Database, build: int) -> None:
    """As a worker would that feeds it."""
    await bring(db, [BuildListener("bank", db, Build(accounts, build))], histories(db))


async def test_while_facts_are_parked_it_is_not_switched_to(db: Database) -> None:
    log = history(300)
    log.add(Deposited(account_id=ids(1)[0], cents=5, note=POISON), tenant="org", at=NOON)
    poison = log.facts[-1]
    history(400, log)
    await keep(db, log.facts)
    with pytest.raises(HasParked):
        await rebuilt(db)
    assert await live(db) is None
    outcome = await rebuilt(db, replace(PLAN, accept_parked=True))
    assert await live(db) == outcome.rebuild.build
    left_out = stopped_by(poison, log)
    assert await rows(db, outcome.rebuild.build) == folded(f for f in log.facts if f.position not in left_out)
    async with db.driver() as driver:
        key: Any = (poison.tenant, "bank", poison.stream)
        parked = await shown(driver, outcome.rebuild.listener, key)
    assert {fact.position for fact in parked} == left_out


async def test_a_row_the_database_refuses_parks_its_fact_and_no_other(db: Database) -> None:
    log = history(300)
    overflow(log)
    history(700, log)
    await keep(db, log.facts)
    outcome = await rebuilt(db, replace(PLAN, accept_parked=True))
    assert await rows(db, outcome.rebuild.build) == folded(f for f in log.facts if f.position != 302)


async def test_the_build_before_is_fed_and_read_again_at_once_until_it_is_dropped(db: Database) -> None:
    log = history(200)
    await keep(db, log.facts)
    first = (await rebuilt(db)).rebuild.build
    second = await rebuilt(db)
    assert (second.before, await live(db)) == (first, second.rebuild.build)
    history(300, log)
    await keep(db, log.facts[200:])
    assert await roll_back("bank", db, accounts, histories(db)) == (second.rebuild.build, first)
    assert await live(db) == first
    assert await rows(db, first) == folded(log.facts)
    with pytest.raises(IsRead):
        await drop(db, Build(accounts, first))
    await drop(db, Build(accounts, second.rebuild.build))
    async with db.driver() as driver:
        left = await driver.fetch("select tablename from pg_tables where schemaname = 'readmodels' order by 1")
        assert {name for (name,) in left} == {f"accounts_account_b{first}", f"accounts_branch_b{first}"}


async def test_a_build_as_of_then_is_left_aside(db: Database) -> None:
    log = history(400)
    await keep(db, log.facts)
    outcome = await rebuilt(db, replace(PLAN, at=log.facts[149].recorded_at, to_position=150))
    assert (outcome.rebuild.state, await live(db)) == ("aside", None)
    assert await rows(db, outcome.rebuild.build) == folded(log.facts[:150])


async def test_a_row_that_the_database_refuses_brings_nothing_later_into_a_build_as_of_then(db: Database) -> None:
    log = history(100)
    overflow(log)
    history(900, log)
    await keep(db, log.facts)
    plan = replace(PLAN, checkpoint=10_000, at=log.facts[149].recorded_at, to_position=150)
    outcome = await rebuilt(db, plan)
    assert await rows(db, outcome.rebuild.build) == folded(f for f in log.facts[:150] if f.position != 102)


async def test_a_build_as_of_then_that_was_broken_off_is_not_what_a_rebuild_goes_on_with(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = history(400)
    await keep(db, log.facts)

    async def killed(filling: Filled) -> None:
        await finish(filling)
        raise RuntimeError("it is killed when all is read")

    with monkeypatch.context() as breaking:
        finish = Filled.finish
        breaking.setattr(Filled, "finish", killed)
        with pytest.raises(RuntimeError, match="killed"):
            await rebuilt(db, replace(PLAN, at=log.facts[149].recorded_at))
    outcome = await rebuilt(db)
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)
