"""Whatever is heard is asked once: in its stream's order, whoever hears it and however often."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from shared.core.decider import Command
from shared.core.policy import Policy
from shared.feed.batch import Batch, Gap
from shared.listen import blocked
from shared.listen.parking import StreamKey
from shared.listen.worker import Worker
from shared.store.answers import OutcomeUnknown, Receipt, Request
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from tests.shared.listen.bank import (
    DEPOSITS,
    LETTERS,
    Deposited,
    LetterSent,
    Looked,
    bank,
    letters,
    look_at_letter,
    look_stream,
)
from tests.shared.listen.facts import Log, ids

MakeWorker = Callable[..., Awaitable[Worker]]
ADA, BEN, EVE = ids(3)


async def looked(db: Database, account: UUID) -> list[str]:
    facts = await EventStore(db, "bank").stream("org", look_stream(account))
    return [Looked.model_validate_json(fact.data).why for fact in facts]


@dataclass
class Listened:
    """A desk that writes down what it is asked, and lets somebody in between."""

    desk: Desk
    asked: list[tuple[Command, Request]] = field(default_factory=list)
    before: Callable[[Command], Awaitable[None]] | None = None

    async def ask(self, command: Command, request: Request) -> Receipt:
        self.asked.append((command, request))
        if self.before is not None:
            await self.before(command)
        return await self.desk.ask(command, request)


async def test_commands_are_asked_in_order_with_everything_that_is_carried_on(
    make_worker: MakeWorker, db: Database, desk: Desk
) -> None:
    heard = Listened(desk)
    worker, log = await make_worker(bank(policies=[DEPOSITS]), desk=heard), Log()
    log.add(
        Deposited(account_id=ADA, cents=250), Deposited(account_id=ADA, cents=99), Deposited(account_id=ADA, cents=100)
    )
    traced = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
    log.facts = [fact._replace(traceparent=traced) for fact in log.facts]
    await worker.take([log.batch()])
    assert await looked(db, ADA) == ["deposit 250 at 1", "deposit 250 at 1, 1", "deposit 100 at 3"]
    fact = log.facts[0]
    _, request = heard.asked[1]
    assert request.asked.at == fact.at
    assert request.asked.at.utcoffset() == fact.at.utcoffset()
    assert (request.asked.actor, request.asked.by) == ("policy:look-at-deposit", "policy")
    assert request.command_id == DEPOSITS.command_id(fact.id, 1)
    assert (request.causation_id, request.correlation_id) == (fact.id, fact.correlation_id)
    assert request.traceparent == traced


async def test_the_same_facts_by_two_workers_and_again_ask_once(make_worker: MakeWorker, db: Database) -> None:
    service, log = bank(policies=[DEPOSITS]), Log()
    for n in range(60):
        log.add(Deposited(account_id=ids(6)[n % 6], cents=100 + n))
    one, other = await make_worker(service), await make_worker(service)
    await asyncio.gather(one.take([log.batch()]), other.take([log.batch()]))
    async with db.driver() as driver:
        await driver.execute("delete from marks")
    await one.take([log.batch()])
    for account in ids(6):
        mine = [fact for fact in log.facts if fact.stream.endswith(str(account))]
        assert await looked(db, account) == [
            f"deposit {Deposited.model_validate_json(fact.data).cents} at {fact.version}" for fact in mine
        ]


async def test_a_refusal_is_an_answer_and_what_is_unknown_is_nothing(make_worker: MakeWorker, db: Database) -> None:
    worker, log = await make_worker(bank(policies=[DEPOSITS])), Log()
    log.add(
        Deposited(account_id=ADA, cents=100, note="refused"),
        Deposited(account_id=ADA, cents=100, note="unknown"),
        Deposited(account_id=ADA, cents=100),
    )
    await worker.take([log.batch()])
    assert await looked(db, ADA) == ["deposit 100 at 3"]
    async with db.driver() as driver:
        refused = await driver.fetch("select asked_by, command, refused from receipts where refused is not null")
        assert [tuple(row) for row in refused] == [("policy:look-at-deposit", "Look", "not-today")]
        assert await blocked.listed(driver) == []


async def test_a_policy_that_fails_blocks_one_stream_and_a_retry_asks_in_order(
    make_worker: MakeWorker, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, log = await make_worker(bank(policies=[DEPOSITS])), Log()
    log.add(Deposited(account_id=ADA, cents=100), Deposited(account_id=ADA, cents=100, note="poison"))
    log.add(Deposited(account_id=ADA, cents=300), Deposited(account_id=BEN, cents=100))
    await worker.take([log.batch()])
    log.add(Deposited(account_id=ADA, cents=400))
    await worker.take([log.batch(4)])
    assert await looked(db, ADA) == ["deposit 100 at 1"]
    assert await looked(db, BEN) == ["deposit 100 at 1"]
    key = StreamKey("org", "bank", f"bank.account-{ADA}")
    assert (await worker.retry("policies", key)).handled == 0
    monkeypatch.setattr("tests.shared.listen.bank.POISON", "another word")
    retried = await worker.retry("policies", key)
    assert (retried.handled, retried.left) == (3, 0)
    assert [why.split(",")[0] for why in await looked(db, ADA)] == [
        "deposit 100 at 1", "deposit 100 at 2", *["deposit 300 at 3"] * 3, *["deposit 400 at 4"] * 4,
    ]  # fmt: skip


async def test_a_desk_that_cannot_tell_keeps_the_place(make_worker: MakeWorker, db: Database, desk: Desk) -> None:
    heard, log = Listened(desk), Log()
    worker = await make_worker(bank(policies=[DEPOSITS]), desk=heard)
    log.add(*(Deposited(account_id=account, cents=100) for account in (ADA, BEN, EVE)))

    async def outage(command: Any) -> None:
        if command.account_id == BEN:
            raise OutcomeUnknown("nobody knows")

    heard.before = outage
    with pytest.raises(OutcomeUnknown):
        await worker.take([log.batch()])
    assert (await worker.cursor("bank"), worker.listening.stopped) == (0, {})
    heard.before = None
    await worker.take([log.batch()])
    assert [await looked(db, account) for account in (ADA, BEN, EVE)] == [["deposit 100 at 1"]] * 3
    assert worker.ready


async def test_streams_are_asked_at_once(make_worker: MakeWorker, desk: Desk) -> None:
    """Nobody goes on before all have been asked: one after the other, this would never end."""
    heard, log, together = Listened(desk), Log(), asyncio.Barrier(20)
    worker = await make_worker(bank(policies=[DEPOSITS]), desk=heard)
    log.add(*(Deposited(account_id=account, cents=100) for account in ids(20)))

    async def meet(command: Command) -> None:
        await together.wait()

    heard.before = meet
    async with asyncio.timeout(30):
        await worker.take([log.batch()])
    assert len(heard.asked) == 20


async def test_a_new_policy_begins_now_and_another_is_brought_up_from_the_beginning(
    make_worker: MakeWorker, db: Database
) -> None:
    log, post = Log(), Log("post")
    log.add(Deposited(account_id=ADA, cents=100))
    post.add(LetterSent(account_id=BEN, stamp="one"))
    old = await make_worker(bank(policies=[DEPOSITS]))
    await old.take([log.batch(), post.batch()])

    from_now = Policy("look-from-now", Deposited, DEPOSITS.ask)
    service = bank(policies=[DEPOSITS, from_now, LETTERS])
    one, other = await make_worker(service), await make_worker(service)
    assert "policies.look-at-letter" in one.listening.listeners
    log.add(Deposited(account_id=EVE, cents=100))
    post.add(LetterSent(account_id=BEN, stamp="two"))
    for worker in (one, other):
        await worker.take([log.batch(1)])
        with pytest.raises(Gap):
            await worker.take([post.batch(1)])
    await one.take([post.batch()])
    await other.take([post.batch()])
    assert sorted(one.listening.listeners) == sorted(other.listening.listeners) == ["policies"]
    assert await looked(db, BEN) == ["letter one", "letter two"]
    assert await looked(db, ADA) == ["deposit 100 at 1"]
    assert await looked(db, EVE) == ["deposit 100 at 1"]

    post.add(LetterSent(account_id=BEN, stamp="three"))
    await one.take([post.batch(2)])
    assert await looked(db, BEN) == ["letter one", "letter two", "letter three"]
    async with db.driver() as driver:
        assert {row[0] for row in await driver.fetch("select distinct listener from marks")} == {"policies"}


async def test_a_policy_from_now_on_a_source_unheard_so_far_does_not_ask_its_history(
    make_worker: MakeWorker, db: Database
) -> None:
    log, post = Log(), Log("post")
    log.add(Deposited(account_id=ADA, cents=100))
    post.add(LetterSent(account_id=BEN, stamp="old"))
    first = await make_worker(bank(policies=[DEPOSITS], read_models=[letters]))
    await first.take([log.batch(), post.batch()])
    from_now = Policy("look-at-letter-from-now", LetterSent, look_at_letter)
    second = await make_worker(bank(policies=[DEPOSITS, from_now], read_models=[letters]))
    post.add(LetterSent(account_id=BEN, stamp="new"))
    await second.take([post.batch()])
    assert await looked(db, BEN) == ["letter new"]


async def test_facts_that_no_policy_hears_move_the_mark(make_worker: MakeWorker, db: Database) -> None:
    worker = await make_worker(bank(policies=[DEPOSITS]))
    await worker.take([Batch("bank", 0, 1, [], 0, 7)])
    assert await worker.cursor("bank") == 7
