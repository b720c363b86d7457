"""One command, one effect: races, repeats, lost answers and refusals at the desk."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from shared.core.decider import Asked, Rejected
from shared.store.answers import Conflict, FactTooLarge, KeyReused, VersionMoved
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from tests.shared.store.conftest import NOON, request
from tests.shared.store.till import CloseTill, OpenTill, TakeMoney, stream_of

TILL = UUID(int=7)
BY_POLICY = Asked(NOON, "policy:tidy", by="policy")


async def sum_of(store: EventStore, till_id: UUID = TILL, tenant: str = "org") -> list[str]:
    return [fact.name for fact in await store.stream(tenant, stream_of(till_id))]


async def test_a_receipt_says_where_the_stream_stands(desk: Desk) -> None:
    opened = await desk.ask(OpenTill(till_id=TILL), request())
    assert (opened.stream, opened.version, opened.position) == (stream_of(TILL), 1, 1)
    assert opened.facts == ("shop.till-opened",)
    nothing = await desk.ask(OpenTill(till_id=TILL), request())
    assert (nothing.version, nothing.position, nothing.facts) == (1, 1, ())


async def test_the_envelope_keeps_the_offset_of_the_day(desk: Desk, store: EventStore) -> None:
    late = datetime.fromisoformat("2027-03-28T23:30:00+03:00")
    correlation = uuid4()
    await desk.ask(OpenTill(till_id=TILL), request(asked=Asked(late, "ada"), correlation_id=correlation))
    (fact,) = await store.stream("org", stream_of(TILL))
    assert fact.at.isoformat() == "2027-03-28T23:30:00+03:00"
    assert (fact.actor, fact.correlation_id, fact.source) == ("ada", correlation, "shop")


async def test_the_same_id_gets_the_same_answer_and_has_one_effect(desk: Desk, store: EventStore) -> None:
    await desk.ask(OpenTill(till_id=TILL), request())
    take, once = TakeMoney(till_id=TILL, cents=5), uuid4()
    first = await desk.ask(take, request(command_id=once))
    await desk.ask(TakeMoney(till_id=TILL, cents=1), request())
    assert await desk.ask(take, request(command_id=once)) == first
    assert await desk.ask(take, request(command_id=once, expected=0)) == first
    assert len(await sum_of(store)) == 3


async def test_a_repeat_is_answered_before_any_refusal_of_today(desk: Desk) -> None:
    await desk.ask(OpenTill(till_id=TILL), request())
    take, once = TakeMoney(till_id=TILL, cents=5), uuid4()
    first = await desk.ask(take, request(command_id=once))
    await desk.ask(CloseTill(till_id=TILL), request())
    assert await desk.ask(take, request(command_id=once)) == first


async def test_nothing_is_a_receipt_too(desk: Desk) -> None:
    once = uuid4()
    await desk.ask(OpenTill(till_id=TILL), request())
    nothing = await desk.ask(OpenTill(till_id=TILL), request(command_id=once))
    await desk.ask(TakeMoney(till_id=TILL, cents=1), request())
    assert await desk.ask(OpenTill(till_id=TILL), request(command_id=once)) == nothing


async def test_an_id_used_for_something_else_is_refused(desk: Desk) -> None:
    once = uuid4()
    await desk.ask(OpenTill(till_id=TILL), request(command_id=once))
    for command, asked in (
        (TakeMoney(till_id=TILL, cents=1), Asked(NOON, "ada")),
        (OpenTill(till_id=TILL), Asked(NOON, "grace")),
        (OpenTill(till_id=UUID(int=8)), Asked(NOON, "ada")),
    ):
        with pytest.raises(KeyReused):
            await desk.ask(command, request(command_id=once, asked=asked))
    other = await desk.ask(OpenTill(till_id=TILL), request("other", command_id=once))
    assert other.facts == ("shop.till-opened",)


async def test_a_refusal_is_no_effect_and_is_decided_again(desk: Desk) -> None:
    once = uuid4()
    with pytest.raises(Rejected, match="unknown-till"):
        await desk.ask(TakeMoney(till_id=TILL, cents=1), request(command_id=once))
    await desk.ask(OpenTill(till_id=TILL), request())
    taken = await desk.ask(TakeMoney(till_id=TILL, cents=1), request(command_id=once))
    assert taken.facts == ("shop.money-taken",)


async def test_if_match_is_a_promise_about_the_version(desk: Desk) -> None:
    await desk.ask(OpenTill(till_id=TILL), request())
    with pytest.raises(VersionMoved) as moved:
        await desk.ask(TakeMoney(till_id=TILL, cents=1), request(expected=4))
    assert moved.value.version == 1
    taken = await desk.ask(TakeMoney(till_id=TILL, cents=1), request(expected=1))
    assert taken.version == 2


async def test_a_stale_state_is_never_what_a_refusal_rests_on(make_desk: Callable[[], Desk]) -> None:
    """Two processes: one has the till in its cache, the other moves it on."""
    here, there = make_desk(), make_desk()
    await here.ask(OpenTill(till_id=TILL), request())
    await there.ask(TakeMoney(till_id=TILL, cents=100), request())
    spent = await here.ask(TakeMoney(till_id=TILL, cents=-100), request())
    assert spent.version == 3
    await there.ask(TakeMoney(till_id=TILL, cents=1), request(expected=3))
    with pytest.raises(VersionMoved):
        await here.ask(TakeMoney(till_id=TILL, cents=1), request(expected=3))


async def test_nothing_from_a_stale_state_is_decided_again(make_desk: Callable[[], Desk]) -> None:
    here, there = make_desk(), make_desk()
    await here.ask(OpenTill(till_id=TILL), request())
    await there.ask(TakeMoney(till_id=TILL, cents=3), request())
    assert (await here.ask(OpenTill(till_id=TILL), request())).version == 2


async def test_look_ups_see_what_was_there_when_it_was_asked(make_desk: Callable[[], Desk]) -> None:
    here, there, beside = make_desk(), make_desk(), UUID(int=9)
    await here.ask(OpenTill(till_id=TILL), request())
    command = TakeMoney(till_id=TILL, cents=1, beside=beside)
    with pytest.raises(Rejected, match="neighbour-missing"):
        await here.ask(command, request())
    await there.ask(OpenTill(till_id=beside), request())
    assert (await here.ask(command, request())).version == 2


async def test_racing_desks_lose_nothing(make_desk: Callable[[], Desk], store: EventStore) -> None:
    desks = [make_desk() for _ in range(4)]
    await desks[0].ask(OpenTill(till_id=TILL), request())
    asked = [desk.ask(TakeMoney(till_id=TILL, cents=1), request()) for desk in desks for _ in range(25)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    taken = [answer for answer in answers if not isinstance(answer, Conflict)]
    assert not [answer for answer in taken if isinstance(answer, BaseException)]
    facts = await store.stream("org", stream_of(TILL))
    assert [fact.version for fact in facts] == list(range(1, len(taken) + 2))
    assert len(taken) >= 25


async def test_a_policy_is_refused_in_a_receipt_and_unknown_is_nothing(desk: Desk, db: Database) -> None:
    take, once = TakeMoney(till_id=TILL, cents=-1), uuid4()
    nothing = await desk.ask(take, request(asked=BY_POLICY))
    assert (nothing.facts, nothing.refused) == ((), None)
    await desk.ask(OpenTill(till_id=TILL), request())
    refused = await desk.ask(take, request(asked=BY_POLICY, command_id=once))
    assert refused.refused == "till-too-empty"
    await desk.ask(TakeMoney(till_id=TILL, cents=9), request())
    assert await desk.ask(take, request(asked=BY_POLICY, command_id=once)) == refused
    async with db.driver() as driver:
        row = await driver.fetchrow("select asked_by, command, reason from receipts where refused is not null")
    assert tuple(row) == ("policy:tidy", "TakeMoney", "there are 0 cents in it")


async def test_of_a_policy_the_id_alone_counts(desk: Desk) -> None:
    once = uuid4()
    first = await desk.ask(OpenTill(till_id=TILL), request(asked=BY_POLICY, command_id=once))
    other = await desk.ask(CloseTill(till_id=TILL), request(asked=BY_POLICY, command_id=once))
    assert other == first


async def test_an_unsigned_command_leaves_no_trace_of_who(desk: Desk, store: EventStore, db: Database) -> None:
    once, correlation = uuid4(), uuid4()
    asked = request(command_id=once, unsigned=True, correlation_id=correlation, traceparent="00-1-2-01")
    receipt = await desk.ask(OpenTill(till_id=TILL), asked)
    (fact,) = await store.stream("org", stream_of(TILL))
    assert (fact.actor, fact.traceparent) == ("unsigned", None)
    assert fact.correlation_id != correlation
    again = request(command_id=once, unsigned=True, asked=Asked(NOON, "grace"))
    assert await desk.ask(OpenTill(till_id=TILL), again) == receipt
    async with db.driver() as driver:
        assert "ada" not in str(await driver.fetch("select * from receipts")) + str(await driver.fetch("table facts"))


async def test_a_fact_too_large_to_publish_is_not_stored(desk: Desk, store: EventStore) -> None:
    await desk.ask(OpenTill(till_id=TILL), request())
    with pytest.raises(FactTooLarge):
        await desk.ask(TakeMoney(till_id=TILL, cents=1, note="å" * 600_000), request())
    assert await store.head() == 1


async def test_tenants_have_streams_of_their_own(desk: Desk, store: EventStore) -> None:
    await desk.ask(OpenTill(till_id=TILL), request("a"))
    with pytest.raises(Rejected, match="unknown-till"):
        await desk.ask(TakeMoney(till_id=TILL, cents=1), request("b"))
    assert await sum_of(store, tenant="b") == []
