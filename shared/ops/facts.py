"""`luotsi facts`: what has been stored, as it happens and one by one."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.printing import AsJson, Failed, OneService, WrongUse, json_line, json_out, moment, table

if TYPE_CHECKING:
    from shared.core.event import Recorded
    from shared.store.store import EventStore

commands = typer.Typer(help="Looks at stored facts.", no_args_is_help=True)

Tenant = Annotated[str | None, typer.Option(help="Only of this organisation.")]
Name = Annotated[list[str] | None, typer.Option(help="Only facts of this name; several: --name x --name y.")]
Stream = Annotated[str | None, typer.Option(help="Only streams that begin like this.")]


@commands.command()
def tail(
    service: OneService = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, help="So many of the newest first, in all.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="And every new one, until interrupted.")] = False,
    name: Name = None,
    tenant: Tenant = None,
    stream: Stream = None,
    as_json: AsJson = False,
) -> None:
    """Print the newest facts, one per line.

    Example: luotsi facts tail --follow --name onboarding.journey-started
    """
    filters = {"names": name or None, "tenant": tenant, "stream_prefix": stream}
    asyncio.run(_tail(service, limit, follow, filters, as_json))


async def _tail(service: str | None, limit: int, follow: bool, filters: dict[str, Any], as_json: bool) -> None:
    from shared.ops.databases import database, of_each
    from shared.ops.found import services
    from shared.ops.settings import load
    from shared.store.store import EventStore

    def tell(fact: "Recorded") -> None:
        json_line(_whole(fact)) if as_json else typer.echo(_line(fact))

    async def newest(found: Any, opened: Any) -> "tuple[int, list[Recorded]]":
        store = EventStore(opened, found.name)
        head = await store.head()
        return head, await _newest(store, head, limit, filters)

    async def following(found: Any, head: int) -> None:
        async with database(settings, found) as opened:
            await _follow(EventStore(opened, found.name), head, filters, tell)

    settings, there = load(), dict(await of_each(service, newest))
    for fact in last([facts for _, facts in there.values()], limit):
        tell(fact)
    if follow:
        await asyncio.gather(*(following(found, there[found.name][0]) for found in services(service)))


def last(of_services: "Sequence[Sequence[Recorded]]", limit: int) -> "list[Recorded]":
    """So many of all together, by when they were recorded; each service's in its own order."""
    merged = list(merge(*of_services, key=attrgetter("recorded_at")))
    return merged[max(0, len(merged) - limit) :]


async def _follow(store: "EventStore", head: int, filters: dict[str, Any], tell: "Callable[[Recorded], None]") -> None:
    while True:
        upto = await store.head()
        for fact in await store.read(head, upto=upto, **filters) if upto > head else ():
            tell(fact)
            head = fact.position
        await asyncio.sleep(0.2)


async def _newest(store: "EventStore", head: int, limit: int, filters: dict[str, Any]) -> "list[Recorded]":
    """Looks back in growing steps until there are enough."""
    width = max(limit, 1) * 4
    while limit:
        after = max(0, head - width)
        found = await store.read(after, limit=width, upto=head, **filters)
        if len(found) >= limit or not after:
            return found[-limit:]
        width *= 8
    return []


@commands.command()
def show(
    stream: Annotated[
        str,
        typer.Argument(help="A position, or a stream; with --service, its name in front may be left out."),
    ],
    service: OneService = None,
    tenant: Annotated[str | None, typer.Option(help="The organisation; needed for a stream.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print all facts of a stream, or the one at a position, whole.

    Example: luotsi facts show 4711 --service onboarding
    """
    facts = asyncio.run(_show(stream, service, tenant))
    if not facts:
        raise Failed(f"there is no {'fact at' if stream.isdigit() else 'stream'} {stream}")
    if as_json:
        json_out([_whole(fact) for fact in facts])
        return
    for fact in facts:
        _print(fact)


async def _show(stream: str, service: str | None, tenant: str | None) -> "list[Recorded]":
    from shared.ops.databases import database
    from shared.ops.found import services, stream_of
    from shared.ops.settings import load
    from shared.store.store import EventStore

    if not stream.isdigit():
        found, name = stream_of(stream, service)
        if tenant is None:
            raise WrongUse("a stream is one organisation's: say --tenant")
        async with database(load(), found) as opened:
            return await EventStore(opened, found.name).stream(tenant, name)
    found, *more = services(service)
    if more:
        raise WrongUse("a position is one service's: say --service")
    async with database(load(), found) as opened:
        return await EventStore(opened, found.name).read(int(stream) - 1, limit=1, upto=int(stream))


def _line(fact: "Recorded") -> str:
    when = moment(fact.at)
    return f"{fact.position:>8}  {when}  {fact.tenant}  {fact.stream}@{fact.version}  {fact.name}  by {fact.actor}"


def _print(fact: "Recorded") -> None:
    envelope = {key: value for key, value in _whole(fact).items() if key != "data"}
    whole = [(key, value.isoformat() if isinstance(value, datetime) else value) for key, value in envelope.items()]
    table(("", str(fact.name)), whole)
    json_out(_whole(fact)["data"])


def _whole(fact: "Recorded") -> dict[str, Any]:
    import orjson

    return {**fact._asdict(), "data": orjson.loads(fact.data)}
