"""`luotsi parked`: facts that could not be handled, and putting them in order, stream by stream."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from shared.ops.printing import AsJson, Failed, OneService, WrongUse, json_out, table

if TYPE_CHECKING:
    from shared.core.service import Service
    from shared.listen.parking import Blocked, Parked, StreamKey
    from shared.store.database import Database

T = TypeVar("T")

commands = typer.Typer(help="Looks after parked facts.", no_args_is_help=True)

Listener = Annotated[str, typer.Argument(help="As `parked list` names it.")]
Stream = Annotated[str, typer.Argument(help="The blocked stream.")]
Tenant = Annotated[str, typer.Option(help="The organisation; empty for what cannot be read.")]
Source = Annotated[str | None, typer.Option(help="The service it comes from; else the stream's first word.")]
Within = Annotated[str, typer.Option("--service", help="The service whose listener it is.")]


@commands.command("list")
def list_(
    service: OneService = None,
    listener: Annotated[str | None, typer.Option(help="Only of this listener.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every blocked stream, with its first error."""
    found = asyncio.run(_listed(service, listener))
    if as_json:
        json_out([{"service": name, **_in_a_line(blocked)} for name, blocked in found])
    else:
        rows = [(name, *_in_a_line(blocked).values()) for name, blocked in found]
        table(("service", *_LINE), rows)


@commands.command()
def show(
    listener: Listener,
    stream: Stream,
    service: Within,
    tenant: Tenant,
    source: Source = None,
    as_json: AsJson = False,
) -> None:
    """All that is parked of one stream, whole and in order."""
    facts = _waiting(service, listener, _key(tenant, source, stream))
    if as_json:
        json_out([_whole(fact) for fact in facts])
        return
    for fact in facts:
        waits = "waits behind the one before" if fact.error is None else fact.error
        typer.echo(f"{fact.position}  {fact.envelope.get('name', 'unreadable')}  {waits}")
        json_out(_whole(fact))


@commands.command()
def retry(
    listener: Listener,
    stream: Stream,
    service: Within,
    tenant: Tenant,
    source: Source = None,
    as_json: AsJson = False,
) -> None:
    """Handle them again, in order, up to the first that fails. Exit code 1 if one does."""
    from shared.run.repairing import NoSuchListener
    from shared.run.repairing import retry as retry_

    key = _key(tenant, source, stream)
    _waiting(service, listener, key)
    try:
        retried = _within(service, lambda found, database: retry_(found, database, listener, key))
    except NoSuchListener as error:
        raise WrongUse(str(error)) from None
    if as_json:
        json_out({"handled": retried.handled, "left": retried.left, "error": retried.error})
    else:
        typer.echo(f"handled: {retried.handled}, left: {retried.left}")
    if retried.left:
        raise Failed(f"{stream} stays blocked: {retried.error}")


@commands.command()
def discard(
    listener: Listener,
    stream: Stream,
    service: Within,
    tenant: Tenant,
    why: Annotated[str, typer.Option(help="Kept with it.")],
    source: Source = None,
    who: Annotated[str | None, typer.Option(help="Kept with it; else the user of this machine.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give up the first one: it is kept with who and why. What waits behind it is to be retried then."""
    from getpass import getuser

    key = _key(tenant, source, stream)
    first = _waiting(service, listener, key)[0]
    _within(service, lambda _, database: _discarded(database, first, who or getuser(), why))
    if as_json:
        json_out(_whole(first))
    else:
        typer.echo(f"discarded: {first.position}; now `luotsi parked retry` for what waited behind it")


_LINE = ("listener", "tenant", "source", "stream", "facts", "first_position", "attempts", "since", "error")


def _in_a_line(one: "Blocked") -> dict[str, Any]:
    what = (one.listener, *one.key, one.facts, one.first_position, one.attempts, one.first_seen, one.error)
    return dict(zip(_LINE, what, strict=True))


def _whole(fact: "Parked") -> dict[str, Any]:
    return {
        "listener": fact.listener,
        "position": fact.position,
        "partition": fact.partition,
        "error": fact.error,
        "attempts": fact.attempts,
        "since": fact.first_seen,
        "envelope": fact.envelope,
        "data": fact.data.decode(errors="backslashreplace"),
    }


def _key(tenant: str, source: str | None, stream: str) -> "StreamKey":
    from shared.listen.parking import StreamKey

    return StreamKey(tenant, source or stream.partition(".")[0], stream)


def _waiting(service: str, listener: str, key: "StreamKey") -> "list[Parked]":
    from shared.listen import parking

    async def shown(_: "Service", database: "Database") -> "list[Parked]":
        async with database.driver() as driver:
            return await parking.shown(driver, listener, key)

    facts = _within(service, shown)
    if not facts:
        raise Failed(f"nothing of {key.stream or key.source} is parked in {listener}")
    return facts


async def _discarded(database: "Database", fact: "Parked", who: str, why: str) -> None:
    """Under the listener's lock, so that nobody handles it meanwhile."""
    from shared.listen import parking, turns

    async with database.driver() as driver, driver.transaction():
        await turns.lock(driver, fact.listener)
        await parking.discard(driver, fact, who, why)


async def _listed(service: str | None, listener: str | None) -> "list[tuple[str, Blocked]]":
    from shared.listen import parking
    from shared.ops.found import services
    from shared.ops.places import database
    from shared.ops.settings import load

    settings, all_ = load(), []
    for found in services(service):
        async with database(settings, found) as opened, opened.driver() as driver:
            all_ += [(found.name, blocked) for blocked in await parking.listed(driver, listener)]
    return all_


def _within(service: str, ask: "Callable[[Service, Database], Awaitable[T]]") -> T:
    from shared.ops.found import service as named
    from shared.ops.places import database
    from shared.ops.settings import load

    async def asked() -> T:
        found = named(service)
        async with database(load(), found) as opened:
            return await ask(found, opened)

    return asyncio.run(asked())
