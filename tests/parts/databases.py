"""A fresh database for every test, copied from a template that holds the kit's tables."""

import asyncio
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy import make_url

from shared.migrations.migrate import migrate

T = TypeVar("T")


def at_once(job: Coroutine[Any, Any, T]) -> T:
    """Runs it in a thread of its own, so that it disturbs no event loop of the test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, job).result()


def named(dsn: str, database: str) -> str:
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


def statement(dsn: str, sql: str) -> None:
    async def execute() -> None:
        db = await asyncpg.connect(dsn)
        try:
            await db.execute(sql)
        finally:
            await db.close()

    at_once(execute())


def make_template(dsn: str, name: str) -> None:
    statement(dsn, f"create database {name}")
    url = make_url(named(dsn, name)).set(drivername="postgresql+asyncpg")
    at_once(migrate(url.render_as_string(hide_password=False)))


@contextmanager
def fresh(dsn: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    statement(dsn, f"create database {name} template {template}")
    try:
        yield named(dsn, name)
    finally:
        statement(dsn, f"drop database {name} with (force)")
