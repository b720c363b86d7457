"""What a rebuild costs those who ask commands meanwhile: 200 commands a second over HTTP, each measured from the moment
it was due to be sent until it is answered, by turns without and with `luotsi rebuild` at its default throttle.

Rebuilt is `onboarding_progress`, from a million facts in the store that the commands are appended to; each turn goes on
where the one before was ended, and the later ones verify.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple

from shared.core.ids import new_id
from tests.bench import hires, servers
from tests.bench.client import Wire, connected, post
from tests.bench.http import PROGRAMS, TOKENS, formed
from tests.bench.measure import Result, apart
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import PROGRAM, environment
from tests.shared.ops.processes import Running, running

RATE, SECONDS, FIRST, TEAMS, WIRES, RUNS = 200, 8, 1, 100, 32, 3
FACTS = 1_000_000
NOWHERE = "127.0.0.1:9"  # the read model hears onboarding alone, so no topic is read


class Asking:
    """Sends by the clock, whether the earlier ones are answered or not."""

    def __init__(self, wires: Sequence[Wire], teams: Sequence[str]) -> None:
        self._token, self._teams, self._numbers = TOKENS.issue("hanna", "org", ["H"]), teams, count()
        self._wires: asyncio.Queue[Wire] = asyncio.Queue()
        for wire in wires:
            self._wires.put_nowait(wire)

    async def play(self, seconds: float) -> list[float]:
        """How long each took."""
        begun = perf_counter()
        async with asyncio.TaskGroup() as commands:
            asked = []
            for number in range(int(RATE * seconds)):
                due = begun + number / RATE
                await asyncio.sleep(max(due - perf_counter(), 0))
                asked.append(commands.create_task(self._rename(due)))
        return [task.result() for task in asked]

    async def _rename(self, due: float) -> float:
        number, wire = next(self._numbers), await self._wires.get()
        body = {"team_id": self._teams[number % TEAMS], "name": f"Team {new_id()}"}
        await wire.ask(post("/v1/rename-team", self._token, str(new_id()), body))
        self._wires.put_nowait(wire)
        return perf_counter() - due


class Asked(NamedTuple):
    """In milliseconds."""

    p50: float
    p99: float


async def _asked(url: str, teams: Sequence[str]) -> Asked:
    wires = await connected(url, WIRES)
    asking = Asking(wires, teams)
    await asking.play(FIRST)
    hundredths = quantiles(await asking.play(SECONDS), n=100)
    for wire in wires:
        wire.close()
    return Asked(hundredths[49] * 1000, hundredths[98] * 1000)


def asked(url: str, teams: Sequence[str]) -> Asked:
    import uvloop

    return uvloop.run(_asked(url, teams))


@contextmanager
def _rebuilding(dsn: str, log: Path) -> Iterator[None]:
    """While this is open, it is under way."""
    words, env = (
        [PROGRAM, "rebuild", "--service", "onboarding", "onboarding_progress", "--json"],
        environment(dsn=dsn, kafka=NOWHERE),
    )
    with log.open("w") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, env=env, text=True)
    rebuild = Running(process, "", log)
    try:
        wait_until(lambda: any(line.get("done") for line in rebuild.lines()), "the rebuild")
        yield
        assert process.poll() is None, f"it was over too soon: {log.read_text()[-1000:]}"
    finally:
        process.terminate()
        process.wait(60)


def _turns(url: str, dsn: str, room: Path, teams: Sequence[str]) -> Iterator[tuple[Asked, Asked]]:
    """Of each turn: alone, and beside a rebuild."""
    for turn in range(RUNS):
        alone = apart(asked, url, teams)
        with _rebuilding(dsn, room / f"rebuild.{turn}.log"):
            yield alone, apart(asked, url, teams)


def bench(room: Path) -> Result:
    with servers.database(room) as dsn:
        teams = asyncio.run(formed(dsn, TEAMS))
        made_up = (fact._replace(position=fact.position + TEAMS) for fact in hires.stream(FACTS))
        asyncio.run(hires.load(dsn, made_up))
        program = [sys.executable, *PROGRAMS["ours"]]
        with running(program, room / "beside.log", dsn=dsn) as server:
            server.wait_ready()
            alone, beside = zip(*_turns(server.url, dsn, room, teams), strict=True)
    before, meanwhile = median(each.p99 for each in alone), median(each.p99 for each in beside)
    more = {
        "p50_ms": round(median(each.p50 for each in beside), 2),
        "p50_alone_ms": round(median(each.p50 for each in alone), 2),
        "p99_alone_ms": round(before, 2),
        "times": round(meanwhile / before, 2),
        "commands_per_s": RATE,
    }
    return Result("beside", "ms (p99)", meanwhile, runs=RUNS, more=more)
