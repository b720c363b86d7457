"""From a command over HTTP until the read model has it, over Kafka: api, relay and worker as processes of their own.

200 commands a second, whether the earlier ones are through or not; each is measured from the moment it was due to be
sent until the mark of the read model's build has passed it. Of one in ten, `asked_…`: until a query that was sent
with its Luotsi-After is answered.
"""

import asyncio
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import asyncpg

from services.onboarding.readmodels.teams import read_model
from services.onboarding.service import service
from shared.core.ids import new_id
from shared.feed.cloudevents import key_of, partition_of
from shared.listen.builds import Build
from shared.web.tokens import Tokens
from tests.bench import publishing, servers
from tests.bench.client import Wire, connected, get, post
from tests.bench.measure import Result, apart
from tests.shared.feed.topics import Topic
from tests.shared.ops.processes import SECRET, running

RATE, SECONDS, FIRST, TEAMS, WIRES, RUNS = 200, 10, 2, 100, 32, 3
ROLES = ("api", "relay", "worker")
_LIVE = "select build from live where read_model = $1"
_MARKS = "select partition, position from marks where listener = $1 and source = $2"


@dataclass
class Watching:
    """One look at the marks of the read model every 2 ms, for all commands that are on their way."""

    database: asyncpg.Connection
    listener: str
    waiting: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    seen: list[float] = field(default_factory=list)
    quiet: asyncio.Event = field(default_factory=asyncio.Event)

    def wait_for(self, place: bytes, due: float) -> None:
        at, stream = place.decode().split(" ")
        partition = partition_of(key_of("org", stream), publishing.PARTITIONS)
        self.quiet.clear()
        self.waiting.setdefault(partition, []).append((int(at.partition("@")[2]), due))

    async def look(self) -> None:
        while True:
            for partition, mark in await self.database.fetch(_MARKS, self.listener, service.name):
                now, waiting = perf_counter(), self.waiting.get(partition, [])
                self.seen += [now - due for position, due in waiting if position <= mark]
                self.waiting[partition] = [each for each in waiting if each[0] > mark]
            if not any(self.waiting.values()):
                self.quiet.set()
            await asyncio.sleep(0.002)


@dataclass
class Clients:
    token: str
    wires: asyncio.Queue[Wire]
    watching: Watching
    teams: Sequence[str] = field(default_factory=lambda: [str(uuid4()) for _ in range(TEAMS)])
    asked: list[float] = field(default_factory=list)

    async def form(self, team_id: str) -> None:
        team = {"team_id": team_id, "name": "One", "site": "tampere", "time_zone": "Europe/Helsinki"}
        await self._ask(post("/v1/form-team", self.token, str(new_id()), team))

    async def rename(self, number: int, due: float) -> None:
        body = {"team_id": self.teams[number % TEAMS], "name": f"Team of day {number}"}
        place = await self._ask(post("/v1/rename-team", self.token, str(new_id()), body))
        self.watching.wait_for(place, due)
        if not number % 10:
            await self._ask(get("/v1/teams?limit=1", self.token, place.decode()))
            self.asked.append(perf_counter() - due)

    async def _ask(self, request: bytes) -> bytes:
        wire = await self.wires.get()
        await wire.ask(request)
        self.wires.put_nowait(wire)
        return wire.position

    async def play(self, seconds: float) -> None:
        """Sends by the clock, and returns when all is answered and seen."""
        begun = perf_counter()
        async with asyncio.TaskGroup() as commands:
            for number in range(int(RATE * seconds)):
                due = begun + number / RATE
                await asyncio.sleep(max(due - perf_counter(), 0))
                commands.create_task(self.rename(number, due))
        await self.watching.quiet.wait()


async def _measured(url: str, dsn: str) -> dict[str, float]:
    wires: asyncio.Queue[Wire] = asyncio.Queue()
    for wire in await connected(url, WIRES):
        wires.put_nowait(wire)
    database = await asyncpg.connect(dsn)
    build = Build(read_model, await database.fetchval(_LIVE, read_model.name))
    watching = Watching(database, build.listener)
    clients = Clients(Tokens(secret=SECRET).issue("hanna", "org", ["H"]), wires, watching)
    looking = asyncio.create_task(watching.look())
    for team in clients.teams:
        await clients.form(team)
    await clients.play(FIRST)
    watching.seen.clear()
    clients.asked.clear()
    await clients.play(SECONDS)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    return {
        "p50_ms": _percentile(watching.seen, 50),
        "p99_ms": _percentile(watching.seen, 99),
        "asked_p50_ms": _percentile(clients.asked, 50),
        "asked_p99_ms": _percentile(clients.asked, 99),
    }


def _percentile(seconds: Sequence[float], percent: int) -> float:
    return round(statistics.quantiles(seconds, n=100)[percent - 1] * 1000, 2)


def measured(url: str, dsn: str) -> dict[str, float]:
    import uvloop

    return uvloop.run(_measured(url, dsn))


def _run(room: Path) -> dict[str, float]:
    bootstrap, before = servers.kafka(room).bootstrap, publishing.prefix()
    for source in service.sources:
        Topic(bootstrap, f"{before}{source}.events").create(publishing.PARTITIONS)
    with servers.database(room) as dsn, ExitStack() as stack:
        urls = []
        for role in ROLES:
            program = [sys.executable, "-m", "services.onboarding", role]
            settings = {"dsn": dsn, "kafka": bootstrap, "topic_prefix": before}
            urls.append(stack.enter_context(running(program, room / f"{role}.log", **settings)))
        for one in urls:
            one.wait_ready()
        return apart(measured, urls[0].url, dsn)


def bench(room: Path) -> Result:
    found = [_run(room) for _ in range(RUNS)]
    more = {name: statistics.median(each[name] for each in found) for name in found[0]}
    return Result("latency", "ms", more["p99_ms"], runs=RUNS, more={"commands_per_s": RATE, "seconds": SECONDS, **more})
