"""A store that was put back from an older copy, and the topic that is ahead of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.core.decider import Asked
from shared.core.event import Recorded
from shared.core.ids import derive
from shared.store.appender import Append, Appender, NewFact
from shared.store.database import Database
from shared.store.held import HeldConnection
from shared.store.store import EventStore
from shared.upkeep.expected import lasts_at
from shared.upkeep.rejoining import HistoriesDiffer, Rejoined, rejoin
from tests.parts.databases import at_once
from tests.parts.waiting import becomes
from tests.shared.feed.appending import NOON, Appending
from tests.shared.feed.conftest import Relaying, relayed
from tests.shared.feed.hearing import written
from tests.shared.feed.sent import execute, whole
from tests.shared.feed.topics import Topic
from tests.shared.upkeep.conftest import connected, reconciled

N = 3


async def older(db: Database, store: EventStore, to: int) -> None:
    """The store as a copy from the time of that position has it."""
    await execute(db, "alter table facts disable trigger all; alter table receipts disable trigger all")
    await execute(db, f"delete from facts where position > {to}; delete from receipts where position > {to}")
    await execute(db, "alter table facts enable trigger all; alter table receipts enable trigger all")
    lasts = await lasts_at(store, N, to)
    await execute(db, "update relay set (mark, lasts) = ($1, $2::bigint[]) returning 1", to, lasts)


async def put_back(db: Database, store: EventStore, topic: Topic, **how: Any) -> Rejoined:
    async with connected(topic) as broker:
        return await rejoin(db, store, broker, topic.name, **how)


async def all_of(store: EventStore) -> Sequence[Recorded]:
    return await store.read(0, limit=10_000)


@pytest.fixture
async def ahead(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> Sequence[Recorded]:
    """The history as it was; the store holds the first 150 of its 250 facts, the topic all of them."""
    topic.create(N)
    await append.facts(100)
    await append.facts(100, tenant="other")
    await append.facts(50)
    async with relaying():
        await relayed(db, store)
    history = await all_of(store)
    await older(db, store, 150)
    return history


async def test_the_relay_says_what_to_do_and_goes_on_when_the_facts_are_back(
    ahead: Sequence[Recorded], db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    async with relaying() as relay:
        assert "`luotsi store rejoin`" in await becomes(lambda: relay.trouble)
        assert await execute(db, "select trouble like $1 from relay", "%is ahead%")
        assert await put_back(db, store, topic) == (150, 250, 100, 0, ())
        assert await all_of(store) == ahead
        await becomes(lambda: relay.leads)
        await append.facts(70)
        await relayed(db, store)
    assert await whole(topic, store) == 0
    assert (await reconciled(store, topic, partitions=N)).differing == 0


async def test_twice_there_is_nothing_to_do(
    ahead: Sequence[Recorded], db: Database, store: EventStore, topic: Topic
) -> None:
    await put_back(db, store, topic)
    assert await put_back(db, store, topic) == (250, 250, 0, 0, ())
    assert await all_of(store) == ahead


async def test_histories_that_part_before_the_end_are_refused_with_the_first_position(
    ahead: Sequence[Recorded], db: Database, store: EventStore, append: Appending, topic: Topic
) -> None:
    await append.facts(5, tenant="new")
    with pytest.raises(HistoriesDiffer, match="differ at position 151 already"):
        await put_back(db, store, topic)
    assert await store.head() == 155


async def test_facts_appended_meanwhile_are_noticed(
    ahead: Sequence[Recorded], db: Database, store: EventStore, topic: Topic
) -> None:
    async def somebody_appends() -> None:
        other = Database(db.dsn)
        await Appending(other).facts(1, tenant="new")
        await other.close()

    with pytest.raises(HistoriesDiffer, match="were appended meanwhile, up to 151"):
        await put_back(db, store, topic, told=lambda step, position: at_once(somebody_appends()))
    assert await store.head() == 151


def _append(stream: str, actor: str, causation: UUID | None, command_id: UUID | None = None) -> Append:
    by = "person" if causation is None else "policy"
    asked = Asked(NOON, actor, by)  # type: ignore[arg-type]
    facts = [NewFact("shop.sold", uuid4(), '{"version": 1}'), NewFact("shop.sold", uuid4(), '{"version": 2}')]
    hash_ = b"h" if causation is None else None
    return Append("acme", stream, 0, command_id or uuid4(), hash_, asked, uuid4(), causation, None, "Sell", facts)


async def test_what_a_policy_had_asked_is_not_asked_twice(
    db: Database, store: EventStore, append: Appending, topic: Topic, relaying: Relaying
) -> None:
    topic.create(N)
    await append.facts(20)
    appender = Appender(HeldConnection(db), "shop")
    cause, key = uuid4(), uuid4()
    first, second = (derive("policy", "sell-more", cause, number) for number in (0, 1))
    timed = derive("deadline", "sell-late", "[1]", cause)
    await execute(
        db,
        """insert into deadlines (tenant, deadline, key, fact_id, earliest, command, body, correlation_id)
        values ('acme', 'sell-late', '[1]', $1, now(), 'Sell', '{}', $1) returning 1""",
        cause,
    )
    asked = [
        _append("shop.a", "policy:sell-more", cause, first),
        _append("shop.b", "policy:sell-more", cause, second),
        _append("shop.c", "deadline:sell-late", cause, timed),
        _append("shop.d", "ada", None, key),
    ]
    before = [(await appender.append(one))[1:8] for one in asked]
    async with relaying():
        await relayed(db, store)
    await older(db, store, 20)
    assert (await put_back(db, store, topic)).receipts == 3
    after = [(await appender.append(one))[1:8] for one in asked]
    assert [one[0] for one in before] == ["appended"] * 4
    assert after[:3] == [("repeated", *one[1:]) for one in before[:3]]
    assert after[3][0] == "moved", "a person's id is not on the topic: it is decided again"
    await appender.close()


async def test_a_hole_is_refused_unless_it_is_accepted(
    ahead: Sequence[Recorded], db: Database, store: EventStore, append: Appending, topic: Topic
) -> None:
    """As after a crash between two partitions' batches: one of them lacks its end."""
    await put_back(db, store, topic)
    records = await written(store, N)
    await older(db, store, 150)
    topic.delete()
    topic.create(N)
    kept = [(place, record) for nth, (place, record) in enumerate(records, 1) if place != 1 or nth <= 220]
    lost = {nth for nth, (place, _) in enumerate(records, 1) if place == 1 and nth > 220}
    await topic.write(kept)
    with pytest.raises(HistoriesDiffer, match=f"position {min(lost)} .*neither in the store nor on the topic"):
        await put_back(db, store, topic)
    assert await store.head() == 150
    done = await put_back(db, store, topic, accept_lost=True)
    have = {fact.position for fact in await all_of(store)}
    assert set(done.lost) == {position for position in lost if position < max(have)}
    assert have == set(range(1, done.head + 1)) - set(done.lost)
    assert (await reconciled(store, topic, partitions=N)).differing == 0


async def test_a_hole_inside_a_partition_is_never_accepted(
    ahead: Sequence[Recorded], db: Database, store: EventStore, topic: Topic
) -> None:
    await put_back(db, store, topic)
    records = await written(store, N)
    await older(db, store, 150)
    topic.delete()
    topic.create(N)
    inside = next(nth for nth in range(180, 250) if records[nth][0] == 1)
    assert any(place == 1 for place, _ in records[inside + 1 :])
    await topic.write([*records[:inside], *records[inside + 1 :]])
    with pytest.raises(HistoriesDiffer, match="lacks facts between"):
        await put_back(db, store, topic, accept_lost=True)
    assert await store.head() == 150


async def test_killed_in_the_middle_nothing_is_there_and_again_all_is(
    ahead: Sequence[Recorded], db: Database, store: EventStore, topic: Topic
) -> None:
    class Killed(Exception):
        pass

    def told(step: str, position: int) -> None:
        if step == "put back":
            raise Killed

    with pytest.raises(Killed):
        await put_back(db, store, topic, told=told)
    assert await store.head() == 150
    assert (await put_back(db, store, topic)).head == 250
    assert await all_of(store) == ahead
