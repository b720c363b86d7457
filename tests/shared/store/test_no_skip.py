"""No committed fact is ever skipped, doubled or out of order for a reader who follows by position.

Many appenders in several processes, rollbacks, killed backends and transactions held open work on one store while two
readers tail it. The same attack on a naive store (a sequence, no lock) does lose facts, so the attack is known to bite.
"""

import asyncio
import subprocess
import sys
from dataclasses import dataclass, field

import asyncpg

from shared.store.database import Database
from shared.store.store import EventStore

PROCESSES, APPENDERS, GROUP = 3, 8, 25
FACTS = 100_000

_NAIVE = """
create table naive (
    position bigserial primary key, stream text not null, version integer not null, unique (stream, version)
)
"""


@dataclass
class Tail:
    """What one reader has seen: facts per stream, in the order they came."""

    versions: dict[str, list[int]] = field(default_factory=dict)
    seen: int = 0

    def take(self, stream: str, version: int) -> None:
        self.versions.setdefault(stream, []).append(version)
        self.seen += 1


def start(dsn: str, kind: str, facts: int) -> list["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.shared.store.appending", kind, dsn, str(facts // PROCESSES), str(APPENDERS)]
    return [
        subprocess.Popen([*command, f"p{number}", str(GROUP)], stdout=subprocess.PIPE, text=True)
        for number in range(PROCESSES)
    ]


async def finish(processes: list["subprocess.Popen[str]"]) -> int:
    """The number of facts that were acknowledged."""
    done = await asyncio.gather(*(asyncio.to_thread(process.communicate) for process in processes))
    assert [process.returncode for process in processes] == [0] * len(processes)
    return sum(int(out.split()[-1]) for out, _ in done)


async def disturb(dsn: str, writing: asyncio.Event) -> int:
    """Kills an appender's backend now and then, and holds other transactions open meanwhile."""
    kill = """select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
              and application_name = 'appender' and random() < 0.15"""
    killer, holder, kills = await asyncpg.connect(dsn), await asyncpg.connect(dsn), 0
    while writing.is_set():
        held = holder.transaction()
        await held.start()
        await holder.execute("select count(*) from pg_class; select txid_current()")
        kills += len(await killer.fetch(kill))
        await killer.execute("select pg_sleep(0.15)")
        await held.rollback()
    await killer.close()
    await holder.close()
    return kills


async def tail_store(store: EventStore, tail: Tail, writing: asyncio.Event) -> None:
    position = 0
    while True:
        last = not writing.is_set()
        facts = await store.read(position, limit=5000)
        for fact in facts:
            assert fact.position > position
            position = fact.position
            tail.take(fact.stream, fact.version)
        if not facts and last:
            return


async def tail_naive(db: asyncpg.Connection, tail: Tail, writing: asyncio.Event) -> None:
    position = 0
    while True:
        last = not writing.is_set()
        rows = await db.fetch("select * from naive where position > $1 order by position limit 5000", position)
        for row in rows:
            position = row["position"]
            tail.take(row["stream"], row["version"])
        if not rows and last:
            return


async def test_two_tailing_readers_miss_nothing(database: str) -> None:
    db, writing, tails = Database(database), asyncio.Event(), [Tail(), Tail()]
    writing.set()
    store = EventStore(db, "shop")
    readers = [asyncio.create_task(tail_store(store, tail, writing)) for tail in tails]
    disturber = asyncio.create_task(disturb(database, writing))
    acknowledged = await finish(start(database, "store", FACTS))
    writing.clear()
    await asyncio.gather(*readers)
    kills, head = await disturber, await store.head()
    await db.close()
    assert acknowledged >= FACTS - FACTS % (PROCESSES * APPENDERS * GROUP)
    assert kills >= 5
    for tail in tails:
        assert tail.seen == acknowledged == head
        assert all(versions == list(range(1, len(versions) + 1)) for versions in tail.versions.values())


async def test_the_same_attack_makes_a_naive_store_lose_facts(database: str) -> None:
    db, reading = await asyncpg.connect(database), await asyncpg.connect(database)
    await db.execute(_NAIVE)
    writing, tail = asyncio.Event(), Tail()
    writing.set()
    reader = asyncio.create_task(tail_naive(reading, tail, writing))
    await finish(start(database, "naive", FACTS // 5))
    writing.clear()
    await reader
    stored = await db.fetchval("select count(*) from naive")
    await db.close()
    await reading.close()
    assert tail.seen < stored
