"""`luotsi contracts`: the schemas other people build against, written by the code and checked against it."""

from pathlib import Path
from typing import Annotated

import typer

from shared.ops.printing import AsJson, Failed, json_out

commands = typer.Typer(help="The contracts and the event map in deploy/contracts.", no_args_is_help=True)

Unreleased = Annotated[bool, typer.Option("--unreleased", help="Nothing that was stored must be read again.")]


@commands.command("write")
def write(unreleased: Unreleased = False, as_json: AsJson = False) -> None:
    """Write them anew, from the root of the project. Example: luotsi contracts write

    An incompatible change is refused, with the inboxes it would break.
    """
    from shared.contracts.writing import Incompatible
    from shared.contracts.writing import write as write_all
    from shared.ops.found import services

    try:
        changed = write_all(services(), Path.cwd(), unreleased=unreleased)
    except Incompatible as error:
        raise Failed(f"refused, nothing was written:\n{error}") from error
    if as_json:
        json_out({"changed": [str(path) for path in changed]})
    else:
        typer.echo("\n".join(map(str, changed)) or "all contracts are as the code says")
