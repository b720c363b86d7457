"""A build that several processes fill is what one would have made of it, whatever happens to them."""

import asyncio
import multiprocessing
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import psutil
import pytest
import structlog

from shared.core.readmodel import ReadModel
from shared.listen import parking
from shared.listen.builds import Build, Builds
from shared.listen.parking import TooManyBlocked
from shared.replay import lanes as running
from shared.replay import rebuilds
from shared.replay.filled import GoneOn, filled
from shared.replay.lane import Lane, columns_of
from shared.replay.lanes import InLanes, Lanes
from shared.replay.nursery import by
from shared.replay.order import Order, Report
from shared.replay.plan import Plan
from shared.replay.steering import Cancelled
from shared.replay.tempo import Tempo
from shared.store.database import Database
from shared.store.share import Share
from tests.parts.waiting import becomes
from tests.shared.listen.bank import POISON, AccountOpened, Deposited, accounts, letters
from tests.shared.listen.facts import Log, ids
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
from tests.shared.replay.lane import branches

TWO = Lanes(by([sys.executable, "-m", "tests.shared.replay.lane"]), 2, least=1000)
FACTS = 24_000  # enough to be met under way
forking = multiprocessing.get_context("forkserver")
forking.set_forkserver_preload(["tests.shared.replay.history"])


async def in_lanes(db: Database, plan: Plan = PLAN, model: ReadModel = accounts) -> tuple[Any, list[str]]:
    """What came of it, and what was logged of lanes."""
    with structlog.testing.capture_logs() as lines:
        outcome = await rebuilt(db, plan, model, lanes=TWO)
    return outcome, [line["event"] for line in lines if "lanes" in line["event"]]


def poisoned(streams: int) -> Log:
    """Of accounts that have no other history."""
    log = Log()
    for account in ids(100 + streams)[100:]:
        log.add(Deposited(account_id=account, cents=5, note=POISON))
    return log


async def lane_marks(db: Database) -> dict[str, int]:
    async with db.driver() as driver:
        return dict(await driver.fetch("select listener, position from marks where listener like 'lane%'"))


def processes_of_lanes() -> list[psutil.Process]:
    """Without those that are through, and whose end nobody has looked at yet."""
    live = (one for one in psutil.Process().children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE)
    return [one for one in live if "tests.shared.replay.lane" in one.cmdline()]


@pytest.mark.parametrize("lanes", [2, 3])
async def test_they_give_the_rows_of_a_plain_fold(db: Database, lanes: int) -> None:
    log = history(6000)
    await keep(db, log.facts)
    with structlog.testing.capture_logs() as lines:
        outcome = await rebuilt(db, lanes=replace(TWO, count=lanes))
    assert [line["lanes"] for line in lines if line["event"] == "rebuild.in_lanes"] == [lanes]
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)
    assert (await live(db), await lane_marks(db)) == (outcome.rebuild.build, {})
    assert (outcome.rebuild.done, outcome.rebuild.total) == (6000, 6000)


async def test_what_a_fold_cannot_handle_is_parked_with_what_follows_in_its_stream(db: Database) -> None:
    log = history(2000)
    poison = log.add(Deposited(account_id=ids(1)[0], cents=5, note=POISON))
    history(4000, log)
    await keep(db, log.facts)
    outcome, logged = await in_lanes(db, replace(PLAN, accept_parked=True))
    assert logged == ["rebuild.in_lanes"]
    left_out = stopped_by(poison, log)
    assert await rows(db, outcome.rebuild.build) == folded(f for f in log.facts if f.position not in left_out)
    async with db.driver() as driver:
        parked = await driver.fetch("select position from parked where listener = $1", outcome.rebuild.listener)
    assert {position for (position,) in parked} == left_out


