"""A hundred `kill -9` of api, relay and worker at random moments, under load, over real Kafka."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import psutil

from services.onboarding.service import service
from shared.run.standing import standing
from shared.store.database import Database
from shared.store.store import EventStore
from shared.web.tokens import Tokens
from tests.e2e import holding
from tests.e2e.hires import Clients
from tests.e2e.nursery import Nursery
from tests.parts.kafka import Kafka
from tests.parts.server import free_port
from tests.shared.feed.topics import Topic

KILLS, CLIENTS, PARTITIONS = 105, 6, 6
SECRET = "a secret of the fault test, long enough"


class Platform:
    """Two processes of each role; who is killed is born again at once."""

    def __init__(self, nursery: Nursery, env: dict[str, str], logs: Path) -> None:
        self._nursery, self._env, self._logs = nursery, env, logs
        self.ports = {(role, number): free_port() for role in ("api", "relay", "worker") for number in (1, 2)}
        self._pids = {place: self._born(place) for place in self.ports}
        self.kills: Counter[str] = Counter()

    def _born(self, place: tuple[str, int]) -> int:
        env = {**self._env, "LUOTSI_HTTP_PORT": str(self.ports[place])}
        return self._nursery.born(place[0], env, self._logs / f"{place[0]}-{place[1]}.log")

    def kill(self, place: tuple[str, int]) -> None:
        process = psutil.Process(self._pids[place])
        process.kill()
        process.wait(10)
        self.kills[place[0]] += 1
        self._pids[place] = self._born(place)


async def kill_at_random(platform: Platform, kills: int, chance: random.Random, acked: Clients) -> None:
    """Never two without a command answered in between: the platform is under load all the time."""
    for _ in range(kills):
        before = len(acked.answered.facts)
        await asyncio.sleep(chance.uniform(0.05, 0.5))  # the random moment: the one thing that is not waited for
        await acked.answered.more_than(before)
        platform.kill(chance.choice(list(platform.ports)))


async def settled(database: Database) -> None:
    while True:
        now = await standing("onboarding", {"onboarding": database})
        own = [heard for heard in now.listeners if heard.source == "onboarding"]
        if now.relay and now.relay.lag.facts == 0 and own and all(heard.lag.facts == 0 for heard in own):
            return
        await asyncio.sleep(0.1)


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
        platform = Platform(nursery, env, tmp_path)
        urls = [f"http://127.0.0.1:{port}" for (role, _), port in platform.ports.items() if role == "api"]
        clients = Clients(urls, Tokens(secret=SECRET).issue("hanna", "org", ["H"]))
        killing = asyncio.create_task(kill_at_random(platform, KILLS, chance, clients))
        await clients.play_all(CLIENTS, until=killing)
        await asyncio.wait_for(settled(db), 60)

        facts = await holding.every_fact(EventStore(db, "onboarding"))
        await holding.commands_have_one_effect(db, clients.answered.facts)
        repeats = await holding.topic_holds(kafka.bootstrap, f"{topics}onboarding.events", facts)
        sizes = await holding.rows_equal_a_fresh_fold(service, db, facts)
    finally:
        nursery.close()
        await db.close()
    told = Counter(fact.name for fact in facts)
    assert told["onboarding.welcome-prepared"] == told["onboarding.journey-started"] > 0
    assert all(sizes[name] for name in ("people", "teams", "welcome_list", "onboarding_progress"))
    assert sum(platform.kills.values()) == KILLS
    print(f"{dict(platform.kills)}, {len(facts)} facts, {clients.answered.again} asked again, {repeats} sent again")
