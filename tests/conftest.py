"""Fixtures every test may ask for, and what the run says about servers it could not find."""

import fcntl
import gc
import os
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, cast

import pytest

from shared.store.database import Database
from tests.parts import databases, keeper
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres
from tests.parts.server import Absent, Server, locked

ROOM = "LUOTSI_TEST_ROOM"
RUN_LOCK = pytest.StashKey[IO[str]]()


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    room = Path(tempfile.mkdtemp(prefix="luotsi-test-"))
    room.chmod(0o711)
    os.environ[ROOM] = str(room)
    lock = (room / "run").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    config.stash[RUN_LOCK] = lock
    if config.option.basetemp is None:  # pytest's own choice shuts out the user as whom root's PostgreSQL runs
        config.option.basetemp = str(room / "tmp")


def pytest_unconfigure(config: pytest.Config) -> None:
    if (lock := config.stash.get(RUN_LOCK, None)) is None:
        return
    room = Path(os.environ.pop(ROOM))
    if (made := room / "template").exists():
        server, name = made.read_text().split()
        databases.statement(server, f"drop database {name}")
    lock.close()
    keeper.wait_for_keepers(room)
    shutil.rmtree(room, ignore_errors=True)


def _manners() -> tuple[object, ...]:
    scheduler = os.sched_getscheduler(0) if hasattr(os, "sched_getscheduler") else None
    return gc.isenabled(), os.getpriority(os.PRIO_PROCESS, 0), scheduler


@pytest.fixture(autouse=True)
def _leaves_the_process_as_it_was() -> Iterator[None]:
    """A test that lowered it for good would starve those behind it on a busy machine."""
    before = _manners()
    yield
    assert _manners() == before


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that stop a server have one of their own, and take turns on it."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & {"kafka", "own_kafka"}:
            item.add_marker(pytest.mark.kafka)
        if names & {"own_kafka", "own_postgres"}:
            item.add_marker(pytest.mark.xdist_group("own servers"))
        if config.getoption("loadgroup", False):
            _tell_group(item)


def _tell_group(item: pytest.Item) -> None:
    """The controller knows groups by the end of the ids; xdist 3.8 puts it there in vain since pytest 9.2."""
    if (group := item.get_closest_marker("xdist_group")) is not None:
        item._id = item.id.parse(f"{item.nodeid}@{group.args[0]}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last lines of the run say again what it could not try."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} test(s) NOT RUN. {reason}", red=True, bold=True)


def _borrow(part: str) -> Server:
    try:
        return keeper.borrow(part, Path(os.environ[ROOM]))
    except Absent as absent:
        reason = f"No {part}: {absent}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The PostgreSQL of the whole run: not to be stopped."""
    return cast(Postgres, _borrow("postgres"))


@pytest.fixture(scope="session")
def kafka() -> Kafka:
    """The broker of the whole run: not to be stopped."""
    return cast(Kafka, _borrow("kafka"))


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that the test may stop, kill and start; it runs again afterwards."""
    server = cast(Postgres, _borrow("own-postgres"))
    yield server
    server.start()


@pytest.fixture
def own_kafka() -> Iterator[Kafka]:
    """A broker that the test may stop, kill and start; it runs again afterwards."""
    server = cast(Kafka, _borrow("own-kafka"))
    yield server
    server.start()


@pytest.fixture(scope="session")
def template(postgres: Postgres) -> str:
    """The name of the database that `database` copies, made once per run."""
    room = Path(os.environ[ROOM])
    name = f"luotsi_template_{room.name[-8:].lower()}"
    with locked(room / "template.lock"):
        if not (room / "template").exists():
            databases.make_template(postgres.dsn, name)
            (room / "template").write_text(f"{postgres.dsn} {name}")
    return name


@pytest.fixture
def database(postgres: Postgres, template: str) -> Iterator[str]:
    """The address of a fresh database with the kit's tables, gone after the test."""
    with databases.fresh(postgres.dsn, template) as dsn:
        yield dsn


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    """That database, opened as a process of the platform has it."""
    opened = Database(database)
    yield opened
    await opened.close()


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[str]:
    """The address of a fresh database with nothing in it, gone after the test."""
    with databases.fresh(postgres.dsn, "template0") as dsn:
        yield dsn


@pytest.fixture
def own_database(own_postgres: Postgres) -> Iterator[str]:
    """A fresh empty database on the server that the test may stop."""
    with databases.fresh(own_postgres.dsn, "template0") as dsn:
        yield dsn
        own_postgres.start()


@pytest.fixture
def topics() -> str:
    """A prefix that no other test's topics and groups have."""
    return f"t{uuid.uuid4().hex[:10]}."


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of data sets that lies beside the project."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.exists():
        pytest.skip(f"No data sets: {folder} is not there")
    return folder
