"""`luotsi parked`: facts that could not be handled, and putting them in order, stream by stream."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops import unparking
from shared.ops.printing import AsJson, Failed, OneService, WrongUse, json_out, table
from shared.ops.times import Before, instant

if TYPE_CHECKING:
    from shared.listen.blocked import Blocked, Wanted
    from shared.listen.parking import Parked

commands = typer.Typer(help="Looks after parked facts.", no_args_is_help=True)

Listener = Annotated[
    str | None,
    typer.Argument(help="Only of this one, as `parked list` names it; without it, of all but outdated builds."),
]
Stream = Annotated[str | None, typer.Argument(help="Only this stream.")]
Tenant = Annotated[str | None, typer.Option(help="Only of this organisation; empty for what cannot be read.")]
Source = Annotated[str | None, typer.Option(help="Only facts of this service.")]
Error = Annotated[str | None, typer.Option(help="Only where these words are part of the error.")]
Position = Annotated[int | None, typer.Option(help="Only the first fact of a stream, which stands here.")]


@commands.command("list")
def list_(
    listener: Listener = None,
    stream: Stream = None,
    service: OneService = None,
    tenant: Tenant = None,
    source: Source = None,
    error: Error = None,
    before: Before = None,
    as_json: AsJson = False,
) -> None:
    """Every blocked stream, with its first error and how many facts wait behind.

    Example: luotsi parked list --error "invalid uuid" --before 2027-03-01
    """
    wanted = _wanted(listener=listener, tenant=tenant, source=source, stream=stream, error=error, before=before)
    found = asyncio.run(unparking.listed(service, wanted))
    if as_json:
        json_out([{"service": name, **_in_a_line(blocked)} for name, blocked in found])
    else:
        rows = [(name, *_in_a_line(blocked).values()) for name, blocked in found]
        table(("service", *_LINE), rows)


@commands.command()
def show(
    listener: Listener = None,
    stream: Stream = None,
    service: OneService = None,
    tenant: Tenant = None,
    source: Source = None,
    error: Error = None,
    before: Before = None,
    position: Position = None,
    as_json: AsJson = False,
) -> None:
    """All that is parked of these streams, whole and in order.

    Example: luotsi parked show teams.v1.b1 onboarding.team-0195b1c0-0000-7000-8000-0000000000b1
    """
    wanted = _wanted(
        listener=listener, tenant=tenant, source=source, stream=stream, error=error, before=before, position=position
    )
    facts = asyncio.run(unparking.shown(service, wanted))
    if as_json:
        json_out([_whole(fact) for fact in facts])
        return
    for fact in facts:
        waits = "waits behind the one before" if fact.error is None else fact.error
        typer.echo(f"{fact.position}  {_name(fact)}  {waits}")
        json_out(_whole(fact))


@commands.command()
def retry(
    listener: Listener = None,
    stream: Stream = None,
    service: OneService = None,
    tenant: Tenant = None,
    source: Source = None,
    error: Error = None,
    before: Before = None,
    position: Position = None,
    as_json: AsJson = False,
) -> None:
    """Handle what is parked again: stream by stream, each in order up to the first fact that fails.

    Exit code 1 if one does. Example: luotsi parked retry policies --error "no such template"
    """
    wanted = _wanted(
        listener=listener, tenant=tenant, source=source, stream=stream, error=error, before=before, position=position
    )
    told = asyncio.run(unparking.retried(service, wanted))
    failed = [one for one in told if one["error"] is not None]
    handled, left = (sum(one[what] for one in told) for what in ("handled", "left"))
    if as_json:
        json_out({"streams": len(told), "handled": handled, "left": left, "failed": failed})
    else:
        typer.echo(f"streams: {len(told)}, facts handled: {handled}, left: {left}")
    if failed:
        lines = (f"{one['stream'] or 'unreadable'} in {one['listener']}: {one['error']}" for one in failed)
        raise Failed("\n".join(("still blocked:", *lines)))


@commands.command()
def discard(
    why: Annotated[str, typer.Option(help="Kept with it.")],
    listener: Listener = None,
    stream: Stream = None,
    service: OneService = None,
    tenant: Tenant = None,
    source: Source = None,
    error: Error = None,
    before: Before = None,
    position: Position = None,
    who: Annotated[str | None, typer.Option(help="Kept with it; else the user of this machine.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Also when it is more than one stream.")] = False,
    as_json: AsJson = False,
) -> None:
    """Give up the first fact: it is kept with who and why. What waits behind it is to be retried then.

    Example: luotsi parked discard teams.v1.b1 --position 4711 --why "written by hand"
    """
    from getpass import getuser

    if not why.strip():
        raise WrongUse("--why: is kept with the fact, in words")
    wanted = _wanted(
        listener=listener, tenant=tenant, source=source, stream=stream, error=error, before=before, position=position
    )
    gone = asyncio.run(unparking.discarded(service, wanted, who or getuser(), why, yes))
    if as_json:
        json_out([_whole(fact) for fact in gone])
    else:
        for fact in gone:
            typer.echo(f"discarded: {fact.position} of {fact.key.stream or fact.key.source} in {fact.listener}")
        typer.echo("what waited behind is handled by `luotsi parked retry`")


_LINE = ("listener", "tenant", "source", "stream", "position", "behind", "attempts", "first_seen", "error")


def _in_a_line(one: "Blocked") -> dict[str, Any]:
    what = (one.listener, *one.key, one.position, one.behind, one.attempts, one.first_seen, one.error)
    return dict(zip(_LINE, what, strict=True))


def _whole(fact: "Parked") -> dict[str, Any]:
    return {
        "listener": fact.listener,
        "position": fact.position,
        "partition": fact.partition,
        "error": fact.error,
        "attempts": fact.attempts,
        "first_seen": fact.first_seen,
        "envelope": fact.envelope,
        "data": fact.data.decode(errors="backslashreplace"),
    }


def _name(fact: "Parked") -> str:
    return str(fact.envelope.get("name")) if isinstance(fact.envelope, dict) else "unreadable"


def _wanted(*, before: str | None, **filters: Any) -> "Wanted":
    """The other filters are those of `Wanted`, by its names."""
    from shared.listen.blocked import Wanted
    from shared.ops.settings import load

    return Wanted(before=instant(before, load().time_zone, "--before"), **filters)
