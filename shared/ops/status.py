"""`luotsi status`: where everything stands."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from shared.ops.printing import AsJson, Failed, NotReachable, OneService, json_out, moment, table

if TYPE_CHECKING:
    from shared.run.standing import Lag, Standing


def status(
    service: OneService = None,
    as_json: AsJson = False,
    strict: bool = typer.Option(False, "--strict", help="Exit code 1 while anything is parked, stopped or behind."),
) -> None:
    """Positions, lag in facts and seconds per listener, what is parked, and the relay. A `?` stands for the lag behind
    a source that cannot be reached from here. A service whose own database is away is named last: exit code 3.

    Example: luotsi status --strict
    """
    found, away = asyncio.run(_status(service))
    if as_json and found:
        json_out([asdict(one) for one in found])
    elif not as_json:
        for one in found:
            _print(one)
    if away:
        raise NotReachable("; ".join(map(str, away)))
    if strict and not all(map(_in_order, found)):
        raise Failed("something is parked, set aside, stopped or behind")


async def _status(only: str | None) -> "tuple[list[Standing], list[NotReachable]]":
    """Of each service that can be reached, and why the others cannot."""
    from shared.ops.databases import database, reaching
    from shared.ops.found import services
    from shared.ops.settings import load
    from shared.run.standing import standing

    settings, asked = load(), services(only)
    async with AsyncExitStack() as stack:
        databases = {one.name: await stack.enter_async_context(database(settings, one)) for one in services()}
        found, away = [], []
        for one in asked:
            try:
                with reaching(one, databases[one.name].dsn):
                    found.append(await standing(one.name, databases))
            except NotReachable as error:
                away.append(error)
        return found, away


def _in_order(one: "Standing") -> bool:
    lags = [heard.lag for heard in one.listeners] + ([one.relay.lag] if one.relay else [])
    if one.relay and one.relay.trouble:
        return False
    return not one.parked and not one.set_aside and not any(lag.facts or lag.ahead for lag in lags)


def _print(one: "Standing") -> None:
    typer.echo(
        f"{one.service}: {one.head} facts, the newest stored at {moment(one.newest) if one.newest else 'no time yet'}"
    )
    if one.relay:
        typer.echo(
            f"relay: up to {one.relay.mark} on {one.relay.partitions} partitions, behind {_words(one.relay.lag)}"
        )
        if one.relay.trouble:
            typer.echo(f"relay: has stopped: {one.relay.trouble}")
    due = f", the next not before {moment(one.next_deadline)}" if one.next_deadline else ""
    late = f", the oldest late by {one.late:.0f} s" if one.late else ""
    typer.echo(f"deadlines: {one.deadlines}{due}{late}, set aside: {one.set_aside}")
    typer.echo(f"refused commands of policies and deadlines: {one.refused}")
    parked = {row.listener: row for row in one.parked}
    rows = [
        (
            heard.listener,
            heard.source,
            " ".join(map(str, heard.positions)),
            "?" if heard.lag.facts is None else heard.lag.facts,
            "?" if heard.lag.seconds is None else round(heard.lag.seconds, 1),
            parked[heard.listener].keys if heard.listener in parked else 0,
        )
        for heard in one.listeners
    ]
    table(("listener", "source", "taken up to", "facts behind", "seconds behind", "keys parked"), rows)
    for heard in one.listeners:
        if heard.lag.ahead:
            typer.echo(f"{heard.listener}: {heard.lag.ahead} facts beyond the end of {heard.source}: `luotsi doctor`")
    making = [build for build in one.builds if build["state"] not in ("live", "previous")]
    for build in making:
        share = f", {100 * build['done'] // build['total']} % read" if build["total"] else ""
        typer.echo(f"{build['read_model']} version {build['version']}, build {build['build']}: {build['state']}{share}")


def _words(lag: "Lag") -> str:
    return f"{lag.facts} facts, {lag.seconds or 0:.1f} s"
