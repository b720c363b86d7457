"""Facts of hires on a real topic, through the Kafka feed and a worker into the rows of `onboarding_progress`: a row
per hire, one per welcome, one per record of coaching, monitoring and checks. `all`: into those of all read models and
the deadlines of onboarding. What policies make of facts are commands: the benchmark of the desk.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from services.onboarding.readmodels import onboarding_progress
from services.onboarding.service import service
from shared.core.clock import SystemClock
from shared.core.service import Service
from shared.feed.batch import Batch
from shared.feed.broker import make_broker
from shared.feed.kafka import KafkaFeed
from shared.listen.worker import Worker
from shared.run.loop import run_until_done
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from tests.bench import hires, publishing, servers
from tests.bench.measure import Result, Sample, Stopwatch, alone, interleaved, median, median_cpu
from tests.parts.waiting import running

FACTS, RUNS = 100_000, 5
SIDES = {
    "one": replace(service, read_models=[onboarding_progress.read_model], policies=[], deadlines=[]),
    "all": replace(service, policies=[]),
}


class Timed:
    """From the first batch until the worker has taken the last fact of every partition."""

    def __init__(self, worker: Worker, lasts: Sequence[int]) -> None:
        self._worker, self._left = worker, dict(enumerate(lasts))
        self._watch: Stopwatch | None = None
        self.rate: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def take(self, batches: Sequence[Batch]) -> None:
        self._watch = self._watch or Stopwatch()
        await self._worker.take(batches)
        for batch in batches:
            if batch.upto == self._left.get(batch.partition):
                del self._left[batch.partition]
        if not self._left and not self.rate.done():
            self.rate.set_result(self._watch.rate(FACTS))


async def _heard(listening: Service, dsn: str, bootstrap: str, topic: str, lasts: Sequence[int]) -> float:
    database = Database(dsn)
    desk = Desk(listening, database, Wakeup(database))
    worker = Worker(listening, database, desk, SystemClock())
    await worker.start()
    feed = KafkaFeed(
        listening.name,
        lambda: make_broker(bootstrap, "worker", consumer_only=True),
        {listening.name: topic},
        heard=worker.hears(listening.name),
        group=publishing.prefix(),
    )
    timed = Timed(worker, lasts)
    async with running(feed.run(timed.take)):
        rate = await timed.rate
    assert not worker.listening.stopped, worker.listening.stopped
    await database.close()
    return rate


def ours(side: str, dsn: str, bootstrap: str, topic: str, lasts: Sequence[int]) -> float:
    return run_until_done(_heard(SIDES[side], dsn, bootstrap, topic, lasts))


async def _publish(dsn: str, bootstrap: str, topic: str) -> None:
    broker = make_broker(bootstrap, "producer")
    await broker.connect()
    await publishing.publish(broker, topic, await publishing.records(dsn))
    await broker.stop()


def bench(room: Path) -> Result:
    bootstrap, facts = servers.kafka(room).bootstrap, hires.facts(FACTS)
    topic, lasts = publishing.topic(bootstrap, publishing.prefix()), publishing.lasts(facts)
    with servers.database(room) as dsn:
        asyncio.run(hires.load(dsn, facts))
        asyncio.run(_publish(dsn, bootstrap, topic))

    def here(side: str) -> Sample:
        with servers.database(room) as dsn:
            return alone(ours, side, dsn, bootstrap, topic, lasts)

    samples = interleaved(RUNS, {"one": lambda: here("one"), "all": lambda: here("all")})
    return Result(
        "listener",
        "facts/s",
        median(samples["one"]),
        runs=RUNS,
        more={
            "cpu_s_per_1000": round(median_cpu(samples["one"]) / FACTS * 1000, 4),
            "all_listeners": round(median(samples["all"]), 1),
            "all_listeners_cpu_s_per_1000": round(median_cpu(samples["all"]) / FACTS * 1000, 4),
        },
    )
