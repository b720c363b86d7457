"""Commands over HTTP: onboarding's api as a process, with its desk on a real PostgreSQL; the limit is the route of the
same command that only checks the body and answers, on the same HTTP server. One client for both, of 64 connections.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import psutil

from services.onboarding.deciders.team import FormTeam
from services.onboarding.service import service
from shared.core.clock import SystemClock
from shared.core.decider import Asked
from shared.core.ids import new_id
from shared.feed.store_feed import StoreFeed
from shared.run.inside import Inside, ListeningSide, Setting
from shared.store.answers import Request
from shared.web.tokens import Tokens
from tests.bench import servers
from tests.bench.client import Wire, connected, post
from tests.bench.measure import Result, Sample, Stopwatch, alone, interleaved, median, median_cpu
from tests.parts.waiting import becomes
from tests.parts.waiting import running as meanwhile
from tests.shared.ops.processes import SECRET, running

WIRES, FIRST, EACH, RUNS = 64, 10, 150, 5
TOKENS = Tokens(secret=SECRET)
PROGRAMS = {"ours": ["-m", "services.onboarding", "api"], "plain": ["-m", "tests.bench.plain"]}


async def formed(dsn: str, teams: int) -> list[str]:
    """Teams that are there, and known to the directory."""
    inside = Inside(service, dsn, Setting(SystemClock(), TOKENS, "Europe/Helsinki"))
    listening = ListeningSide(inside)
    await listening.worker.start()
    ids, request = [uuid4() for _ in range(teams)], Request("org", Asked(datetime.now(UTC), "hanna"))
    for team_id in ids:
        command = FormTeam(team_id=team_id, name="One", site="tampere", time_zone="Europe/Helsinki")
        await inside.desk.ask(command, request)
    feed = StoreFeed(service.name, {service.name: inside.store}, [inside.wakeup], listening.worker.cursor)

    async def heard() -> bool:
        return await listening.worker.cursor(service.name) == teams

    async with meanwhile(feed.run(listening.take)):
        await becomes(heard)
    await inside.close()
    return [str(team_id) for team_id in ids]


async def _rename(token: str, times: int, wire: Wire, team_id: str) -> None:
    for number in range(times):
        body = {"team_id": team_id, "name": f"Team of day {times - number}"}
        await wire.ask(post("/v1/rename-team", token, str(new_id()), body))


async def _asked(url: str, teams: Sequence[str]) -> float:
    token, wires = TOKENS.issue("hanna", "org", ["H"]), await connected(url, len(teams))
    await asyncio.gather(*map(partial(_rename, token, FIRST), wires, teams))
    watch = Stopwatch()
    await asyncio.gather(*map(partial(_rename, token, EACH), wires, teams))
    rate = watch.rate(EACH * len(teams))
    for wire in wires:
        wire.close()
    return rate


def load(url: str, teams: Sequence[str]) -> float:
    import uvloop

    return uvloop.run(_asked(url, teams))


def _busy(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def bench(room: Path) -> Result:
    def side(name: str) -> Sample:
        with servers.database(room) as dsn:
            teams = asyncio.run(formed(dsn, WIRES))
            with running([sys.executable, *PROGRAMS[name]], room / f"{name}.log", dsn=dsn) as server:
                server.wait_ready()
                before = _busy(server.process.pid)
                rate = alone(load, server.url, teams).rate
                return Sample(rate, _busy(server.process.pid) - before)

    samples = interleaved(RUNS, {name: partial(side, name) for name in PROGRAMS})
    thousands = WIRES * (FIRST + EACH) / 1000
    return Result(
        "http",
        "commands/s",
        median(samples["ours"]),
        limit=median(samples["plain"]),
        runs=RUNS,
        more={
            "connections": WIRES,
            "cpu_s_per_1000": round(median_cpu(samples["ours"]) / thousands, 4),
            "plain_cpu_s_per_1000": round(median_cpu(samples["plain"]) / thousands, 4),
        },
    )
