"""Workers and builds: who is behind is brought level alone, and a new build is fed before it is read."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from shared.core.readmodel import ReadModel
from shared.feed.broker import make_broker
from shared.listen.builds import Build
from shared.listen.decode import Decoder, Stretch
from shared.listen.marks import Marks
from shared.replay.dropping import drop
from shared.replay.history import History
from shared.replay.starting import Starting
from shared.replay.tempo import Tempo
from shared.replay.topic import TopicHistory
from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts.kafka import Kafka
from tests.parts.waiting import becomes
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic
from tests.shared.listen.bank import accounts
from tests.shared.listen.facts import Log
from tests.shared.replay.feeding import fed, feeding, holders, reached
from tests.shared.replay.history import BANK, PLAN, SECOND, folded, histories, history, keep, live, rebuilt, rows
from tests.shared.replay.loaded import FIRST, let_go, nothing_is_left_of

THIRD = replace(accounts, name="third")


async def emptied(db: Database, *models: ReadModel) -> None:
    """The first builds of these have had nothing."""
    async with db.driver() as driver:
        for number, model in enumerate((accounts, SECOND, THIRD), start=1):
            if model in models:
                build = Build(model, number)
                await driver.execute("delete from marks where listener = $1", build.listener)
                for table in build.tables:
                    await driver.execute(f"truncate {table.qualified_name}")


@dataclass
class Asked:
    """History that has to `answer` first whoever asks whether there is something for those that are behind."""

    history: History
    answer: Callable[[], Awaitable[object]]
    times: int = 0

    async def read(
        self, after: Sequence[Marks], names: Collection[str], tenant: str | None = None, tempo: Tempo | None = None
    ) -> AsyncGenerator[Stretch, None]:
        if not names:
            self.times += 1
            await self.answer()
        async for stretch in self.history.read(after, names, tenant, tempo):
            yield stretch

    async def left(self, after: Sequence[Marks]) -> int:
        return await self.history.left(after)


async def done(db: Database, statement: str) -> None:
    async with db.driver() as driver:
        await driver.execute(statement)


async def test_one_that_lacks_something_is_brought_level_while_the_others_go_on(db: Database, database: str) -> None:
    log = history(300)
    async with feeding(database, accounts, SECOND) as worker:
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
        async with db.driver() as driver:
            await driver.execute("delete from marks where listener = 'second.v1.b2'")
            await driver.execute("truncate readmodels.second_account_b2, readmodels.second_branch_b2")
        history(600, log)
        await keep(db, log.facts[300:])
        await becomes(lambda: fed(worker, SECOND, 2))
        await reached(db, "second.v1.b2", 600)
        assert await rows(db, 2, SECOND) == folded(log.facts, SECOND)
        assert await rows(db, 1) == folded(log.facts)
        await becomes(lambda: worker.adopting.trouble is None)


async def test_one_that_was_behind_at_the_start_is_brought_level_though_nothing_comes(
    db: Database, database: str
) -> None:
    """No fact comes any more, so no gap would ever tell."""
    log = history(300)
    async with feeding(database, accounts, SECOND):
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
    async with db.driver() as driver:
        await driver.execute("delete from marks where listener = 'second.v1.b2'")
        await driver.execute("truncate readmodels.second_account_b2, readmodels.second_branch_b2")
    async with feeding(database, accounts, SECOND) as worker:
        await becomes(lambda: worker.adopting.trouble is None and fed(worker, SECOND, 2))
    assert await rows(db, 2, SECOND) == folded(log.facts, SECOND)


async def test_nobody_is_behind_who_has_had_what_there_is(
    db: Database, database: str, kafka: Kafka, topics: str
) -> None:
    """A build that is read from the store stands at its head on every partition, others where the last fact came."""
    log, topic = history(300), Topic(kafka.bootstrap, f"{topics}bank.events").create(6)
    connect = partial(make_broker, kafka.bootstrap, "replay", consumer_only=True)
    whole = TopicHistory("bank", topic.name, connect, Decoder("bank", BANK.own))
    async with feeding(database, accounts, SECOND, topic=topic, read={"bank": whole}) as worker:
        await keep(db, log.facts)
        await topic.write(await written(EventStore(db, "bank"), 6))
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
        await becomes(lambda: worker.adopting.trouble is None)
        whole._reached.clear()
        outcome = await rebuilt(db, PLAN)
        await becomes(lambda: fed(worker, accounts, outcome.rebuild.build))
        troubles: set[str | None] = set()

        def is_looked_at() -> bool:
            troubles.add(worker.adopting.trouble)
            marks = worker.adopting._level.get("bank", {})
            return outcome.rebuild.listener in marks and len(set(map(str, marks.values()))) > 1

        await becomes(is_looked_at)
    assert troubles == {None}


async def test_no_read_sees_a_build_that_is_not_whole(db: Database, database: str) -> None:
    """All the while facts come, and the live build is looked at: it never has fewer facts than it had before."""
    log, seen, done = history(4000), [0], asyncio.Event()
    async with feeding(database, accounts) as worker:
        await keep(db, log.facts[:1000])
        await reached(db, "accounts.v1.b1", 1000)

        async def come() -> None:
            for start in range(1000, 4000, 50):
                await keep(db, log.facts[start : start + 50])
                await asyncio.sleep(0.05)

        async def look() -> None:
            while not done.is_set():
                build = await live(db)
                async with db.driver() as driver:
                    query = f"select coalesce(sum(deposits), 0), count(*) from readmodels.accounts_account_b{build}"
                    deposits, count = await driver.fetchrow(query)
                    mark = await driver.fetchval(
                        "select max(position) from marks where listener = $1", f"accounts.v1.b{build}"
                    )
                assert count > 30, f"half a table: {count} rows, {deposits} deposits"
                assert mark >= seen[-1], f"what was seen at {seen[-1]} is seen at {mark}"
                seen.append(mark)

        looking = asyncio.create_task(look())
        coming = asyncio.create_task(come())
        outcome = await rebuilt(db, replace(PLAN, verify=True))
        await becomes(lambda: fed(worker, accounts, outcome.rebuild.build))
        await coming
        await reached(db, outcome.rebuild.listener, 4000)
        await reached(db, "accounts.v1.b1", 4000)
        done.set()
        await looking
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)
    assert await rows(db, 1) == folded(log.facts)
    assert len(seen) > 20


async def test_a_version_that_has_no_live_build_is_not_pointed_at_empty(db: Database, database: str) -> None:
    log = history(200)
    async with feeding(database, accounts):
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 200)
    new = replace(accounts, version=2)
    async with feeding(database, new) as worker:
        assert worker.worker.listening.listeners == {}
        assert worker.adopting.trouble == "accounts version 2 is being built"
        outcome = await rebuilt(db, PLAN, new)
        await becomes(lambda: worker.adopting.trouble is None)
        assert fed(worker, new, outcome.rebuild.build)
    assert (await live(db), await live(db, new)) == (1, outcome.rebuild.build)


async def test_one_that_stopped_keeps_no_new_build_away(db: Database, database: str) -> None:
    log = history(300)
    async with feeding(database, accounts, SECOND) as worker:
        listening = worker.worker.listening
        await keep(db, log.facts[:200])
        await reached(db, "accounts.v1.b1", 200)
        await done(db, "alter table readmodels.accounts_account_b1 rename to lost")
        await keep(db, log.facts[200:])
        await becomes(lambda: "UndefinedTable" in listening.stopped.get("accounts.v1.b1", ""))
        outcome = await rebuilt(db, PLAN, SECOND)
        await becomes(lambda: fed(worker, SECOND, outcome.rebuild.build))
        await reached(db, outcome.rebuild.listener, 300)
        assert (list(listening.stopped), listening.away) == (["accounts.v1.b1"], set())


async def two_emptied(db: Database, database: str) -> Log:
    """Three builds had everything; the second and the third lack it."""
    log = history(300)
    async with feeding(database, accounts, SECOND, THIRD):
        await keep(db, log.facts)
        for listener in ("accounts.v1.b1", "second.v1.b2", "third.v1.b3"):
            await reached(db, listener, 300)
    await emptied(db, SECOND, THIRD)
    return log


async def test_one_that_cannot_be_brought_up_stops_and_keeps_nobody_away(db: Database, database: str) -> None:
    log = await two_emptied(db, database)
    await done(db, "alter table readmodels.second_account_b2 rename to lost")
    async with feeding(database, accounts, SECOND, THIRD) as worker:
        await becomes(lambda: fed(worker, THIRD, 3))
        await becomes(lambda: "UndefinedTable" in worker.worker.listening.stopped.get("second.v1.b2", ""))
        assert worker.adopting.trouble is None
    assert await rows(db, 3, THIRD) == folded(log.facts, THIRD)


async def test_one_that_cannot_just_now_is_tried_again_and_keeps_nobody_away(db: Database, database: str) -> None:
    log = await two_emptied(db, database)
    await done(
        db,
        """create function full_() returns trigger language plpgsql as
        $$ begin raise exception 'no space is left' using errcode = '53100'; end $$""",
    )
    await done(db, "create trigger t before insert on readmodels.second_account_b2 execute function full_()")
    async with feeding(database, accounts, SECOND, THIRD) as worker:
        await becomes(lambda: fed(worker, THIRD, 3))
        await becomes(lambda: "no space is left" in (worker.adopting.trouble or ""))
        await done(db, "drop trigger t on readmodels.second_account_b2")
        await becomes(lambda: fed(worker, SECOND, 2) and worker.adopting.trouble is None)
        assert worker.worker.listening.stopped == {}
    for build, model in ((2, SECOND), (3, THIRD)):
        assert await rows(db, build, model) == folded(log.facts, model)


async def test_what_history_lacks_for_one_keeps_no_other_away(
    db: Database, database: str, kafka: Kafka, topics: str
) -> None:
    """The topic has lost its beginning, and the second had not come beyond that."""
    log, topic = history(300), Topic(kafka.bootstrap, f"{topics}bank.events").create(1)
    had = [([accounts, SECOND, THIRD], 0, 50), ([accounts, THIRD], 50, 200), ([accounts], 200, 300)]
    for models, start, end in had:
        async with feeding(database, *models):
            await keep(db, log.facts[start:end])
            for number, model in enumerate(models, start=1):
                await reached(db, Build(model, 3 if model is THIRD else number).listener, end)
    await topic.write((await written(EventStore(db, "bank"), 1))[100:])
    connect = partial(make_broker, kafka.bootstrap, "replay", consumer_only=True)
    read = {"bank": TopicHistory("bank", topic.name, connect, Decoder("bank", BANK.own))}
    async with feeding(database, accounts, SECOND, THIRD, topic=topic, read=read) as worker:
        await becomes(lambda: fed(worker, THIRD, 3))
        await becomes(lambda: "second.v1.b2 is being brought up; history itself" in (worker.adopting.trouble or ""))
        await keep(db, history(320, log).facts[300:])
        await topic.write((await written(EventStore(db, "bank"), 1))[300:])
        for listener in ("accounts.v1.b1", "third.v1.b3"):
            await reached(db, listener, 320)
        assert (worker.worker.listening.away, worker.worker.listening.stopped) == ({"second.v1.b2"}, {})
    assert await rows(db, 3, THIRD) == folded(log.facts, THIRD)


@pytest.mark.usefixtures("nobody_asks")
async def test_builds_are_taken_on_and_let_go_though_history_does_not_answer(db: Database, database: str) -> None:
    log, silent = history(300), Asked(histories(db)["bank"], asyncio.Event().wait)
    async with feeding(database, accounts, SECOND, read={"bank": silent}) as worker:
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
        await emptied(db, SECOND)
        await becomes(lambda: silent.times)
        outcome = await rebuilt(db, PLAN)
        await becomes(lambda: fed(worker, accounts, outcome.rebuild.build))
        await drop(db, FIRST)
        assert let_go(worker, FIRST)
    await nothing_is_left_of(db, FIRST)


async def test_an_outage_of_history_ends_no_hold_and_keeps_no_rebuild_from_starting(
    db: Database, database: str, tmp_path: Path
) -> None:
    async def fails() -> None:
        raise ConnectionError("Kafka cannot be read")

    log, away = history(300), Asked(histories(db)["bank"], fails)
    async with feeding(database, accounts, SECOND):
        await keep(db, log.facts)
        await reached(db, "accounts.v1.b1", 300)
        await reached(db, "second.v1.b2", 300)
    async with feeding(database, accounts, SECOND, THIRD, read={"bank": away}) as worker:
        await becomes(lambda: fed(worker, accounts, 1) and fed(worker, SECOND, 2))
        await emptied(db, SECOND)
        await becomes(lambda: away.times)
        before = await holders(db)
        touch = "import pathlib, sys; pathlib.Path(*sys.argv[1:]).touch()"
        worker.adopting._starting = Starting([sys.executable, "-c", touch, str(tmp_path)])
        await becomes((tmp_path / "third").exists)
        await becomes(lambda: away.times > 3)
        assert before
        assert await holders(db) == before
