"""The verbs over a service of the tests, as if it were the one that is installed here, and what ops finds in it."""

from collections.abc import Callable

import pytest

from shared.core.clock import SystemClock
from shared.core.service import Service
from shared.feed.batch import Batch
from shared.listen.worker import Worker
from shared.ops import found
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from tests.parts.databases import at_once, statement
from tests.shared.listen.bank import DEPOSITS, NOON, REMINDERS, Deposited, ReminderSet, accounts, bank
from tests.shared.listen.facts import Log, ids

Install = Callable[[Service], None]

SERVICE = bank(read_models=[accounts], policies=[DEPOSITS], deadlines=[REMINDERS])
ADA, BEN, EVE = ids(3)
TOO_MUCH = 2**70


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    def installed(service: Service) -> None:
        monkeypatch.setattr(found, "names", lambda: [service.name])
        monkeypatch.setattr(found, "service", {service.name: service}.__getitem__)

    return installed


def take(service: Service, dsn: str, *batches: Batch) -> None:
    async def taken() -> None:
        database = Database(dsn)
        desk = Desk(service, database, Wakeup(database))
        worker = Worker(service, database, desk, SystemClock())
        await worker.start()
        await worker.take(batches)
        await desk.close()
        await database.close()

    at_once(taken())


@pytest.fixture
def parked(database: str, install: Install) -> str:
    """Ada's and Eve's stream wait for a release that can read their first fact; Ben's number fits no column."""
    install(SERVICE)
    log = Log()
    for account, tenant in ((ADA, "org"), (EVE, "else")):
        log.add(Deposited(account_id=account, cents=100, note="poison"), tenant=tenant)
        log.add(Deposited(account_id=account, cents=2), Deposited(account_id=account, cents=3), tenant=tenant)
    log.add(Deposited(account_id=BEN, cents=-TOO_MUCH), Deposited(account_id=BEN, cents=5))
    take(SERVICE, database, log.batch())
    return database


@pytest.fixture
def set_aside(database: str, install: Install) -> str:
    install(SERVICE)
    log = Log()
    log.add(ReminderSet(account_id=ADA, day=NOON.date()), ReminderSet(account_id=BEN, at=NOON))
    log.add(ReminderSet(account_id=EVE, at=NOON), tenant="else")
    take(SERVICE, database, log.batch())
    statement(database, f"update deadlines set error = 'ValueError: ' || tenant where key <> '[\"{BEN}\"]'")
    return database
