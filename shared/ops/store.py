"""`luotsi store`: putting a store right that came back from an older copy."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from shared.ops.printing import AsJson, ThisService, json_line

if TYPE_CHECKING:
    from shared.upkeep.rejoining import Rejoined

commands = typer.Typer(help="Puts a store right that came back from an older copy.", no_args_is_help=True)


@commands.command()
def rejoin(
    service: ThisService,
    accept_lost: Annotated[
        bool, typer.Option("--accept-lost", help="Go on although positions are neither here nor on the topic.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put back from the topic the facts that the store lacks, all of them or none, before the api is started.

    Refused when the two differ before the store's end, and when anything is appended meanwhile. Ids of commands are not
    on the topic: receipts come back for policies and for deadlines whose row is there; a person's command of the lost
    time is decided again when it is asked again. Example: luotsi store rejoin --service onboarding
    """
    done = asyncio.run(_rejoin(service, accept_lost, as_json))
    if as_json:
        json_line(done._asdict())
        return
    typer.echo(f"put back: {done.facts} facts, {done.receipts} receipts; the store ends at {done.head} now")
    if done.lost:
        typer.echo(f"lost for ever: {len(done.lost)} positions, {done.lost[0]} to {done.lost[-1]}")


async def _rejoin(service: str, accept_lost: bool, as_json: bool) -> "Rejoined":
    from shared.ops.both_ends import both_ends
    from shared.ops.progress import progress
    from shared.upkeep.rejoining import rejoin as put_back

    async with both_ends(service) as found:
        with progress(as_json) as shown:
            where = found.database, found.store, found.broker, found.topic
            return await put_back(
                *where, accept_lost=accept_lost, told=lambda step, position: shown(step, position, None)
            )
