"""A million facts of hires in the store, and the read model `onboarding_progress` built from them: read, decoded,
folded, written, caught up, switched to; not verified, which is the same work again. It hears nine facts of ten, and has
a row per hire, one per welcome, one per record of coaching, monitoring and checks. It is filled in a lane for each
processor. The limit is what one process does that reads and decodes these facts and folds none. `welcome`: the same for
`welcome_list`, which hears one of four: too few for lanes.

With LUOTSI_BENCH_LONG=1 also what a fact costs as the history grows, from 100,000 to 10,000,000.
"""

import asyncio
import gc
import os
import resource
from pathlib import Path
from typing import Any

from services.onboarding.service import service
from shared.core.readmodel import ReadModel
from shared.listen.decode import Decoder
from shared.listen.marks import Marks
from shared.ops import lane
from shared.replay.history import StoreHistory
from shared.replay.lanes import Lanes
from shared.replay.plan import Plan
from shared.replay.rebuilding import Rebuilding
from shared.run.loop import run_until_done
from shared.store.database import Database
from shared.store.store import EventStore
from tests.bench import hires, peers, servers
from tests.bench.measure import Result, Sample, Stopwatch, alone, apart, interleaved, measured, median, median_cpu

FACTS, RUNS = 1_000_000, 3
SIZES = (100_000, 1_000_000, 10_000_000)
MODELS = {model.name: model for model in service.read_models}


def _history(database: Database) -> StoreHistory:
    return StoreHistory(EventStore(database, "onboarding"), Decoder("onboarding", service.known))


async def _rebuilt(dsn: str, model: ReadModel, facts: int, lanes: Lanes, watch: Stopwatch) -> float:
    database = Database(dsn)
    histories = {"onboarding": _history(database)}
    rebuilding = Rebuilding("onboarding", database, model, histories, Plan(verify=False), lanes=lanes)
    outcome = await rebuilding.run()
    rate = watch.rate(facts)
    assert outcome.rebuild.state == "live", outcome
    await database.close()
    return rate


async def _decoded(dsn: str, model: ReadModel, facts: int) -> float:
    gc.disable()
    database = Database(dsn)
    watch = Stopwatch()
    async for stretch in _history(database).read([Marks("onboarding")], frozenset(model.events)):
        assert stretch.upto
    rate = watch.rate(facts)
    await database.close()
    return rate


def ours(dsn: str, name: str, facts: int) -> float:
    gc.disable()
    watch = Stopwatch()
    with lane.ready(service) as start:
        return run_until_done(_rebuilt(dsn, MODELS[name], facts, Lanes.one_each(start), watch))


def decoded(dsn: str, name: str, facts: int) -> float:
    return run_until_done(_decoded(dsn, MODELS[name], facts))


def sized(dsn: str, name: str, facts: int) -> dict[str, Any]:
    sample = measured(ours, (dsn, name, facts))
    cpu, lanes = sample.cpu / facts * 1e6, Lanes.one_each(None).count
    own, each = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    most = (own + each * lanes) // 1024  # the largest of the lanes, counted for all of them
    return {"facts": facts, "rate": round(sample.rate, 1), "cpu_us": round(cpu, 2), "rss_mib": most}


def bench(room: Path) -> Result:
    with servers.database(room) as dsn:
        asyncio.run(hires.load(dsn, hires.stream(FACTS)))

        def peer() -> Sample:
            with servers.empty_database(room) as empty:
                return alone(peers.projection, empty)

        sides = {
            "ours": lambda: alone(ours, dsn, "onboarding_progress", FACTS),
            "limit": lambda: alone(decoded, dsn, "onboarding_progress", FACTS),
            "welcome": lambda: alone(ours, dsn, "welcome_list", FACTS),
            "eventsourcing": peer,
        }
        samples = interleaved(RUNS, sides)
    return Result(
        "rebuild",
        "facts/s",
        median(samples["ours"]),
        {"eventsourcing": median(samples["eventsourcing"])},
        limit=median(samples["limit"]),
        runs=RUNS,
        more={
            "cpu_s_per_1000": round(median_cpu(samples["ours"]) / FACTS * 1000, 4),
            "welcome_list": round(median(samples["welcome"]), 1),
            **({"sizes": _sizes(room)} if os.environ.get("LUOTSI_BENCH_LONG") else {}),
        },
    )


def _sizes(room: Path) -> list[dict[str, Any]]:
    found = []
    for facts in SIZES:
        with servers.database(room) as dsn:
            asyncio.run(hires.load(dsn, hires.stream(facts)))
            found.append(apart(sized, dsn, "onboarding_progress", facts))
    return found
