"""When a rebuild is live, what is older than the build before it goes by itself."""

from dataclasses import replace
from typing import Any

import pytest

from shared.listen import held
from shared.listen.builds import Build
from shared.replay import rebuilding
from shared.replay.switching import NotSwitched, roll_back
from shared.store.database import Database
from tests.shared.listen.bank import accounts
from tests.shared.replay.feeding import feeding
from tests.shared.replay.history import PLAN, folded, histories, history, keep, live, rebuilt, rows
from tests.shared.replay.loaded import FIRST, nothing_is_left_of, reached_all, reached_any, replaced, under_load

pytestmark = pytest.mark.usefixtures("nobody_asks")


async def test_a_rebuild_drops_what_is_older_than_the_one_before_it(db: Database, database: str, trouble: Any) -> None:
    async with feeding(database, accounts) as worker, under_load(db) as all_of_it:
        await reached_any(db)
        second, third = await replaced(db, worker), await rebuilt(db)
        assert (third.before, third.older.dropped, third.older.trouble) == (second.number, [1], None)
        await nothing_is_left_of(db, FIRST)
        assert worker.worker.listening.listeners.keys() == {second.listener, third.rebuild.listener}
        assert await roll_back("bank", db, accounts, histories(db)) == (3, second.number)
        fourth = await rebuilt(db)
        assert (fourth.before, fourth.older.dropped) == (second.number, [3])
        facts = await all_of_it()
        for number in (second.number, 4):
            await reached_all(db, Build(accounts, number), len(facts))
            assert await rows(db, number) == folded(facts)


async def test_what_cannot_be_dropped_is_left_to_the_next_rebuild(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(db, history(100).facts)
    await rebuilt(db)
    await rebuilt(db)
    async with db.driver() as driver:
        await driver.execute("select pg_advisory_lock_shared($1, 1)", held.FEEDING)
        with monkeypatch.context() as patch:
            patch.setattr(held, "PATIENCE", 0.1)
            third = await rebuilt(db)
        assert (await live(db), third.rebuild.state, third.older.dropped) == (3, "live", [])
        assert "accounts.v1.b1 is still held by somebody (backend" in str(third.older.trouble)
        await driver.execute("select pg_advisory_unlock_shared($1, 1)", held.FEEDING)
    assert (await rebuilt(db)).older.dropped == [1, 2]
    assert await roll_back("bank", db, accounts, histories(db)) == (4, 3)


async def test_a_build_aside_and_one_that_is_not_switched_to_drop_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = history(100)
    await keep(db, log.facts)
    for _ in range(2):
        await rebuilt(db)
    assert (await rebuilt(db, replace(PLAN, at=log.facts[50].recorded_at))).older.dropped == []

    async def refused(*_: Any) -> None:
        raise NotSwitched("so")

    monkeypatch.setattr(rebuilding, "switch", refused)
    with pytest.raises(NotSwitched):
        await rebuilt(db)
    assert await roll_back("bank", db, accounts, histories(db)) == (2, 1)
