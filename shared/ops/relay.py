"""`luotsi relay`: having a topic written again, whole or from where it is no longer whole."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.printing import AsJson, ThisService, json_line

if TYPE_CHECKING:
    from shared.ops.both_ends import BothEnds
    from shared.upkeep.resending import Begun

commands = typer.Typer(help="Has facts sent again to the topic of a service.", no_args_is_help=True)


@commands.command()
def republish(
    service: ThisService,
    partitions: Annotated[
        int | None, typer.Option(min=1, max=1024, help="To so many from now on; else as many as before.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send the whole store into an empty topic; the only way to another number of partitions.

    Stop the relays, delete the topic and create it anew first: it is refused while a relay leads, and while the topic
    holds anything. Listeners follow by themselves. Killed in the middle, any relay goes on, and so does this verb.
    Example: luotsi relay republish --service onboarding --partitions 12
    """
    _tell(asyncio.run(_republish(service, partitions, as_json)), as_json)


@commands.command()
def rewind(
    service: ThisService,
    to_position: Annotated[
        int | None, typer.Option(min=0, help="Else the last one up to which the topic is whole.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say from where it would be.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send again what a topic has lost at its end, or all of it if it was made anew.

    Repeats are legal: listeners drop what they had. A topic that has lost its beginning, or something in the middle, is
    not mended by this. Example: luotsi relay rewind --service onboarding --dry-run
    """
    _tell(asyncio.run(_rewind(service, to_position, dry_run, as_json)), as_json)


async def _republish(service: str, partitions: int | None, as_json: bool) -> dict[str, Any]:
    from shared.ops.both_ends import both_ends
    from shared.upkeep import resending

    async with both_ends(service) as found:
        begun = await resending.republish(found.database, found.store, found.broker, found.topic, partitions)
        return await _sent(found, begun, as_json)


async def _rewind(service: str, to_position: int | None, dry_run: bool, as_json: bool) -> dict[str, Any]:
    from shared.ops.both_ends import both_ends
    from shared.upkeep import resending

    async with both_ends(service) as found:
        where = found.database, found.store, found.broker, found.topic
        begun = await resending.rewind(*where, to_position, dry_run=dry_run)
        if dry_run:
            return {"done": False, "topic": found.topic, "partitions": begun.partitions, "from": begun.mark}
        return await _sent(found, begun, as_json)


async def _sent(found: "BothEnds", begun: "Begun", as_json: bool) -> dict[str, Any]:
    from shared.ops.progress import progress
    from shared.upkeep.resending import see_through

    head = await found.store.head()
    with progress(as_json) as shown:
        await see_through(found.relay(), found.database, head, lambda mark: shown("sending", mark, head))
    return {"done": True, "topic": found.topic, "partitions": begun.partitions, "from": begun.mark, "to": head}


def _tell(done: dict[str, Any], as_json: bool) -> None:
    if as_json:
        json_line(done)
    elif done["done"]:
        words = "{topic}: all facts after {from} up to {to} were sent, on {partitions} partitions"
        typer.echo(words.format_map(done))
    else:
        typer.echo("{topic}: it would be sent all after {from}; nothing was changed".format_map(done))