async def test_a_row_that_the_database_refuses_is_left_to_one_process(db: Database) -> None:
    log = history(2000)
    overflow(log)
    history(3000, log)
    await keep(db, log.facts)
    outcome, logged = await in_lanes(db, replace(PLAN, accept_parked=True))
    assert logged == ["rebuild.in_lanes", "rebuild.without_lanes"]
    assert await rows(db, outcome.rebuild.build) == folded(f for f in log.facts if f.position != 2002)


async def test_streams_that_stand_still_are_counted_over_all_lanes(db: Database) -> None:
    await keep(db, history(2000, poisoned(120)).facts)
    for _ in range(2):
        with pytest.raises(TooManyBlocked, match=r"\d+ streams, the newest by ValueError"):
            await in_lanes(db)


async def test_streams_that_stood_still_before_count_without_a_new_one(db: Database) -> None:
    build, log = await Builds(db).make(accounts), poisoned(120)
    async with db.driver() as driver:
        await rebuilds.begin(driver, build, {}, None)
        await parking.park(driver, build.listener, [parking.Parking(fact, "so") for fact in log.facts])
    history(200, log)
    await keep(db, log.facts[120:])
    with pytest.raises(TooManyBlocked, match="120 streams, the newest before"):
        await rebuilt(db)


async def test_rows_of_several_lanes_are_left_to_one_process(db: Database) -> None:
    log = history(3000)
    await keep(db, log.facts)
    outcome, logged = await in_lanes(db, model=branches)
    assert logged == []
    assert await rows(db, outcome.rebuild.build, branches) == folded(log.facts, branches)


