"""The servers a benchmark runs against: found as the tests find theirs, kept for one run."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from tests.parts import databases, keeper
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres


@contextmanager
def room() -> Iterator[Path]:
    """While this is open, its servers live."""
    path = Path(tempfile.mkdtemp(prefix="luotsi-bench-"))
    path.chmod(0o711)
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    with (path / "run").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
    keeper.wait_for_keepers(path)
    shutil.rmtree(path, ignore_errors=True)


def postgres(path: Path) -> Postgres:
    return cast(Postgres, keeper.borrow("postgres", path))


def kafka(path: Path) -> Kafka:
    return cast(Kafka, keeper.borrow("kafka", path))


@contextmanager
def database(path: Path) -> Iterator[str]:
    """A fresh database with the kit's tables."""
    server, template = postgres(path), f"bench_template_{path.name[-8:].lower()}"
    if not (path / "template").exists():
        databases.make_template(server.dsn, template)
        (path / "template").touch()
    with databases.fresh(server.dsn, template) as dsn:
        yield dsn


@contextmanager
def empty_database(path: Path) -> Iterator[str]:
    with databases.fresh(postgres(path).dsn, "template0") as dsn:
        yield dsn
