"""What a rebuild of a service starts to fill a build in lanes, as the command line names it."""

import sys

import structlog

from services.onboarding.readmodels.onboarding_progress import read_model
from services.onboarding.service import service
from shared.listen.decode import Decoder
from shared.replay.history import StoreHistory
from shared.replay.lanes import Lanes
from shared.replay.plan import Plan
from shared.replay.rebuilding import Rebuilding
from shared.store.database import Database
from shared.store.store import EventStore
from tests.bench import hires
from tests.shared.replay.history import folded, rows

COMMAND = [sys.executable, "-m", "shared.ops.lane", "onboarding"]


async def test_hires_are_shared_out_and_make_the_rows_of_a_plain_fold(database: str) -> None:
    facts = hires.facts(4000, at_a_time=20)
    await hires.store(database, facts)
    db = Database(database)
    history = StoreHistory(EventStore(db, "onboarding"), Decoder("onboarding", service.known))
    lanes = Lanes(COMMAND, 2, least=1000)
    with structlog.testing.capture_logs() as lines:
        rebuilding = Rebuilding("onboarding", db, read_model, {"onboarding": history}, Plan(), lanes=lanes)
        outcome = await rebuilding.run()
    assert [line["event"] for line in lines if "lanes" in line["event"]] == ["rebuild.in_lanes"]
    assert await rows(db, outcome.rebuild.build, read_model) == folded(facts, read_model)
    await db.close()
