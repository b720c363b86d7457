"""What others tell, from real topics: also from one whose number of partitions was changed since it was heard."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from uuid import UUID

import pytest

from shared.core.readmodel import ReadModel
from shared.feed.broker import make_broker
from shared.listen.builds import Build, Builds
from shared.listen.decode import Decoder
from shared.listen.listener import BuildListener
from shared.replay.bringing import bring
from shared.replay.history import Histories
from shared.replay.topic import TopicHistory
from shared.replay.verifying import Verifying
from shared.store.database import Database
from shared.store.store import EventStore
from tests.parts import databases
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic
from tests.shared.listen.bank import LetterSent, accounts, letters
from tests.shared.listen.facts import Log
from tests.shared.replay.history import BANK, PLAN, folded, histories, history, keep, live, rebuilt, rows

BOTH = ReadModel("both", 1, [*accounts.rows, *letters.rows])


@pytest.fixture
def post_dsn(postgres: Postgres, template: str) -> Iterator[str]:
    with databases.fresh(postgres.dsn, template) as dsn:
        yield dsn


@pytest.fixture
async def post(post_dsn: str) -> AsyncIterator[EventStore]:
    db = Database(post_dsn)
    yield EventStore(db, "post")
    await db.close()


def letters_sent(log: Log, count: int) -> Log:
    for n in range(count):
        account = UUID(int=n * 7 % 40 + 1)
        log.add(LetterSent(account_id=account, stamp=f"s{n % 9}"), tenant="org" if n % 3 else "other")
    return log


async def test_a_repartitioned_topic_is_folded_once_each(
    db: Database, post: EventStore, kafka: Kafka, topics: str
) -> None:
    own, sent, topic = history(300), letters_sent(Log("post"), 700), Topic(kafka.bootstrap, f"{topics}post.events")
    await keep(db, own.facts)
    await keep(post._database, sent.facts)
    await topic.create(6).write(await written(post, 6))
    connect = partial(make_broker, kafka.bootstrap, "replay", consumer_only=True)

    def all_() -> Histories:
        decoder = Decoder("bank", BANK.known)
        return {**histories(db), "post": TopicHistory("post", topic.name, connect, decoder)}

    live_build = await Builds(db).ensure(BOTH)
    listener, heard = BuildListener("bank", db, live_build), all_()
    await bring(db, [listener], heard)
    assert await bring(db, [listener], heard) == 0
    facts = [*own.facts, *sent.facts]
    assert await rows(db, live_build.number, BOTH) == folded(facts, BOTH)

    topic.delete()
    more = letters_sent(sent, 200).facts[700:]
    await keep(post._database, more)
    await topic.create(4).write(await written(post, 4))
    outcome = await rebuilt(db, PLAN, BOTH, histories=all_())
    assert (outcome.before, await live(db, BOTH)) == (live_build.number, outcome.rebuild.build)
    right = folded([*facts, *more], BOTH)
    assert await rows(db, outcome.rebuild.build, BOTH) == right
    await bring(db, [listener], all_())
    assert await rows(db, live_build.number, BOTH) == right
    for number in (live_build.number, outcome.rebuild.build):
        found = await Verifying(db, Build(BOTH, number), all_(), BOTH).run()
        assert (found.differing, found.rows) == (0, sum(map(len, right.values())))