async def test_when_that_shows_late_it_is_begun_anew(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SAMPLE", 1)
    log = Log()
    log.add(AccountOpened(account_id=UUID(int=4), branch=UUID(int=900)))  # both end in 4
    history(3000, log)
    await keep(db, log.facts)
    outcome, logged = await in_lanes(db, model=branches)
    assert logged == ["rebuild.in_lanes", "rebuild.without_lanes"]
    assert await rows(db, outcome.rebuild.build, branches) == folded(log.facts, branches)


def _rebuild_elsewhere(dsn: str) -> None:
    async def work() -> None:
        db = Database(dsn, pool=2)
        await rebuilding(db, lanes=TWO).run()
        await db.close()

    asyncio.run(work())


async def test_killed_with_or_without_its_lanes_it_goes_on_from_their_last_checkpoints(
    db: Database, database: str
) -> None:
    """Lanes without a parent end when they next tell how far they are, and may be through by then."""
    log, chance, reached = history(2 * FACTS), random.Random(5), [0]
    await keep(db, log.facts)

    async def further() -> int:
        now = sum((await lane_marks(db)).values())
        return now if now > reached[-1] else 0

    for number in range(8):
        process = forking.Process(target=_rebuild_elsewhere, args=(database,))
        process.start()
        assert process.pid is not None

        async def has_moved(process: Any = process) -> bool:
            return not process.is_alive() or bool(await further())

        await becomes(has_moved)
        await asyncio.to_thread(process.join, chance.uniform(0, 0.1))
        lanes = psutil.Process(process.pid).children(recursive=True) if process.is_alive() else []
        process.kill()
        for lane in lanes if number % 2 else ():
            with suppress(psutil.NoSuchProcess):
                lane.kill()
        await asyncio.to_thread(process.join)
        if process.exitcode != -9 or await live(db) is not None:
            break
        reached.append(sum((await lane_marks(db)).values()))
    assert len(reached) > 3, f"it was hardly killed under way: {reached}"
    build = await live(db) or (await in_lanes(db))[0].rebuild.build
    assert await rows(db, build) == folded(log.facts)
    async with db.driver() as driver:
        assert await driver.fetchval("select count(*) from builds") == 1


@asynccontextmanager
async def under_way(db: Database, facts: int = FACTS) -> AsyncIterator["asyncio.Task[Any]"]:
    """Both lanes have come to a checkpoint."""
    await keep(db, history(facts).facts)
    task = asyncio.create_task(in_lanes(db))

    async def both() -> bool:
        return len(await lane_marks(db)) == 2

    await becomes(both)
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_lane_that_is_killed_alone_is_no_loss(db: Database) -> None:
    async with under_way(db) as task:
        processes_of_lanes()[-1].kill()
        outcome, logged = await task
    assert logged == ["rebuild.in_lanes", "rebuild.without_lanes"]
    assert await rows(db, outcome.rebuild.build) == folded(history(FACTS).facts)


async def test_one_that_ends_before_it_has_read_its_order_is_no_loss(db: Database) -> None:
    await keep(db, history(2000).facts)
    lanes = replace(TWO, start=by([sys.executable, "-c", "import os; os.close(0); raise SystemExit(3)"]))
    with structlog.testing.capture_logs() as lines:
        outcome = await rebuilt(db, lanes=lanes)
    assert [line["reason"] for line in lines if line["event"] == "rebuild.without_lanes"] == ["exit code 3"]
    assert await rows(db, outcome.rebuild.build) == folded(history(2000).facts)


async def test_an_outage_of_the_database_is_waited_for(db: Database) -> None:
    async with under_way(db) as task:
        before = await lane_marks(db)
        async with db.driver() as driver:
            await driver.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        outcome, logged = await task
    assert set(logged) == {"rebuild.in_lanes"}
    assert len(logged) > 1
    assert min(before.values()) > 0
    assert await rows(db, outcome.rebuild.build) == folded(history(FACTS).facts)


async def test_whoever_has_no_lanes_begins_anew_what_lanes_have_begun(db: Database) -> None:
    async with under_way(db) as task:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len(await lane_marks(db)) == 2
    outcome = await rebuilt(db)
    assert (outcome.rebuild.build, await lane_marks(db)) == (1, {})
    assert await rows(db, 1) == folded(history(FACTS).facts)


async def test_cancelled_it_leaves_neither_rows_nor_lanes(db: Database) -> None:
    async with under_way(db) as task:
        lanes = processes_of_lanes()
        assert len(lanes) == 3, "one that waits for two"
        async with db.driver() as driver:
            assert await rebuilds.want(driver, 1, "cancel")
        with pytest.raises(Cancelled):
            await task
    assert not any(one.is_running() for one in lanes)
    async with db.driver() as driver:
        assert not await driver.fetchval("select count(*) from marks")
        assert not await driver.fetchval("select count(*) from pg_tables where schemaname = 'readmodels'")


async def test_no_lane_outlives_the_one_that_waits_for_them(db: Database) -> None:
    async with under_way(db) as task:
        (parent,) = [one for one in processes_of_lanes() if one in psutil.Process().children()]
        lanes = parent.children()
        for lane in lanes:
            lane.suspend()
        parent.kill()
        task.cancel()
        _, left = await asyncio.to_thread(psutil.wait_procs, lanes, 10)
        for lane in left:
            lane.kill()
    assert (len(lanes), left) == (2, [])


@pytest.mark.parametrize("failed", [[], [Report(failed="so")]])
async def test_whoever_is_overtaken_neither_ends_nor_undoes_what_the_lanes_have_done(
    db: Database, monkeypatch: pytest.MonkeyPatch, failed: list[Report]
) -> None:
    log, run, begun = history(6000), InLanes._run, []
    await keep(db, log.facts)

    async def overtaken(lanes: InLanes, order: Order) -> list[Report]:
        begun.append(await lane_marks(db))
        if len(begun) > 1:
            return await run(lanes, order)
        assert await run(lanes, order) == []
        async with db.driver() as driver:
            await driver.execute("update rebuilds set pid = pid + 1")
        return failed

    monkeypatch.setattr(InLanes, "_run", overtaken)
    outcome, logged = await in_lanes(db)
    assert logged.count("rebuild.in_lanes") == 2
    assert [set(marks.values()) for marks in begun] == [set(), {6000}]
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)


