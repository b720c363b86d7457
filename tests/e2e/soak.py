"""Everything that can happen, for as long as is asked: `.venv/bin/python -m tests.e2e.soak --minutes 30`.

Under load over real Kafka processes are killed, the broker and the database are restarted, and read models are rebuilt.
At the end nothing is lost, nothing doubled, no listener is behind, and the processes that lived through it are level.
"""

import argparse
import asyncio
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import make_url

from services.onboarding.service import service
from shared.migrations.migrate import migrate
from shared.store.database import Database
from shared.web.tokens import Tokens
from tests.bench import servers
from tests.e2e import holding
from tests.e2e.hires import Clients
from tests.e2e.nursery import Nursery
from tests.e2e.pairs import Member, Pairs
from tests.parts import databases, keeper
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres
from tests.shared.feed.topics import Topic
from tests.shared.ops.commanding import PROGRAM, ROOT, environment

SECRET = "a secret of the soak, long enough"
VOICES, PARTITIONS = 4, 6
SPARED: tuple[Member, ...] = (("api", 1), ("relay", 1), ("worker", 1))  # whose memory is looked at
LEVEL = 1.15  # what they may have grown by, from the middle third of the time to the last
LONG_OUTAGE = 1 / 30  # of the time, at its beginning: buffers that follow the load are full before memory is compared
FEW_MINUTES = 10  # in less than that a cache is still being filled


@dataclass
class Soak:
    """`seen` counts what happened; `memory` has each survivor's megabytes, over time."""

    dsn: str
    postgres: Postgres
    kafka: Kafka
    topics: str
    pairs: Pairs
    clients: Clients
    minutes: float
    chance: random.Random = field(default_factory=lambda: random.Random(2027))
    seen: Counter[str] = field(default_factory=Counter)
    memory: dict[str, list[float]] = field(default_factory=dict)

    async def go(self) -> None:
        """The troubles at once, each in its own rhythm, until the time is over."""
        until = monotonic() + self.minutes * 60
        troubles = [
            self._again(until, (1, 4), self._kill),
            self._trouble_kafka(until),
            self._again(until, (25, 60), self._restart_postgres),
            self._again(until, (1, 5), self._rebuild),
            self._again(until, (5, 5), self._weigh),
            self._again(until, (30, 30), self._tell),
        ]
        await self.clients.play_all(VOICES, until=asyncio.create_task(_all(troubles)))

    async def _again(self, until: float, pause: tuple[float, float], trouble: Callable[[], Any]) -> None:
        while (left := until - monotonic()) > 0:
            await asyncio.sleep(min(self.chance.uniform(*pause), left))
            await trouble()

    async def _kill(self) -> None:
        self.pairs.kill(self.chance.choice([member for member in self.pairs.ports if member not in SPARED]))
        self.seen["kills"] += 1

    async def _trouble_kafka(self, until: float) -> None:
        await asyncio.to_thread(self.kafka.stop)
        await asyncio.sleep(self.minutes * 60 * LONG_OUTAGE)
        await asyncio.to_thread(self.kafka.start)
        await self._again(until, (25, 60), self._restart_kafka)

    async def _restart_kafka(self) -> None:
        await asyncio.to_thread(self.kafka.kill if self.chance.random() < 0.5 else self.kafka.stop)
        await asyncio.to_thread(self.kafka.start)
        self.seen["brokers"] += 1

    async def _restart_postgres(self) -> None:
        await asyncio.to_thread(self.postgres.kill if self.chance.random() < 0.5 else self.postgres.stop)
        await asyncio.to_thread(self.postgres.start)
        self.seen["databases"] += 1

    async def _rebuild(self) -> None:
        """One that an outage ended is taken up again by the next that is asked."""
        read_model = self.chance.choice(service.read_models).name
        words = ["rebuild", "--service", service.name, read_model, "--json"]
        settings = {"dsn": self.dsn, "kafka": self.kafka.bootstrap, "topic_prefix": self.topics}
        process = await asyncio.create_subprocess_exec(
            PROGRAM, *words, env=environment(**settings), cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
        )
        self.seen["rebuilds" if await process.wait() == 0 else "rebuilds cut short"] += 1

    async def _weigh(self) -> None:
        for member in SPARED:
            weight = self.pairs.process(member).memory_info().rss / 2**20
            self.memory.setdefault(member[0], []).append(weight)

    async def _tell(self) -> None:
        weights = {role: round(found[-1]) for role, found in self.memory.items()}
        answered = len(self.clients.answered.facts)
        print(f"{answered} commands answered; {dict(self.seen)}; MiB {weights}", file=sys.stderr)

    def level(self) -> dict[str, float]:
        """Each survivor's memory in the last third of the time, against the third before."""
        thirds = {role: len(weights) // 3 for role, weights in self.memory.items()}
        return {
            role: statistics.median(weights[-third:]) / statistics.median(weights[-2 * third : -third])
            for role, weights in self.memory.items()
            if (third := thirds[role])
        }


async def _all(troubles: list[Coroutine[Any, Any, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for trouble in troubles:
            group.create_task(trouble)


async def soak(postgres: Postgres, kafka: Kafka, dsn: str, room: Path, minutes: float) -> dict[str, Any]:
    """What was seen. Raises AssertionError where something does not hold."""
    topics = f"soak{uuid4().hex[:8]}."
    for source in service.sources:
        Topic(kafka.bootstrap, f"{topics}{source}.events").create(PARTITIONS)
    await migrate(make_url(dsn).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False))
    settings = {"dsn": dsn, "kafka": kafka.bootstrap, "topic_prefix": topics, "token_secret": SECRET, "pool": "4"}
    nursery, database = Nursery(service.name), Database(dsn)
    try:
        pairs = Pairs(nursery, environment(log_format="json", **settings), room)
        survivors = {member: pairs.process(member) for member in SPARED}
        clients = Clients(pairs.apis, Tokens(secret=SECRET).issue("hanna", "org", ["H"]))
        run = Soak(dsn, postgres, kafka, topics, pairs, clients, minutes)
        with pairs.telling():
            await run.go()
            async with asyncio.timeout(120):
                await holding.settled(service.name, database)
        held = await holding.everything(
            service, database, kafka.bootstrap, f"{topics}{service.name}.events", clients.answered.facts
        )
        assert all(process.is_running() for process in survivors.values()), "a process did not outlive the outages"
        grown = {role: round(ratio, 3) for role, ratio in run.level().items()}
        assert minutes < FEW_MINUTES or max(grown.values()) < LEVEL, f"memory grew: {grown}"
    finally:
        nursery.close()
        await database.close()
    answered = clients.answered
    told = {"facts": len(held.facts), "commands": len(answered.facts), "asked_again": answered.again}
    return {**told, "sent_again": held.repeats, **run.seen, "grown": grown, "lag": 0}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=30)
    minutes = asked.parse_args().minutes
    with servers.room() as room:
        postgres = cast(Postgres, keeper.borrow("own-postgres", room))
        kafka = cast(Kafka, keeper.borrow("own-kafka", room))
        with databases.fresh(postgres.dsn, "template0") as dsn:
            print(asyncio.run(soak(postgres, kafka, dsn, room, minutes)))


if __name__ == "__main__":
    main()
