"""Backing an embedded platform up, whether it runs or not, and putting it back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

import asyncpg

from shared.embedded import backup
from shared.embedded.backup import About, BackupFailed, Tell, Unusable
from shared.embedded.postgres import EmbeddedPostgres, FolderInUse

_DATABASES = "select datname from pg_database where not datistemplate and datname <> 'postgres' order by 1"
_MIGRATED = "select to_regclass('facts') is not null"
_HEAD = "select coalesce(max(position), 0) from facts"
_KEEP_LOG = "select pg_create_physical_replication_slot('backup_' || pg_backend_pid(), true, true)"


class NothingThere(Exception):
    """No platform was ever started in this folder."""


class NotEmpty(Exception):
    """Something is in the folder already."""


@dataclass(frozen=True, slots=True)
class Restored:
    """`before`: where what was in the folder is now."""

    about: About
    services: dict[str, int]
    before: Path | None


@contextmanager
def _reached(folder: Path) -> Iterator[EmbeddedPostgres]:
    """The server of the platform that runs there, or one that is started for as long as this lasts."""
    if not (folder / "postgres").exists():
        raise NothingThere(f"there is no platform in {folder}")
    postgres = EmbeddedPostgres(folder)
    try:
        postgres.start()
    except FolderInUse:
        yield postgres
        return
    try:
        yield postgres
    finally:
        postgres.stop()


async def back_up(folder: Path, target: Path, tell: Tell) -> About:
    """All services as they were at one moment. Raises BackupFailed, NothingThere or EmbeddedFailed."""
    with _reached(folder) as postgres:
        server = postgres.addresses("postgres").owner
        try:
            about = About.now(await heads(postgres))
            async with _log_kept(server):
                await asyncio.to_thread(backup.write, server, folder, about, target, tell)
        except (asyncpg.PostgresError, OSError) as error:
            raise BackupFailed(f"the database in {folder}: {error}") from error
    return about


@asynccontextmanager
async def _log_kept(server: str) -> AsyncIterator[None]:
    """A long copy of a busy server needs its log from the beginning. The slot goes with the connection."""
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(_KEEP_LOG)
        yield
    finally:
        await connection.close()


async def heads(postgres: EmbeddedPostgres) -> dict[str, int]:
    """The newest position of every service, while the server runs."""
    names = await _asked(postgres, "postgres", _DATABASES)
    ours = [name for name in names if await _asked(postgres, name, _MIGRATED) == [True]]
    return {name: (await _asked(postgres, name, _HEAD))[0] for name in ours}


async def _asked(postgres: EmbeddedPostgres, database: str, sql: str) -> list[Any]:
    connection = await asyncpg.connect(postgres.addresses(database).owner)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def restore(source: Path, folder: Path, replace: bool, tell: Tell) -> Restored:
    """Made beside the folder, started once, and put in its place whole. What was there is moved aside, never deleted.

    Raises Unusable, NotEmpty or EmbeddedFailed, and has changed nothing then.
    """
    if not replace and _holds_something(folder):
        raise NotEmpty(f"{folder} is not empty")
    made = folder.with_name(f".{folder.name}.restored")
    with EmbeddedPostgres(folder).held() if folder.exists() else nullcontext():
        rmtree(made, ignore_errors=True)
        try:
            about = backup.unpack(source, made, tell)
            services = _tried(made, about)
            before = moved_aside(folder)
            made.rename(folder)
        finally:
            rmtree(made, ignore_errors=True)
    return Restored(about, services, before)


def _holds_something(folder: Path) -> bool:
    return folder.exists() and any(path.name != "lock" for path in folder.iterdir())


def _tried(made: Path, about: About) -> dict[str, int]:
    with EmbeddedPostgres(made) as postgres:
        try:
            services = asyncio.run(heads(postgres))
        except asyncpg.PostgresError as error:
            raise Unusable(f"the database in it: {error}") from error
    if missing := [name for name, head in about.services.items() if services.get(name, -1) < head]:
        raise Unusable(f"facts are missing from it: {', '.join(missing)}")
    return services


def moved_aside(folder: Path) -> Path | None:
    """Where what was in the folder is now; None if that was nothing."""
    if not folder.exists():
        return None
    if not _holds_something(folder):
        rmtree(folder)
        return None
    before = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    return folder.rename(before)
