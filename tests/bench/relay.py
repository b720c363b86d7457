"""The relay from a real store to a real topic; the limit: the bare producer with the same records, made beforehand."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from shared.feed.broker import make_broker
from shared.feed.relay import Relay
from shared.run.loop import run_until_done
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.telemetry.metrics import RELAY_MARK
from tests.bench import hires, publishing, servers
from tests.bench.measure import Result, Sample, Stopwatch, alone, interleaved, median, median_cpu
from tests.parts.waiting import becomes, running

FACTS, RUNS = 100_000, 5
WARM = 2  # runs before it counts: a broker that has just started is busy with compiling itself


async def _relayed(dsn: str, bootstrap: str, topic: str) -> float:
    database = Database(dsn)
    store, wakeup = EventStore(database, "onboarding"), Wakeup(database)
    relay = Relay(database, store, wakeup, lambda: make_broker(bootstrap, "relay"), topic=topic)

    def sent() -> bool:
        """As the gauge has it, which moves when the row has: a probe that asks the database would be measured too."""
        (mark,) = RELAY_MARK.collect()
        return any(sample.value == FACTS for sample in mark.samples)

    async with running(relay.run()):
        await becomes(lambda: relay.leads)
        watch = Stopwatch()
        await becomes(sent)
        rate = watch.rate(FACTS)
    await database.close()
    return rate


async def _produced(dsn: str, bootstrap: str, topic: str) -> float:
    found = await publishing.records(dsn)
    broker = make_broker(bootstrap, "producer")
    await broker.connect()
    watch = Stopwatch()
    await publishing.publish(broker, topic, found)
    rate = watch.rate(FACTS)
    await broker.stop()
    return rate


def ours(dsn: str, bootstrap: str, topic: str) -> float:
    return run_until_done(_relayed(dsn, bootstrap, topic))


def bare(dsn: str, bootstrap: str, topic: str) -> float:
    return run_until_done(_produced(dsn, bootstrap, topic))


def bench(room: Path) -> Result:
    bootstrap = servers.kafka(room).bootstrap

    def topic() -> str:
        return publishing.topic(bootstrap, publishing.prefix())

    def here(side: Callable[[str, str, str], float]) -> Sample:
        with servers.database(room) as dsn:
            asyncio.run(hires.load(dsn, hires.facts(FACTS)))
            return alone(side, dsn, bootstrap, topic())

    sides = {"ours": lambda: here(ours), "bare": lambda: here(bare)}
    interleaved(WARM, sides)
    samples = interleaved(RUNS, sides)
    return Result(
        "relay",
        "facts/s",
        median(samples["ours"]),
        limit=median(samples["bare"]),
        runs=RUNS,
        more={"cpu_s_per_1000": round(median_cpu(samples["ours"]) / FACTS * 1000, 4)},
    )
