"""Releases that bring a policy, and images without it before, beside and after them: it is asked all, and once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from shared.core.event import Event, Recorded
from shared.core.policy import Policy
from shared.feed.batch import Gap
from shared.listen.decode import Decoder
from shared.listen.held import holding
from shared.listen.parking import StreamKey
from shared.listen.worker import Worker
from shared.run.standing import standing
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import DEPOSITS, AccountOpened, Deposited, LetterSent, Look, bank, look_at_letter
from tests.shared.listen.facts import Log, ids
from tests.shared.listen.test_policies import looked

MakeWorker = Callable[..., Awaitable[Worker]]
ADA, BEN, EVE, IDA = ids(4)
HEARD: dict[str, type[Event]] = {event.event_name: event for event in (AccountOpened, Deposited)}
BRANCH = UUID(int=1)


def look_at_opening(event: AccountOpened, recorded: Recorded) -> Sequence[Look]:
    """Whenever somebody has an account, look."""
    return [Look(account_id=event.account_id, why="opened")]


OPENINGS = Policy("look-at-opening", AccountOpened, look_at_opening)
BEFORE, AFTER = bank(policies=[DEPOSITS]), bank(policies=[DEPOSITS, OPENINGS])


def opened(*accounts: UUID) -> list[AccountOpened]:
    return [AccountOpened(account_id=account, branch=BRANCH) for account in accounts]


@asynccontextmanager
async def feeding(worker: Worker, db: Database) -> AsyncIterator[Worker]:
    """As one that others see to be there."""
    async with holding(db, "bank", worker.listening.policies) as held:
        backend = held.driver.get_server_pid()
        yield worker

    async def gone() -> bool:
        async with db.driver() as driver:
            return not await driver.fetchval("select exists (select from pg_stat_activity where pid = $1)", backend)

    await becomes(gone)


async def alone(worker: Worker, log: Log, after: int = 0) -> list[str]:
    await worker.take([log.batch(after)])
    return sorted(worker.listening.listeners)


async def test_a_new_one_misses_nothing_of_what_an_image_without_it_is_handed(
    make_worker: MakeWorker, db: Database
) -> None:
    log = Log()
    log.add(*opened(ADA))
    async with feeding(await make_worker(BEFORE), db) as before:
        await before.take([log.batch()])
        async with feeding(await make_worker(AFTER), db) as after:
            log.add(*opened(BEN), Deposited(account_id=BEN, cents=100))
            await before.take([log.batch(1)])
            assert await alone(after, log) == ["policies", "policies.look-at-opening"]
            log.add(*opened(EVE))
            await before.take([log.batch(3)])
    log.add(*opened(IDA))
    with pytest.raises(Gap, match="mark 3, but the next fact follows 4"):
        await after.take([log.batch(4)])
    assert await alone(after, log) == ["policies"]
    assert [await looked(db, account) for account in (ADA, BEN, EVE, IDA)] == [
        [], ["deposit 100 at 2", "opened"], ["opened"], ["opened"],
    ]  # fmt: skip


async def test_what_comes_while_an_image_before_it_is_back_waits_for_it(make_worker: MakeWorker, db: Database) -> None:
    log = Log()
    log.add(*opened(ADA))
    assert await alone(await make_worker(AFTER), log) == ["policies"]
    log.add(*opened(BEN), Deposited(account_id=BEN, cents=100))
    assert await alone(await make_worker(BEFORE), log, 1) == ["policies"]
    log.add(*opened(EVE))
    again = await make_worker(AFTER)
    assert "policies.look-at-opening" in again.listening.listeners
    assert await alone(again, log) == ["policies"]
    assert [await looked(db, account) for account in (ADA, BEN, EVE)] == [
        ["opened"], ["deposit 100 at 2", "opened"], ["opened"],
    ]  # fmt: skip
    async with db.driver() as driver:
        assert {row[0] for row in await driver.fetch("select distinct listener from marks")} == {"policies"}


async def test_one_that_was_left_behind_goes_on_by_itself_where_it_still_runs(
    make_worker: MakeWorker, db: Database
) -> None:
    log, after = Log(), await make_worker(AFTER)
    log.add(*opened(ADA))
    assert await alone(after, log) == ["policies"]
    before = await make_worker(BEFORE)
    log.add(*opened(BEN))
    await before.take([log.batch(1)])
    await after.listening.look_for_policies()
    assert after.listening.away == {"policies.look-at-opening"}
    await after.listening.listeners["policies.look-at-opening"].take(
        await Decoder("bank", HEARD).stretches([log.batch()])
    )
    await after.listening.join(["policies.look-at-opening"])
    assert sorted(after.listening.listeners) == ["policies"]
    assert await looked(db, BEN) == ["opened"]
    await before.listening.look_for_policies()
    await after.listening.look_for_policies()
    assert after.listening.away == {"policies.look-at-opening"}, "found by the look of the image before it too"


async def test_facts_that_are_parked_then_wait_for_it_too(
    make_worker: MakeWorker, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    log.add(Deposited(account_id=ADA, cents=100, note="poison"), *opened(ADA))
    assert await alone(await make_worker(AFTER), log) == ["policies"]
    await make_worker(BEFORE)
    monkeypatch.setattr("tests.shared.listen.bank.POISON", "another word")
    again, key = await make_worker(AFTER), StreamKey("org", "bank", f"bank.account-{ADA}")
    assert (await again.retry("policies.look-at-opening", key)).left == 0
    assert await looked(db, ADA) == ["opened"]
    assert (await again.retry("policies", key)).left == 0
    assert await looked(db, ADA) == ["opened", "deposit 100 at 1"]


async def test_one_from_now_on_a_source_unheard_so_far_waits_without_asking_its_history(
    make_worker: MakeWorker, db: Database
) -> None:
    log, post = Log(), Log("post")
    letters: Any = Policy("look-at-letter", LetterSent, look_at_letter)
    log.add(*opened(ADA))
    async with feeding(await make_worker(BEFORE), db) as before:
        await before.take([log.batch()])
        after = await make_worker(bank(policies=[DEPOSITS, letters]))
        assert "policies.look-at-letter" in after.listening.listeners
    post.add(LetterSent(account_id=BEN, stamp="one"))
    assert await alone(after, post) == ["policies"]
    post.add(LetterSent(account_id=BEN, stamp="two"))
    await after.take([post.batch(1)])
    assert await looked(db, BEN) == ["letter one", "letter two"]


async def test_one_that_is_gone_with_its_image_is_nobodys_trouble(make_worker: MakeWorker, db: Database) -> None:
    log, after = Log(), await make_worker(AFTER)
    log.add(*opened(ADA))
    await after.take([log.batch()])
    await make_worker(BEFORE)

    async def shown() -> list[str]:
        return [heard.listener for heard in (await standing("bank", {"bank": db})).listeners]

    async with feeding(after, db):
        assert await shown() == ["policies", "policies.look-at-opening"]
    assert await shown() == ["policies"]
