"""A supervisor's list over HTTP: the board of a team of 40, in an organisation of 500 such teams: 20,000 people.

`p50_ms` is from the request to the last byte; `select_1_p50_ms` a statement that does nothing, to the same database,
asked in turn with it.
"""

import asyncio
import statistics
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import asyncpg
import orjson

from shared.ops.roles import main
from shared.web.tokens import Tokens
from tests.bench import boards, servers
from tests.bench.client import connected, get
from tests.bench.measure import Result, apart
from tests.coaching.cast import SANNA, TEAM
from tests.shared.ops.processes import SECRET, running

TEAMS, ASKED, FIRST, RUNS = 500, 300, 30, 3


async def _measured(url: str, dsn: str) -> dict[str, float]:
    (wire,) = await connected(url, 1)
    database = await asyncpg.connect(dsn)
    request = get(f"/v1/team-board?limit=100&team_id={TEAM}", Tokens(secret=SECRET).issue(str(SANNA), "org", ["S"]))
    board, nothing = [], []
    for _ in range(FIRST + ASKED):
        board.append(await _timed(lambda: wire.ask(request)))
        nothing.append(await _timed(lambda: database.fetchval("select 1")))
    assert len(orjson.loads(wire.body)["items"]) == boards.PEOPLE
    await database.close()
    return {"p50_ms": _p50(board), "p95_ms": _percentile(board, 95), "select_1_p50_ms": _p50(nothing)}


async def _timed(ask: Callable[[], Awaitable[object]]) -> float:
    began = perf_counter()
    await ask()
    return (perf_counter() - began) * 1000


def _p50(times: list[float]) -> float:
    return _percentile(times, 50)


def _percentile(times: list[float], percent: int) -> float:
    return round(statistics.quantiles(times[FIRST:], n=100)[percent - 1], 3)


def measured(url: str, dsn: str) -> dict[str, float]:
    import uvloop

    return uvloop.run(_measured(url, dsn))


def bench(room: Path) -> Result:
    program = [sys.executable, "-m", "tests.bench.board", "api"]
    with servers.database(room) as dsn:
        asyncio.run(boards.make(dsn, TEAMS, datetime.now(UTC)))
        with running(program, room / "api.log", dsn=dsn) as api:
            api.wait_ready()
            found = [apart(measured, api.url, dsn) for _ in range(RUNS)]
    more = {name: statistics.median(each[name] for each in found) for name in found[0]}
    return Result("board", "ms", more["p50_ms"], runs=RUNS, more={"people": TEAMS * boards.PEOPLE, **more})


if __name__ == "__main__":
    main(boards.BOARD)
