"""A build is dropped while workers bring it up, or have lost the connection that says what they feed."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from shared.listen import held
from shared.listen.builds import Build
from shared.listen.decode import Stretch
from shared.listen.held import StillHeld
from shared.listen.marks import Marks
from shared.replay.dropping import drop
from shared.replay.history import History
from shared.replay.tempo import Tempo
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import accounts
from tests.shared.replay.feeding import Feeding, fed, feeding, holders, reached
from tests.shared.replay.history import SECOND, folded, histories, history, keep, rebuilt, rows
from tests.shared.replay.loaded import FIRST, let_go, nothing_is_left_of, reached_all, reached_any, replaced, under_load

pytestmark = pytest.mark.usefixtures("nobody_asks")


async def cut_off(db: Database, blind: Feeding | None = None) -> None:
    """Every worker's connection that holds what it feeds is gone. The blind one does not see it either."""
    if blind is not None:
        blind.worker.listening.look_for_builds = lambda _: asyncio.Event().wait()  # type: ignore
    async with db.driver() as driver:
        ended = "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'worker of bank%'"
        assert await driver.fetch(f"{ended} and datname = current_database()")


async def test_one_that_has_lost_its_connection_writes_nothing_for_a_build_that_is_gone(
    db: Database, database: str, trouble: Any
) -> None:
    """It feeds the build, and neither holds it nor looks whether it still should."""
    async with feeding(database, accounts) as worker, under_load(db) as all_of_it:
        await reached_any(db)
        second = await replaced(db, worker)
        await cut_off(db, blind=worker)
        assert not let_go(worker, FIRST)
        await drop(db, FIRST)
        await becomes(lambda: let_go(worker, FIRST))
        facts = await all_of_it()
        await reached_all(db, second, len(facts))
        assert await rows(db, second.number) == folded(facts)
        await nothing_is_left_of(db, FIRST)
        assert worker.worker.listening.stopped == {}


async def test_one_that_was_cut_off_holds_what_it_feeds_again(
    db: Database, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(db, history(100).facts)
    async with feeding(database, accounts) as worker:
        await replaced_when_built(db, worker)
        before = await holders(db)
        await cut_off(db)

        async def is_held_again() -> bool:
            return bool(now := await holders(db)) and not now & before

        await becomes(is_held_again)
        async with worker.worker.listening.between_batches:
            monkeypatch.setattr(held, "PATIENCE", 0.3)
            with pytest.raises(StillHeld, match=r"accounts\.v1\.b1 is still held by worker of bank, process \d+ on"):
                await drop(db, FIRST)
            monkeypatch.undo()
        await drop(db, FIRST)
        await nothing_is_left_of(db, FIRST)


async def replaced_when_built(db: Database, worker: Feeding) -> Build:
    """The store had facts before there was a worker: the first build is made by hand."""
    await rebuilt(db)
    await becomes(partial(fed, worker, accounts, 1))
    return await replaced(db, worker)


@dataclass
class Halting:
    """History that halts in the middle until it may go on, when it is read for two."""

    history: History
    halted: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(
        self, after: Sequence[Marks], names: Collection[str], tenant: str | None = None, tempo: Tempo | None = None
    ) -> AsyncGenerator[Stretch, None]:
        async for number, stretch in numbered(self.history.read(after, names, tenant, tempo)):
            if number == 3 and len(after) == 2:
                self.halted.set()
                await self.go_on.wait()
            yield stretch

    async def left(self, after: Sequence[Marks]) -> int:
        return await self.history.left(after)


async def numbered(stretches: AsyncIterator[Stretch]) -> AsyncIterator[tuple[int, Stretch]]:
    number = 0
    async for stretch in stretches:
        yield number, stretch
        number += 1


@pytest.mark.parametrize("is_cut_off", [False, True])
async def test_bringing_it_up_ends_quietly(db: Database, database: str, trouble: Any, is_cut_off: bool) -> None:
    """Another one that was behind with it is brought up all the same."""
    log = history(3000)
    halting = Halting(histories(db)["bank"])
    async with feeding(database, accounts, SECOND, read={"bank": halting}) as worker:
        await keep(db, log.facts)
        for listener in ("accounts.v1.b1", "second.v1.b2"):
            await reached(db, listener, 3000)
        await replaced(db, worker)
        async with db.driver() as driver:
            names = ("accounts_account_b1", "accounts_branch_b1", "second_account_b2", "second_branch_b2")
            truncate = f"truncate {', '.join(f'readmodels.{name}' for name in names)}"
            await driver.execute(f"delete from marks where build <= 2; {truncate}")
        await becomes(halting.halted.is_set)
        assert worker.worker.listening.away == {"accounts.v1.b1", "second.v1.b2"}
        if is_cut_off:
            await cut_off(db, blind=worker)
        await drop(db, FIRST)
        assert let_go(worker, FIRST) is not is_cut_off
        halting.go_on.set()
        await becomes(lambda: fed(worker, SECOND, 2) and let_go(worker, FIRST))
        await reached(db, "second.v1.b2", 3000)
        assert worker.adopting.trouble is None
    await nothing_is_left_of(db, FIRST)
    assert await rows(db, 2, SECOND) == folded(log.facts, SECOND)
