"""10,000 sessions held, through both services' policies over Kafka: from the moment they stand in coaching's store
until both services have stored what their policies make of them. Each session is counted and has an action agreed; of
every fifth, who is a hire, onboarding counts it for the stage. Relays and workers are processes of their own; they
fold no read models. `all_facts_per_s` counts what was made with what was heard.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import asyncpg

from services.coaching.service import service as coaching
from services.onboarding.service import service as onboarding
from shared.core.event import Recorded
from shared.feed.cloudevents import key_of, partition_of
from shared.listen.policies import POLICIES
from shared.ops.roles import main
from shared.store.wakeup import CHANNEL
from tests.bench import hires, publishing, servers, talks
from tests.bench.measure import Result
from tests.parts.waiting import becomes
from tests.shared.feed.topics import Topic
from tests.shared.ops.processes import running

SESSIONS, RUNS = 10_000, 3
BOTH = {each.name: replace(each, read_models=[], deadlines=[]) for each in (coaching, onboarding)}
ROLES = ("relay", "worker")
MADE = {
    "coaching": ("coaching.coaching-counted", "coaching.action-agreed"),
    "onboarding": ("onboarding.coaching-recorded",),
}
_MARKS = "select partition, position from marks where listener = $1 and source = $2"
_MADE = "select count(*) from facts where name = any($1::text[])"


@dataclass(frozen=True)
class Stores:
    """The databases of the two services, and how far their policies have come."""

    of: Mapping[str, asyncpg.Connection]

    async def lasts(self, source: str) -> dict[int, int]:
        """The last position of each partition of a store."""
        found: dict[int, int] = {}
        for position, tenant, stream in await self.of[source].fetch("select position, tenant, stream from facts"):
            partition = partition_of(key_of(tenant, stream), publishing.PARTITIONS)
            found[partition] = max(found.get(partition, 0), position)
        return found

    async def heard(self, service: str, source: str, lasts: Mapping[int, int]) -> bool:
        marks: dict[int, int] = dict(map(tuple, await self.of[service].fetch(_MARKS, POLICIES, source)))
        return all(marks.get(partition, 0) >= last for partition, last in lasts.items())

    async def until_heard(self, source: str, lasts: Mapping[int, int]) -> None:
        for service in self.of:
            await becomes(partial(self.heard, service, source, lasts), seconds=120)

    async def made(self) -> dict[str, int]:
        return {name: await each.fetchval(_MADE, MADE[name]) for name, each in self.of.items()}


async def _measured(dsns: Mapping[str, str]) -> dict[str, float]:
    stores = Stores({name: await asyncpg.connect(dsn) for name, dsn in dsns.items()})
    for source in BOTH:
        await stores.until_heard(source, await stores.lasts(source))
    given = talks.held(SESSIONS, after=await stores.of["coaching"].fetchval("select max(position) from facts"))
    before = await _facts(stores)
    await hires.store(dsns["coaching"], given)
    began = time.perf_counter()
    await stores.of["coaching"].execute(f"notify {CHANNEL}")
    await stores.until_heard("coaching", _lasts(given))
    seconds = time.perf_counter() - began
    made = await stores.made()
    assert made == {"coaching": 2 * SESSIONS, "onboarding": SESSIONS // talks.HIRES}, made
    return {"rate": SESSIONS / seconds, "all_facts_per_s": (await _facts(stores) - before) / seconds}


async def _facts(stores: Stores) -> int:
    return sum([await each.fetchval("select max(position) from facts") for each in stores.of.values()])


def _lasts(given: Sequence[Recorded]) -> dict[int, int]:
    return {partition_of(key_of(f.tenant, f.stream), publishing.PARTITIONS): f.position for f in given}


def _run(room: Path) -> dict[str, float]:
    bootstrap, before = servers.kafka(room).bootstrap, publishing.prefix()
    for source in {source for service in BOTH.values() for source in service.sources}:
        Topic(bootstrap, f"{before}{source}.events").create(publishing.PARTITIONS)
    with ExitStack() as stack:
        dsns = {name: stack.enter_context(servers.database(room)) for name in BOTH}
        asyncio.run(hires.load(dsns["coaching"], talks.plans(SESSIONS)))
        asyncio.run(hires.load(dsns["onboarding"], talks.journeys(SESSIONS)))
        settings = {"kafka": bootstrap, "topic_prefix": before}
        started = [
            stack.enter_context(running(_program(name, role), room / f"{name}-{role}.log", dsn=dsn, **settings))
            for name, dsn in dsns.items()
            for role in ROLES
        ]
        for process in started:
            process.wait_ready()
        return asyncio.run(_measured(dsns))


def _program(name: str, role: str) -> list[str]:
    return [sys.executable, "-m", "tests.bench.policies", name, role]


def bench(room: Path) -> Result:
    found = [_run(room) for _ in range(RUNS)]
    more = {name: round(statistics.median(each[name] for each in found), 1) for name in found[0]}
    return Result("policies", "facts/s", more.pop("rate"), runs=RUNS, more={"sessions": SESSIONS, **more})


if __name__ == "__main__":
    name, role = sys.argv[1:]
    main(BOTH[name], [role])
