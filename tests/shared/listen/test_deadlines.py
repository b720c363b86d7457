"""What is due is asked when it is due, where the team is, once, in order; whatever comes in between."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.core.clock import MovableClock
from shared.core.deadline import Deadline, Due
from shared.listen import blocked, set_aside
from shared.listen.parking import StreamKey
from shared.listen.ticker import Ticker
from shared.listen.worker import Worker
from shared.store.answers import OutcomeUnknown
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from tests.shared.listen.bank import REMINDERS, Deposited, Look, Looked, ReminderDropped, ReminderSet, bank, look_stream
from tests.shared.listen.facts import Log, ids
from tests.shared.listen.test_policies import Listened, looked

MakeWorker = Callable[..., Awaitable[Worker]]
ADA, BEN, EVE, IDA = ids(4)
TAMPERE, LISBON, UNKNOWN = UUID(int=50), UUID(int=51), UUID(int=52)
DAY = date(2027, 3, 29)  # the day after the clocks went forward
SERVICE = bank(deadlines=[REMINDERS])
LATER = datetime(2030, 1, 1, tzinfo=UTC)


async def zones(tenant: str) -> Mapping[UUID, str]:
    return {TAMPERE: "Europe/Helsinki", LISBON: "Europe/Lisbon"}


def ticker_on(db: Database, desk: Any, clock: MovableClock | None = None) -> Ticker:
    return Ticker(SERVICE, db, desk, clock or MovableClock(), zones, "Europe/Stockholm")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_rows_come_due_in_order_at_the_offset_of_their_place(
    make_worker: MakeWorker, db: Database, desk: Desk
) -> None:
    heard, worker, log = Listened(desk), await make_worker(SERVICE), Log()
    log.add(
        ReminderSet(account_id=ADA, day=DAY, branch=LISBON),
        ReminderSet(account_id=BEN, day=DAY, branch=TAMPERE),
        ReminderSet(account_id=EVE, day=DAY, branch=UNKNOWN),
        ReminderSet(account_id=IDA, at=instant("2027-03-29T12:30:00-03:00")),
    )
    await worker.take([log.batch()])
    ticker = ticker_on(db, heard)
    assert await ticker.next_due() == instant("2027-03-29T18:00:00+03:00")
    assert await ticker.run_due(instant("2027-03-29T17:59:59+03:00")) == 0
    assert await ticker.run_due(instant("2027-03-29T18:00:00+03:00")) == 1
    assert await ticker.next_due() == instant("2027-03-29T12:30:00-03:00")
    assert await ticker.run_due(instant("2027-03-30T00:00:00+00:00")) == 3
    assert await ticker.next_due() is None
    assert [request.asked.at.isoformat() for _, request in heard.asked] == [
        "2027-03-29T18:00:00+03:00",
        "2027-03-29T12:30:00-03:00",
        "2027-03-29T18:00:00+02:00",
        "2027-03-29T18:00:00+01:00",
    ]
    command, request = heard.asked[0]
    fact = log.facts[1]
    assert command == Look(account_id=BEN, why="reminder 1")
    assert (request.asked.actor, request.asked.by) == ("deadline:reminder", "deadline")
    assert (request.causation_id, request.correlation_id) == (fact.id, fact.correlation_id)
    assert request.command_id == REMINDERS.command_id(f'["{BEN}"]', fact.id)


async def test_a_later_fact_sets_the_row_anew_or_clears_it(make_worker: MakeWorker, db: Database, desk: Desk) -> None:
    worker, log = await make_worker(SERVICE), Log()
    log.add(ReminderSet(account_id=ADA, day=DAY), ReminderSet(account_id=BEN, day=DAY))
    await worker.take([log.batch()])
    log.add(ReminderDropped(account_id=ADA), ReminderSet(account_id=BEN, at=LATER), ReminderDropped(account_id=EVE))
    log.add(ReminderSet(account_id=IDA, day=DAY), ReminderDropped(account_id=IDA))
    await worker.take([log.batch(2)])
    ticker = ticker_on(db, desk)
    assert await ticker.next_due() == LATER
    assert await ticker.run_due(LATER) == 1
    assert await looked(db, BEN) == ["reminder 2"]
    assert await looked(db, ADA) == []


async def test_a_row_set_anew_while_it_is_asked_stays(make_worker: MakeWorker, db: Database, desk: Desk) -> None:
    """The listener waits for the ticker's hold on the row; then the new row is there, and comes due by itself."""
    heard, worker, log = Listened(desk), await make_worker(SERVICE), Log()
    log.add(ReminderSet(account_id=ADA, day=DAY))
    await worker.take([log.batch()])
    log.add(ReminderSet(account_id=ADA, at=LATER))
    taking: list[asyncio.Task[None]] = []

    async def meanwhile(command: Any) -> None:
        if not taking:
            taking.append(asyncio.create_task(worker.take([log.batch(1)])))
            async with db.driver() as driver:
                while not await driver.fetchval("select count(*) from pg_locks where not granted"):
                    pass

    heard.before = meanwhile
    ticker = ticker_on(db, heard)
    assert await ticker.run_due(LATER - timedelta(days=1)) == 1
    await taking[0]
    assert await ticker.next_due() == LATER
    assert await ticker.run_due(LATER) == 1
    assert await looked(db, ADA) == ["reminder 1", "reminder 2"]


