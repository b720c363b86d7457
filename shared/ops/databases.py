"""Where the services' data is, as the settings say: on a server, or in the folder of the embedded platform."""

import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from asyncpg import UndefinedTableError
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from shared.core.service import Service
from shared.embedded.postgres import Addresses, EmbeddedPostgres
from shared.listen.tables import SCHEMA
from shared.ops.found import services
from shared.ops.printing import NotReachable
from shared.ops.settings import Settings, load
from shared.store.database import Database, is_transient

T = TypeVar("T")


def addresses(settings: Settings, service: Service) -> Addresses:
    if not settings.embedded:
        return Addresses(owner=settings.migrate_dsn_of(service.name), service=settings.dsn_of(service.name))
    if not _in_use(settings):
        raise NotReachable(
            f"the embedded platform in {settings.data_dir} is not running: start it with `luotsi up`,"
            " or set LUOTSI_DSN to a server's address"
        )
    return EmbeddedPostgres(settings.data_dir).addresses(service.name)


def _in_use(settings: Settings) -> bool:
    """Whoever runs the embedded platform holds this lock."""
    try:
        with (settings.data_dir / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def reaching(service: Service, dsn: str) -> Iterator[None]:
    """Says of an outage whose database it is, and where it was looked for; of one without tables, how they come."""
    try:
        yield
    except UndefinedTableError as error:
        if f"{SCHEMA}." in str(error):  # of a build that was dropped meanwhile
            raise
        where = f"the database of {service.name} at {_server(dsn)}"
        raise NotReachable(f"{where}: the tables are not there: `luotsi migrate` makes them ({error})") from error
    except Exception as error:
        if is_transient(error):
            told = _in_words(error)
            raise NotReachable(f"the database of {service.name} at {_server(dsn)}: {told}") from error
        raise


def _server(dsn: str) -> str:
    """`host:port/name`, without user and password; the host of a unix socket is its folder."""
    url = make_url(dsn)
    return f"{url.host or url.query.get('host') or 'localhost'}:{url.port or 5432}/{url.database}"


def _in_words(error: Exception) -> str:
    """As the driver said it: SQLAlchemy adds the statement, and an address of its own documentation."""
    said = (error.orig.__cause__ or error.orig) if isinstance(error, DBAPIError) and error.orig else error
    return str(said) or type(said).__name__


@asynccontextmanager
async def database(settings: Settings, service: Service) -> AsyncIterator[Database]:
    """The service's database, to look at and to repair."""
    opened = Database(addresses(settings, service).service, pool=2)
    try:
        with reaching(service, opened.dsn):
            yield opened
    finally:
        await opened.close()


async def of_each(only: str | None, ask: Callable[[Service, Database], Awaitable[T]]) -> list[tuple[str, T]]:
    """The answer of each service's database, one after the other, with the service's name."""
    settings, answers = load(), list[tuple[str, T]]()
    for found in services(only):
        async with database(settings, found) as opened:
            answers.append((found.name, await ask(found, opened)))
    return answers