async def test_paused_they_rest(db: Database) -> None:
    async with under_way(db) as task:
        async with db.driver() as driver:
            assert await rebuilds.want(driver, 1, "pause")
        marks: list[dict[str, int]] = [await lane_marks(db)]

        async def rest() -> bool:
            marks.append(await lane_marks(db))
            async with db.driver() as driver:
                found = await rebuilds.one(driver, 1)
            return found is not None and (found.state, found.rate) == ("paused", 0) and marks[-1] == marks[-2]

        await becomes(rest)
        async with db.driver() as driver:
            assert await rebuilds.want(driver, 1, "go")
        outcome, _ = await task
    assert await rows(db, outcome.rebuild.build) == folded(history(FACTS).facts)


async def test_a_lane_whose_rebuild_somebody_else_runs_writes_nothing(db: Database) -> None:
    build = await Builds(db).make(accounts)
    async with db.driver() as driver:
        await rebuilds.begin(driver, build, {}, None)
    mine, other = (Lane(build, Share(0, 1), (0, 1), owner) for owner in (os.getpid(), os.getpid() + 1))
    (account,) = [history(1).facts[0]]
    await keep(db, [account])
    for lane, is_written in ((other, False), (mine, True)):
        async with filled(db, build, 10, Tempo(), lane) as filling:
            async for stretch in histories(db)["bank"].read([filling.marks["bank"]], accounts.events):
                await filling.take(stretch)
            if is_written:
                await filling.finish()
            else:
                with pytest.raises(GoneOn):
                    await filling.finish()
        assert bool(await lane_marks(db)) == is_written


async def test_nobody_who_steers_waits_for_a_lane_that_writes_and_who_takes_over_forestalls_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, park = await Builds(db).make(accounts), parking.park
    async with db.driver() as driver:
        await rebuilds.begin(driver, build, {}, None)
    lane = Lane(build, Share(0, 1), (0, 1), os.getpid())
    await keep(db, history(60).facts)

    async def meanwhile(*args: Any) -> None:
        """The rows of the lane are written by then."""
        await park(*args)
        async with asyncio.timeout(10), db.driver() as driver:
            assert await rebuilds.want(driver, build.number, "pause")
            assert await rebuilds.set_throttle(driver, build.number, 0.5)
            with monkeypatch.context() as elsewhere:
                elsewhere.setattr(os, "getpid", lambda: lane.owner + 1)
                await rebuilds.begin(driver, build, {}, None)

    monkeypatch.setattr(parking, "park", meanwhile)
    async with filled(db, build, 10, Tempo(), lane) as filling:
        async for stretch in histories(db)["bank"].read([filling.marks["bank"]], accounts.events):
            await filling.take(stretch)
        with pytest.raises(GoneOn):
            await filling.finish()
    assert await lane_marks(db) == {}
    assert not any((await rows(db, build.number)).values())


async def test_small_and_throttled_ones_take_one_process(db: Database) -> None:
    await keep(db, history(900).facts)
    assert (await in_lanes(db))[1] == []
    async with db.driver() as driver:
        await driver.execute(
            "alter table facts disable trigger all; truncate facts; alter table facts enable trigger all"
        )
    await keep(db, history(1200).facts)
    assert (await in_lanes(db, replace(PLAN, throttle=0.9)))[1] == []


def test_a_column_tells_lanes_when_it_ends_as_the_stream_does() -> None:
    decoder = histories(None)["bank"].decoder  # type: ignore[arg-type, attr-defined]
    heard = [decoder.read(fact) for fact in history(200).facts if fact.name in accounts.events]
    assert columns_of(accounts, heard) == (0, 1)
    assert columns_of(branches, [one for one in heard if one.recorded.name in branches.events]) is None
    assert columns_of(letters, []) == (0,)
    assert Build(accounts, 7).listener == "accounts.v1.b7"