async def test_two_tickers_and_one_that_died_before_its_commit_ask_once(
    make_worker: MakeWorker, db: Database, desk: Desk
) -> None:
    worker, log = await make_worker(SERVICE), Log()
    for n, account in enumerate(ids(150)):
        log.add(ReminderSet(account_id=account, day=DAY, hour=time(8 + n % 10), branch=TAMPERE))
    await worker.take([log.batch()])
    await asyncio.gather(*(ticker_on(db, desk).run_due(LATER) for _ in range(2)))
    async with db.driver() as driver:
        assert await driver.fetchval("select count(*) from deadlines") == 0
        await driver.execute("delete from marks")
    await worker.take([log.batch()])
    assert await ticker_on(db, desk).run_due(LATER) == 150
    assert await EventStore(db, "bank").head() == 150


async def test_an_outage_leaves_the_row_and_a_bug_sets_it_aside_for_all_others_to_go_on(
    make_worker: MakeWorker, db: Database, desk: Desk
) -> None:
    heard, worker, log = Listened(desk), await make_worker(SERVICE), Log()
    for n, account in enumerate((ADA, BEN, EVE)):
        log.add(ReminderSet(account_id=account, day=DAY, hour=time(8 + n)))
    await worker.take([log.batch()])

    async def fails(command: Any) -> None:
        if command.account_id == ADA:
            raise ValueError("a bug")
        if command.account_id == BEN:
            raise OutcomeUnknown("nobody knows")

    heard.before = fails
    ticker = ticker_on(db, heard)
    with pytest.raises(OutcomeUnknown):
        await ticker.run_due(LATER)
    async with db.driver() as driver:
        (failed,) = await set_aside.listed(driver, set_aside.Wanted())
        assert await driver.fetchval("select count(*) from deadlines") == 3
    assert (failed.deadline, failed.command, failed.error) == ("reminder", "Look", "ValueError: a bug")
    heard.before = None
    assert await ticker.run_due(LATER) == 2
    async with db.driver() as driver:
        assert await set_aside.free(driver, set_aside.Wanted(error="no such words")) == 0
        assert await set_aside.free(driver, set_aside.Wanted(failed.tenant, failed.deadline, failed.key)) == 1
    assert await ticker.run_due(LATER) == 1
    assert [await looked(db, account) for account in (ADA, BEN, EVE)] == [["reminder 1"]] * 3


