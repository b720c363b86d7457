"""What a rebuild of a service fills in lanes that are copies of its process, as the command line has it."""

import asyncio
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection

import psutil
import structlog

from services.onboarding.readmodels.onboarding_progress import read_model
from services.onboarding.service import service
from shared.listen.decode import Decoder
from shared.ops import lane
from shared.replay.history import StoreHistory
from shared.replay.lanes import Lanes
from shared.replay.plan import Plan
from shared.replay.rebuilding import Outcome, Rebuilding
from shared.run.loop import run_until_done
from shared.store.database import Database
from shared.store.store import EventStore
from tests.bench import hires
from tests.shared.replay.history import folded, rows

forking = multiprocessing.get_context("forkserver")


async def test_hires_are_shared_out_and_make_the_rows_of_a_plain_fold(database: str) -> None:
    facts = hires.facts(4000, at_a_time=20)
    await hires.store(database, facts)
    build = await _elsewhere(_rebuild_twice, database)
    db = Database(database)
    assert await rows(db, build, read_model) == folded(facts, read_model)
    await db.close()


async def test_a_process_for_lanes_that_nobody_needed_is_gone() -> None:
    assert not psutil.pid_exists(await _elsewhere(_unneeded))


async def _elsewhere(target: Callable[..., object], *arguments: str) -> int:
    """What it says, in a process that has nothing but itself: copies of it are made."""
    heard, said = forking.Pipe(duplex=False)
    process = forking.Process(target=target, args=(said, *arguments))
    process.start()
    said.close()
    found = await asyncio.to_thread(heard.recv)
    await asyncio.to_thread(process.join)
    assert process.exitcode == 0
    return int(found)


def _rebuild_twice(said: Connection, dsn: str) -> None:
    """The first time by lanes of a copy of this process, then by those of a program that is started."""
    with lane.ready(service) as start, structlog.testing.capture_logs() as lines:
        lanes = Lanes(start, count=2, least=1000)
        outcomes = [run_until_done(_rebuilt(dsn, lanes)) for _ in range(2)]
    assert [line["event"] for line in lines if "lanes" in line["event"]] == 2 * ["rebuild.in_lanes"]
    said.send(outcomes[1].rebuild.build)


async def _rebuilt(dsn: str, lanes: Lanes) -> Outcome:
    db = Database(dsn)
    history = StoreHistory(EventStore(db, "onboarding"), Decoder("onboarding", service.known))
    outcome = await Rebuilding("onboarding", db, read_model, {"onboarding": history}, Plan(), lanes=lanes).run()
    await db.close()
    return outcome


def _unneeded(said: Connection) -> None:
    with lane.ready(service):
        (copy,) = psutil.Process().children()
    said.send(copy.pid)
