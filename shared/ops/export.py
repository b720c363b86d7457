"""`luotsi export`: facts for analysts, as Parquet files that DuckDB, pandas and the like read as one table."""

import asyncio
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.ops.printing import AsJson, Failed, ThisService, WrongUse, json_line

if TYPE_CHECKING:
    from shared.export.folder import Selection

To = Annotated[Path, typer.Option(help="The folder; made if it is missing.", file_okay=False)]
Since = Annotated[int, typer.Option(min=0, help="Leave out what stands up to this position.")]
Name = Annotated[list[str] | None, typer.Option(help="Only facts of this name; several: --name x --name y.")]
Tenant = Annotated[str | None, typer.Option(help="Only of this organisation.")]

_WITHOUT = (
    "this installation goes without pyarrow: build the image with `--build-arg EXTRA=export` (deploy/Dockerfile),"
    " or export from a checkout after `make setup`, with LUOTSI_DSN as it is here"
)


def export(
    service: ThisService,
    to: To,
    since_position: Since = 0,
    name: Name = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Bring a folder of Parquet files up to the newest fact.

    The first time that's every fact; later only new ones are added, and after a crash it goes on where it stood.
    The same folder takes the same selection every time. Exit code 1 when another export is writing there.

    Example: luotsi export --service onboarding --to facts; then, in DuckDB:
    select name, count(*) from read_parquet('facts/**/*.parquet', hive_partitioning = true) group by name
    """
    if find_spec("pyarrow") is None:
        raise WrongUse(_WITHOUT)
    from shared.export.folder import Selection

    selection = Selection(since_position=since_position, names=sorted(set(name)) if name else None, tenant=tenant)
    done = asyncio.run(_export(service, to, selection, as_json))
    if as_json:
        json_line(done)
    else:
        typer.echo(
            f"{to}: {done['facts']} facts of {service} in {done['files']} files,"
            f" up to position {done['position']}, {done['per_second']} facts/s"
        )


async def _export(service: str, to: Path, selection: "Selection", as_json: bool) -> dict[str, Any]:
    from shared.export.export import export
    from shared.export.folder import Mismatch, Unusable
    from shared.ops.databases import database
    from shared.ops.found import service as found
    from shared.ops.progress import progress
    from shared.ops.settings import load

    started = time.monotonic()
    with progress(as_json) as shown:
        async with database(load(), found(service)) as opened:
            try:
                async for now in export(opened, service, to, selection):
                    shown("exporting", now.position, now.upto, facts=now.facts, files=now.files)
            except Unusable as unusable:
                raise (WrongUse if isinstance(unusable, Mismatch) else Failed)(str(unusable)) from None
    rate = int(now.facts / max(time.monotonic() - started, 0.001))
    return {"done": True, "position": now.position, "facts": now.facts, "files": now.files, "per_second": rate}