async def test_the_ticker_wakes_when_the_clock_or_the_rows_have_moved(
    make_worker: MakeWorker, db: Database, desk: Desk
) -> None:
    clock, log = MovableClock(), Log()
    clock.set(instant("2027-03-01T12:00:00+00:00"))
    ticker = ticker_on(db, desk, clock)
    worker = await make_worker(SERVICE, deadlines_told=ticker.told)
    store = EventStore(db, "bank")
    running = asyncio.create_task(ticker.run())
    try:
        log.add(
            ReminderSet(account_id=ADA, at=instant("2027-03-01T11:00:00+00:00")), ReminderSet(account_id=BEN, day=DAY)
        )
        await worker.take([log.batch()])
        async with asyncio.timeout(20):
            while await store.head() < 1:
                pass
            assert await looked(db, BEN) == []
            clock.set(LATER)
            ticker.told()
            while await store.head() < 2:
                pass
    finally:
        running.cancel()
    assert await looked(db, BEN) == ["reminder 1"]


async def test_a_deadline_that_fails_blocks_its_stream_until_it_is_retried(
    make_worker: MakeWorker, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = True

    def rows(event: Deposited, recorded: Any) -> Due | None:
        if broken and event.cents == 13:
            raise ValueError("thirteen")
        return Due((event.account_id,), LATER, Look(account_id=event.account_id, why=f"{event.cents}"))

    worker, log = await make_worker(bank(deadlines=[Deadline("thirteen", Deposited, rows)])), Log()
    log.add(*(Deposited(account_id=ADA, cents=cents) for cents in (12, 13, 14)), Deposited(account_id=BEN, cents=1))
    await worker.take([log.batch()])

    async def whys() -> set[str]:
        async with db.driver() as driver:
            rows = await driver.fetch("select body::text from deadlines")
        return {Look.model_validate_json(row[0]).why for row in rows}

    assert await whys() == {"12", "1"}
    async with db.driver() as driver:
        assert [line.facts for line in await blocked.listed(driver)] == [2]
    broken = False
    assert (await worker.retry("deadlines", StreamKey("org", "bank", f"bank.account-{ADA}"))).left == 0
    assert await whys() == {"14", "1"}


async def test_the_stored_fact_of_a_deadline_is_of_the_due_time(
    make_worker: MakeWorker, db: Database, desk: Desk
) -> None:
    worker, log = await make_worker(SERVICE), Log()
    log.add(ReminderSet(account_id=ADA, day=DAY, branch=LISBON))
    await worker.take([log.batch()])
    await ticker_on(db, desk).run_due(LATER)
    (fact,) = await EventStore(db, "bank").stream("org", look_stream(ADA))
    assert fact.at.isoformat() == "2027-03-29T18:00:00+01:00"
    assert Looked.model_validate_json(fact.data).at == fact.at


async def test_the_deadlines_of_a_newer_image_are_left_to_it(make_worker: MakeWorker, db: Database, desk: Desk) -> None:
    worker, log = await make_worker(SERVICE), Log()
    log.add(ReminderSet(account_id=ADA, day=DAY, branch=TAMPERE))
    await worker.take([log.batch()])
    async with db.driver() as driver:
        await driver.execute("update deadlines set deadline = 'of-tomorrow'")
    ticker = ticker_on(db, desk)
    assert (await ticker.run_due(LATER), await ticker.next_due()) == (0, None)
    async with db.driver() as driver:
        assert await driver.fetchval("select count(*) from deadlines where error is null") == 1


async def test_a_zone_this_machine_does_not_know_stops_nobody(
    make_worker: MakeWorker, db: Database, desk: Desk
) -> None:
    async def strange(tenant: str) -> Mapping[UUID, str]:
        return {TAMPERE: "Moon/Tycho"}

    worker, log = await make_worker(SERVICE), Log()
    log.add(ReminderSet(account_id=ADA, day=DAY, branch=TAMPERE))
    await worker.take([log.batch()])
    ticker = Ticker(SERVICE, db, desk, MovableClock(), strange, "Europe/Stockholm")
    assert await ticker.next_due() == instant("2027-03-29T18:00:00+02:00")
    assert await ticker.run_due(LATER) == 1
