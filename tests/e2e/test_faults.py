"""A hundred `kill -9` of api, relay and worker at random moments, under load, over real Kafka."""

import asyncio
import random
from collections import Counter
from pathlib import Path

from services.onboarding.service import service
from shared.store.database import Database
from shared.web.tokens import Tokens
from tests.e2e import holding
from tests.e2e.hires import Clients
from tests.e2e.nursery import Nursery
from tests.e2e.pairs import Pairs
from tests.parts.kafka import Kafka
from tests.shared.feed.topics import Topic

KILLS, CLIENTS, PARTITIONS = 105, 6, 6
SECRET = "a secret of the fault test, long enough"


async def kill_at_random(pairs: Pairs, kills: int, chance: random.Random, acked: Clients) -> None:
    """Never two without a command answered in between: they are under load all the time."""
    for _ in range(kills):
        before = len(acked.answered.facts)
        await asyncio.sleep(chance.uniform(0.05, 0.5))  # the random moment: the one thing that is not waited for
        await acked.answered.more_than(before)
        pairs.kill(chance.choice(list(pairs.ports)))


async def test_a_hundred_kills_lose_nothing_and_double_nothing(
    database: str, kafka: Kafka, topics: str, tmp_path: Path
) -> None:
    for source in service.sources:
        Topic(kafka.bootstrap, f"{topics}{source}.events").create(PARTITIONS)
    env = {
        "LUOTSI_DSN": database, "LUOTSI_KAFKA": kafka.bootstrap, "LUOTSI_TOPIC_PREFIX": topics,
        "LUOTSI_TOKEN_SECRET": SECRET, "LUOTSI_LOG_FORMAT": "json", "LUOTSI_POOL": "4",
    }  # fmt: skip
    nursery, chance, db = Nursery("onboarding"), random.Random(2027), Database(database)
    try:
        pairs = Pairs(nursery, env, tmp_path)
        clients = Clients(pairs.apis, Tokens(secret=SECRET).issue("hanna", "org", ["H"]))
        killing = asyncio.create_task(kill_at_random(pairs, KILLS, chance, clients))
        with pairs.telling():
            await clients.play_all(CLIENTS, until=killing)
            async with asyncio.timeout(60):
                await holding.settled(service.name, db)
        topic = f"{topics}{service.name}.events"
        held = await holding.everything(service, db, kafka.bootstrap, topic, clients.answered.facts)
    finally:
        nursery.close()
        await db.close()
    told = Counter(fact.name for fact in held.facts)
    assert told["onboarding.welcome-prepared"] == told["onboarding.journey-started"] > 0
    assert all(held.sizes[name] for name in ("people", "teams", "welcome_list", "onboarding_progress"))
    assert sum(pairs.kills.values()) == KILLS
    print(
        f"{dict(pairs.kills)}, {len(held.facts)} facts, {clients.answered.again} asked again, {held.repeats} sent again"
    )
