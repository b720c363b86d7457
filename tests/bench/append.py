"""Appending single facts: 32 writers here, threads of the best count there. fsync on, one server, the same facts."""

import asyncio
from pathlib import Path
from uuid import uuid4

from shared.core.decider import Asked
from shared.core.ids import new_id
from shared.store.appender import Append, Appender, NewFact
from shared.store.database import Database
from shared.store.held import HeldConnection
from tests.bench import peers, servers
from tests.bench.measure import Result, Sample, Stopwatch, alone, interleaved, median, median_cpu
from tests.shared.store.conftest import NOON

WRITERS, EACH, RUNS = 32, 600, 5
DATA = '{"till_id": "00000000-0000-0000-0000-000000000007", "cents": 1250, "note": "for the coffee, and one more"}'


async def write(appender: Appender, facts: int) -> None:
    stream, asked = f"shop.till-{uuid4()}", Asked(NOON, str(uuid4()))
    for version in range(facts):
        fact = NewFact("shop.money-taken", new_id(), DATA)
        wish = Append("org", stream, version, new_id(), b"h" * 16, asked, new_id(), None, None, "TakeMoney", [fact])
        outcome = await appender.append(wish)
        assert outcome.outcome == "appended", outcome


async def _all(dsn: str, writers: int, each: int) -> float:
    database = Database(dsn)
    appender = Appender(HeldConnection(database), "shop")
    await write(appender, 20)
    watch = Stopwatch()
    await asyncio.gather(*(write(appender, each) for _ in range(writers)))
    rate = watch.rate(writers * each)
    await appender.close()
    await database.close()
    return rate


def ours(dsn: str, writers: int, each: int) -> float:
    import uvloop

    return uvloop.run(_all(dsn, writers, each))


def bench(room: Path) -> Result:
    def here() -> Sample:
        with servers.database(room) as dsn:
            return alone(ours, dsn, WRITERS, EACH)

    def there(threads: int) -> Sample:
        with servers.empty_database(room) as dsn:
            return alone(peers.recorder, dsn, threads, DATA.encode())

    best = max((1, 2, 4, 8, 16), key=lambda threads: there(threads).rate)
    samples = interleaved(RUNS, {"ours": here, "eventsourcing": lambda: there(best)})
    return Result(
        "append",
        "facts/s",
        median(samples["ours"]),
        {"eventsourcing": median(samples["eventsourcing"])},
        runs=RUNS,
        more={
            "writers": WRITERS,
            "peer_threads": best,
            "cpu_s_per_1000": round(median_cpu(samples["ours"]) / (WRITERS * EACH) * 1000, 4),
        },
    )
