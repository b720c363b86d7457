"""The append function itself: positions, versions, receipts, and what may never happen to a stored fact."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.core.decider import Asked
from shared.core.ids import new_id
from shared.store.appender import Append, Appender, NewFact, Outcome
from shared.store.database import Database
from shared.store.held import HeldConnection
from shared.store.store import EventStore
from tests.shared.store.conftest import NOON


@pytest.fixture
async def appender(db: Database) -> AsyncIterator[Appender]:
    opened = Appender(HeldConnection(db), "shop")
    yield opened
    await opened.close()


def wish(stream: str, expected: int = 0, facts: int = 1, data: str = "{}", command_id: UUID | None = None) -> Append:
    new = [NewFact("shop.money-taken", new_id(), data) for _ in range(facts)]
    asked = Asked(NOON, "ada")
    return Append("org", stream, expected, command_id or new_id(), b"h", asked, new_id(), None, None, "TakeMoney", new)


async def all_at_once(appender: Appender, wishes: Sequence[Append]) -> Sequence[Outcome | Exception]:
    return await appender._append(wishes)


async def test_positions_are_gapless_in_the_order_of_the_group(appender: Appender, store: EventStore) -> None:
    outcomes = await all_at_once(appender, [wish("a", facts=2), wish("b", expected=3), wish("c", facts=3)])
    assert [o.outcome for o in outcomes if isinstance(o, Outcome)] == ["appended", "moved", "appended"]
    facts = await store.read(0)
    assert [(f.position, f.stream, f.version) for f in facts] == [
        (1, "a", 1), (2, "a", 2), (3, "c", 1), (4, "c", 2), (5, "c", 3),
    ]  # fmt: skip


async def test_one_command_that_the_database_refuses_fails_alone(appender: Appender, store: EventStore) -> None:
    outcomes = await all_at_once(appender, [wish("a"), wish("b", data="{not json"), wish("c")])
    assert [type(outcome) for outcome in outcomes] == [Outcome, asyncpg.InvalidTextRepresentationError, Outcome]
    assert [fact.stream for fact in await store.read(0)] == ["a", "c"]


async def test_two_of_one_stream_or_one_id_never_share_a_group(appender: Appender, store: EventStore) -> None:
    once = uuid4()
    wishes = [wish("a"), wish("a", expected=1), wish("b", command_id=once), wish("b", command_id=once)]
    outcomes = await asyncio.gather(*(appender.append(each) for each in wishes))
    assert [outcome.outcome for outcome in outcomes] == ["appended", "appended", "appended", "repeated"]


async def test_recorded_at_never_runs_against_the_positions(
    db: Database, appender: Appender, store: EventStore
) -> None:
    """The clock of the server was ahead once, and was set back."""
    ahead = datetime.now(UTC) + timedelta(days=400)
    async with db.driver() as driver:
        await driver.execute(
            "insert into facts select 1, 'org', 'a', 1, 'n', gen_random_uuid(), $1, 0, $1, 'ada', gen_random_uuid(),"
            " gen_random_uuid(), null, null, '{}'",
            ahead,
        )
    await appender.append(wish("b"))
    first, second = await store.read(0)
    assert first.recorded_at == second.recorded_at == ahead


@pytest.mark.parametrize("change", ["update facts set actor = 'x'", "delete from facts", "truncate facts, receipts"])
async def test_facts_are_never_changed_not_even_by_their_owner(db: Database, appender: Appender, change: str) -> None:
    await appender.append(wish("a"))
    async with db.driver() as driver:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="never changed"):
            await driver.execute(change)


@pytest.mark.parametrize("statement", ["delete from facts", "update receipts set version = 1", "drop table facts"])
async def test_the_role_of_a_service_may_only_add(db: Database, statement: str) -> None:
    async with db.driver() as driver, driver.transaction():
        await driver.execute("set local role luotsi_service")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute(statement)


async def test_another_isolation_level_is_refused(db: Database) -> None:
    async with db.driver() as driver:
        transaction = driver.transaction(isolation="repeatable_read")
        await transaction.start()
        with pytest.raises(asyncpg.RaiseError, match="read committed"):
            await driver.execute(f"select * from append({', '.join(['null'] * 19)})")
        await transaction.rollback()


async def test_reading_by_filter(appender: Appender, store: EventStore) -> None:
    await all_at_once(appender, [wish("shop.till-1", facts=3), wish("shop.safe-1", facts=2)])
    assert [fact.position for fact in await store.read(1, limit=2)] == [2, 3]
    assert [fact.position for fact in await store.read(0, stream_prefix="shop.safe-")] == [4, 5]
    assert [fact.position for fact in await store.read(0, names=["shop.nothing"])] == []
    assert [fact.position for fact in await store.read(0, tenant="other")] == []
    assert [fact.position for fact in await store.read(2, upto=4)] == [3, 4]
    assert await store.read(0, since=NOON + timedelta(seconds=1)) == []
    assert len(await store.read(0, until=NOON + timedelta(seconds=1))) == 5
