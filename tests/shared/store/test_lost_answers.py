"""The connection is cut between the question and the answer: asked again, there is one effect."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from shared.store.answers import OutcomeUnknown
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from tests.shared.store.conftest import request
from tests.shared.store.till import OpenTill, TakeMoney, stream_of

_KILL = """select count(pg_terminate_backend(pid)) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and query like '%append(%'"""


async def kill_whenever_facts_came(stop: asyncio.Event, db: Database, store: EventStore) -> int:
    """Each round of kills lets at least four facts through first: a slow machine gets on as well, only later."""
    killed, next_kill = 0, 0
    async with db.driver() as driver:
        while not stop.is_set():
            if (head := await store.head()) >= next_kill:
                killed += await driver.fetchval(_KILL)
                next_kill = head + 4
    return killed


async def test_killed_backends_lose_nothing_and_double_nothing(
    make_desk: Callable[[], Desk], db: Database, store: EventStore
) -> None:
    tills, stop = [UUID(int=n) for n in range(1, 13)], asyncio.Event()
    desks = [make_desk() for _ in range(3)]
    for number, till_id in enumerate(tills):
        await desks[number % 3].ask(OpenTill(till_id=till_id), request())
    killer = asyncio.create_task(kill_whenever_facts_came(stop, db, store))

    async def take(desk: Desk, till_id: UUID) -> None:
        for _ in range(40):
            await desk.ask(TakeMoney(till_id=till_id, cents=1), request(command_id=uuid4()))

    await asyncio.gather(*(take(desks[n % 3], till_id) for n, till_id in enumerate(tills)))
    stop.set()
    assert await killer >= 10
    assert [len(await store.stream("org", stream_of(till_id))) for till_id in tills] == [41] * 12
    facts = await store.read(0, limit=1000)
    assert [fact.position for fact in facts] == list(range(1, 12 * 41 + 1))


async def test_an_effect_whose_answer_was_lost_is_told_to_who_asks_again(
    make_desk: Callable[[], Desk], store: EventStore
) -> None:
    till_id, once = UUID(int=1), uuid4()
    lost, again = make_desk(), make_desk()
    asking = asyncio.create_task(lost.ask(OpenTill(till_id=till_id), request(command_id=once)))
    while not await store.stream("org", stream_of(till_id)):  # the statement has committed, whoever still waits
        pass
    asking.cancel()
    receipt = await again.ask(OpenTill(till_id=till_id), request(command_id=once))
    assert (receipt.version, receipt.facts) == (1, ("shop.till-opened",))


async def test_no_certainty_in_time_is_said_as_such_and_the_id_tells_later(
    desk: Desk, make_desk: Callable[[], Desk], db: Database
) -> None:
    till_id, once = UUID(int=1), uuid4()
    desk._appender._held._limit = 0.3
    async with db.driver() as driver, driver.transaction():
        await driver.execute("select pg_advisory_xact_lock(76117072)")
        with pytest.raises(OutcomeUnknown):
            await desk.ask(OpenTill(till_id=till_id), request(command_id=once))
    receipt = await make_desk().ask(OpenTill(till_id=till_id), request(command_id=once))
    assert receipt.version == 1


async def test_a_caller_who_goes_away_fails_nobody(desk: Desk, store: EventStore) -> None:
    tills = [UUID(int=n) for n in range(1, 21)]
    asked = [asyncio.create_task(desk.ask(OpenTill(till_id=till_id), request())) for till_id in tills]
    await asyncio.sleep(0)
    for gone in asked[::2]:
        gone.cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(not isinstance(answer, Exception) for answer in answers[1::2])
    assert [fact.position for fact in await store.read(0)] == list(range(1, await store.head() + 1))
