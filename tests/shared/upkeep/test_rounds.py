"""Comparing for as long as the process runs."""

from prometheus_client import REGISTRY

from shared.store.database import Database
from shared.store.store import EventStore
from shared.upkeep.rounds import Rounds
from tests.parts.waiting import becomes, running
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import Relaying, relayed
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic
from tests.shared.upkeep.conftest import connected


def measured(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"luotsi_reconcile_{name}", {"service": "shop", **labels}) or 0.0


async def test_new_facts_are_compared_as_they_come_and_old_ones_again_and_again(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(2)
    await append.facts(100)
    async with connected(topic) as broker:
        rounds = Rounds(db, store, broker, topic.name, 0, pause=0.05, step=30)
        async with running(rounds.run()):
            await becomes(lambda: rounds.trouble and "nothing has been relayed" in rounds.trouble)
            async with relaying():
                await relayed(db, store)
                await becomes(lambda: measured("position") == 100)
                await append.facts(50)
                await relayed(db, store)
                await becomes(lambda: measured("position") == 150)
            assert rounds.trouble is None
            assert measured("differing_facts", kind="altered") == 0
            place, record = (await written(store, 2))[40]
            await topic.write([(place, record._replace(value=b"{}")), (place, {"key": b"k", "value": b"x"})])
            await becomes(lambda: measured("differing_facts", kind="doubled") == 1)
            await becomes(lambda: measured("differing_facts", kind="foreign") == 1)
            rounds.stop()
