"""Shuffled streams through real stores and real topics: two hundred organisations, each told in another order."""

import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.coaching.service import service
from shared.core.clock import MovableClock
from shared.core.event import Recorded
from shared.core.ids import derive
from shared.core.service import Service
from shared.listen.builds import Builds
from shared.listen.worker import Worker
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from shared.testing.interleavings import Fact, folded
from tests.coaching.test_conversations_any_order import STREAMS
from tests.coaching.test_policies_any_order import HEARINGS
from tests.parts import databases
from tests.parts.postgres import Postgres
from tests.services.deliveries import about, heard
from tests.services.feeding import Hearing, by_kafka, by_store, store
from tests.shared.replay.history import rows

ORGANISATIONS = 200
BOARD, BOARD_STREAMS = STREAMS["team_board"]
PLANS = HEARINGS["plans follow people, and hear of their needs and talks"]


@pytest.fixture
async def stores(postgres: Postgres, template: str) -> AsyncIterator[dict[str, Database]]:
    """One for each service that coaching hears, itself among them."""
    with ExitStack() as made:
        opened = {
            source: Database(made.enter_context(databases.fresh(postgres.dsn, template))) for source in service.sources
        }
        yield opened
        for database in opened.values():
            await database.close()


@pytest.fixture(params=["store", pytest.param("kafka", marks=pytest.mark.kafka)])
def bringing(request: pytest.FixtureRequest, topics: str) -> Any:
    if request.param == "store":
        return by_store
    return partial(by_kafka, request.getfixturevalue("kafka"), topics)


def shuffled(streams: Sequence[Sequence[Fact]]) -> Iterator[Recorded]:
    for nth in range(ORGANISATIONS):
        turns = [each for each, stream in enumerate(streams) for _ in stream]
        random.Random(nth).shuffle(turns)
        left = [iter(stream) for stream in streams]
        for turn in turns:
            fact = next(left[turn]).recorded
            tenant = f"org-{nth}"
            yield fact._replace(tenant=tenant, id=derive("fact", tenant, fact.stream, fact.version))


async def tell(
    listening: Service, streams: Sequence[Sequence[Fact]], stores: dict[str, Database], bringing: Any
) -> None:
    """Returns when the service has heard all of them, in every organisation."""
    own = stores[listening.name]
    desk = Desk(listening, own, Wakeup(own))
    worker = Worker(listening, own, desk, MovableClock())
    await worker.start()
    hearing = Hearing(worker, await store(stores, list(shuffled(streams))))
    async with bringing(listening, worker, stores, hearing):
        await hearing.all_heard.wait()
    await desk.close()
    assert not worker.listening.stopped


async def test_a_board_is_the_same_in_every_organisation(stores: dict[str, Database], bringing: Any) -> None:
    listening = replace(service, read_models=[BOARD], policies=[], deadlines=[])
    await tell(listening, BOARD_STREAMS, stores, bringing)
    own = stores[service.name]
    build = await Builds(own).live(BOARD)
    expected = folded(BOARD, [fact for stream in BOARD_STREAMS for fact in stream])
    found = await rows(own, build.number, BOARD)
    for kind, told in expected.items():
        keyed = {key if isinstance(key, tuple) else (key,): row for key, row in told.items()}
        assert found[kind.__name__] == {
            (f"org-{nth}", *key): row for nth in range(ORGANISATIONS) for key, row in keyed.items()
        }


async def test_policies_make_the_same_in_every_organisation(stores: dict[str, Database], bringing: Any) -> None:
    acting = [policy for policy in service.policies if policy.name in PLANS.policies]
    listening = replace(service, read_models=[], policies=acting, deadlines=[])
    await tell(listening, PLANS.streams, stores, bringing)
    made: dict[str, dict[str, set[str]]] = {}
    for fact in await EventStore(stores[service.name], service.name).read(0, limit=1_000_000):
        if fact.actor.startswith("policy:"):
            event = service.own[fact.name].model_validate_json(fact.data)
            made.setdefault(fact.tenant, {}).setdefault(fact.stream, set()).add(about(event))
    expected = heard(service, PLANS, [fact for stream in PLANS.streams for fact in stream])
    assert made == {f"org-{nth}": expected for nth in range(ORGANISATIONS)}
