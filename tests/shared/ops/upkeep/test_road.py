"""The verbs between a store and its topic, as an operator says them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shared.feed.broker import make_broker
from shared.feed.relay import Relay
from shared.store.database import Database
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.parts.waiting import becomes
from tests.shared.feed.appending import Appending
from tests.shared.feed.conftest import relayed
from tests.shared.feed.hearing import written
from tests.shared.feed.sent import execute
from tests.shared.feed.topics import Topic
from tests.shared.ops.commanding import PROGRAM, Ran, luotsi
from tests.shared.ops.processes import running
from tests.shared.upkeep.test_rejoining import older

N = 3
Say = Callable[..., Any]


@pytest.fixture
def say(settings: dict[str, str]) -> Say:
    async def said(*words: str, **more: str) -> Ran:
        return await asyncio.to_thread(luotsi, *words, **settings, **more)

    return said


def last(ran: Ran) -> Any:
    """The last of the JSON lines."""
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.fixture
async def relay(db: Database, store: EventStore, topic: Topic) -> AsyncIterator[Relay]:
    """Leads for as long as the test does not stop it."""
    found = Relay(
        db, store, Wakeup(db), partial(make_broker, topic.bootstrap, "relay"), topic=topic.name, look_again=0.2
    )
    work = asyncio.create_task(found.run())
    yield found
    found.stop()
    await work


async def test_reconcile_tells_what_differs_and_exits_with_1(
    relay: Relay, store: EventStore, db: Database, append: Appending, topic: Topic, say: Say
) -> None:
    assert "nothing has been relayed yet" in (await say("reconcile", "--service", "onboarding")).stderr
    topic.create(N)
    await append.facts(100)
    await relayed(db, store)
    fine = await say("reconcile", "--service", "onboarding", "--json")
    assert (fine.returncode, last(fine)["facts"], last(fine)["counts"]) == (0, 100, {})
    place, record = (await written(store, N))[40]
    await topic.write([(place, record._replace(value=b"{}"))])
    ran = await say("reconcile", "--service", "onboarding")
    assert ran.returncode == 1
    assert "is not as the store says: 1 doubled" in ran.stderr
    assert re.search(r"doubled\s+\d\s+41\s+41\s+\d+\s+the value\s+1", ran.stdout)
    alone = {
        number: await say("reconcile", "--service", "onboarding", "--partition", str(number)) for number in range(N)
    }
    assert [number for number, ran in alone.items() if ran.returncode] == [place]
    beyond = await say("reconcile", "--service", "onboarding", "--partition", str(N))
    assert (beyond.returncode, f"has partitions 0 to {N - 1}" in beyond.stderr) == (2, True)
    assert (await say("reconcile", "--service", "onboarding", "--from-position", "42")).returncode == 0


async def test_reconcile_goes_on_and_serves_metrics(
    relay: Relay, store: EventStore, db: Database, append: Appending, topic: Topic, settings: Any, tmp_path: Path
) -> None:
    topic.create(N)
    await append.facts(100)
    await relayed(db, store)
    program = [PROGRAM, "reconcile", "--service", "onboarding", "--continuous", "0.1"]
    with running(program, tmp_path / "log", **settings) as process:

        def measured() -> str:
            return answer.text if (answer := process.get("/metrics")) else ""

        await becomes(lambda: 'luotsi_reconcile_position{service="onboarding"} 100.0' in measured())
        assert process.is_ready()
        await append.facts(10)
        await becomes(lambda: 'luotsi_reconcile_position{service="onboarding"} 110.0' in measured())
        assert 'luotsi_reconcile_differing_facts{kind="lost",service="onboarding"} 0.0' in measured()
        assert process.terminate() == 0


async def test_republish_refuses_while_a_relay_leads_and_then_does_it(
    relay: Relay, store: EventStore, db: Database, append: Appending, topic: Topic, say: Say
) -> None:
    topic.create(N)
    await append.facts(100)
    await relayed(db, store)
    ran = await say("relay", "republish", "--service", "onboarding", "--partitions", "5")
    assert ran.returncode == 1
    assert re.search(r"the relay is led by luotsi lead, process \d+ on .+, there since", ran.stderr)
    relay.stop()
    await becomes(lambda: not relay.leads)
    assert "is not empty: 100 records" in (await say("relay", "republish", "--service", "onboarding")).stderr
    topic.delete()
    topic.create(5)
    done = last(await say("relay", "republish", "--service", "onboarding", "--partitions", "5", "--json"))
    assert done == {"done": True, "topic": topic.name, "partitions": 5, "from": 0, "to": 100}
    assert last(await say("reconcile", "--service", "onboarding", "--json"))["facts"] == 100


async def test_rewind_shows_first_and_sends_then(
    relay: Relay, store: EventStore, db: Database, append: Appending, topic: Topic, say: Say
) -> None:
    topic.create(N)
    await append.facts(100)
    await relayed(db, store)
    relay.stop()
    await becomes(lambda: not relay.leads)
    topic.delete()
    topic.create(N)
    assert "nothing was changed" in (await say("relay", "rewind", "--service", "onboarding", "--dry-run")).stdout
    assert "all facts after 0 up to 100 were sent" in (await say("relay", "rewind", "--service", "onboarding")).stdout
    assert "has all that was relayed" in (await say("relay", "rewind", "--service", "onboarding")).stderr


async def test_status_tells_of_a_stopped_relay_and_rejoin_gets_it_going(
    relay: Relay, store: EventStore, db: Database, append: Appending, topic: Topic, say: Say
) -> None:
    topic.create(N)
    await append.facts(100)
    await relayed(db, store)
    relay.stop()
    await becomes(lambda: not relay.leads)
    await older(db, store, 60)
    again = Relay(db, store, Wakeup(db), partial(make_broker, topic.bootstrap, "relay"), topic=topic.name)
    work = asyncio.create_task(again.run())
    await becomes(lambda: again.trouble and "has stopped" in again.trouble)
    again.stop()
    await work
    status = await say("status", "--service", "onboarding", "--strict")
    assert status.returncode == 1
    assert "relay: has stopped" in status.stdout
    assert "`luotsi store rejoin`" in status.stdout
    ran = await say("store", "rejoin", "--service", "onboarding")
    assert ran.stdout == "put back: 40 facts, 0 receipts; the store ends at 100 now\n"
    await execute(db, "alter table facts disable trigger all")
    await execute(db, "update facts set data = '{}' where position = 33")
    ran = await say("store", "rejoin", "--service", "onboarding")
    assert ran.returncode == 1
    assert "differ at position 33 already" in ran.stderr


async def test_replay_never_goes_to_a_live_topic_by_mistake(
    relay: Relay, store: EventStore, db: Database, append: Appending, topic: Topic, say: Say
) -> None:
    topic.create(N)
    await append.facts(100)
    await relayed(db, store)
    elsewhere = f"{topic.name}.again"
    assert (await say("replay", "--service", "onboarding")).returncode == 2
    assert "is a live topic" in (await say("replay", "--service", "onboarding", "--to", topic.name)).stderr
    assert "--yes-to-live" in (await say("replay", "--service", "onboarding", "--to-live-topic")).stderr
    assert "--create makes it" in (await say("replay", "--service", "onboarding", "--to", elsewhere)).stderr
    words = "replay", "--service", "onboarding", "--to", elsewhere, "--create", "--from-position", "11", "--json"
    assert last(await say(*words)) == {"done": True, "topic": elsewhere, "facts": 90, "upto": 100}
    assert sum(map(len, (await Topic(topic.bootstrap, elsewhere).records()).values())) == 90
    far: Any = {"time_zone": "Pacific/Kiritimati"}  # the facts happened there half an hour past midnight
    for when, sent in (
        ("--since 2027-03-02T00:30", 90),
        ("--since 2027-03-02T00:31", 0),
        ("--until 2027-03-01", 0),
        ("--until 2027-03-02", 90),
    ):
        assert last(await say(*words, *when.split(), **far))["facts"] == sent, when
    few = Topic(topic.bootstrap, f"{topic.name}.few").create(1)
    assert (
        "has 1 partitions, and facts lie on 3"
        in (await say("replay", "--service", "onboarding", "--to", few.name)).stderr
    )
    await say("replay", "--service", "onboarding", "--to-live-topic", "--yes-to-live", "--to-position", "30")
    report = last(await say("reconcile", "--service", "onboarding", "--json"))
    assert (report["repeats"], report["counts"]) == (30, {})
