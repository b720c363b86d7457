"""Commands at the desk (load, decide, append), 32 at a time; there `Application.save` of one event, with no load."""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from tests.bench import peers, servers
from tests.bench.measure import Result, Sample, Stopwatch, alone, interleaved, median, median_cpu
from tests.shared.store.conftest import request
from tests.shared.store.till import OpenTill, TakeMoney, shop

WRITERS, EACH, RUNS = 32, 500, 5


async def _take(desk: Desk, till_id: UUID, commands: int) -> None:
    for _ in range(commands):
        await desk.ask(TakeMoney(till_id=till_id, cents=1250, note="for the coffee"), request(command_id=uuid4()))


async def _all(dsn: str) -> float:
    database = Database(dsn)
    desk = Desk(shop, database, Wakeup(database))
    tills = [uuid4() for _ in range(WRITERS)]
    await asyncio.gather(*(desk.ask(OpenTill(till_id=till_id), request()) for till_id in tills))
    watch = Stopwatch()
    await asyncio.gather(*(_take(desk, till_id, EACH) for till_id in tills))
    rate = watch.rate(WRITERS * EACH)
    await desk.close()
    await database.close()
    return rate


def ours(dsn: str) -> float:
    import logging

    import structlog
    import uvloop

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    return uvloop.run(_all(dsn))


def bench(room: Path) -> Result:
    def here() -> Sample:
        with servers.database(room) as dsn:
            return alone(ours, dsn)

    def there(threads: int) -> Sample:
        with servers.empty_database(room) as dsn:
            return alone(peers.application, dsn, threads)

    best = max((1, 2, 4, 8, 16), key=lambda threads: there(threads).rate)
    samples = interleaved(RUNS, {"ours": here, "eventsourcing": lambda: there(best)})
    return Result(
        "desk",
        "commands/s",
        median(samples["ours"]),
        {"eventsourcing": median(samples["eventsourcing"])},
        runs=RUNS,
        more={
            "writers": WRITERS,
            "peer_threads": best,
            "cpu_s_per_1000": round(median_cpu(samples["ours"]) / (WRITERS * EACH) * 1000, 4),
        },
    )
