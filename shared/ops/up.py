"""`luotsi up`: the whole platform in this process, with a database of its own, until it is told to stop."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shared.ops.printing import AsJson, WrongUse, called, json_line

if TYPE_CHECKING:
    from shared.ops.settings import Settings

Folder = Annotated[Path | None, typer.Option("--data-dir", help="Where everything is kept. [LUOTSI_DATA_DIR]")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="0 takes any free one. [LUOTSI_HTTP_PORT]")]


def up(data_dir: Folder = None, port: Port = None, as_json: AsJson = False) -> None:
    """Run all services in one process on the embedded database.

    Example: luotsi up --data-dir .luotsi --port 8000
    """
    from shared.ops.settings import load
    from shared.run.loop import run_until_done
    from shared.telemetry import logs, traces

    given = {"data_dir": data_dir, "http_port": port}
    settings = load(**{name: value for name, value in given.items() if value is not None})
    if not settings.embedded:
        raise WrongUse("LUOTSI_DSN is set: services on a server are started as `python -m services.<name> run`")
    logs.configure(settings.log_level, settings.log_format)
    with traces.sending("platform", settings.otlp_endpoint):
        run_until_done(_up(settings, as_json))


async def _up(settings: "Settings", as_json: bool) -> None:
    from shared.ops.embedded import clock_of, running
    from shared.run.loop import signalled

    stop = signalled()
    async with running(settings, clock_of(settings)) as platform:
        if as_json:
            json_line({"url": platform.url, "data_dir": settings.data_dir})
        else:
            _welcome(platform.url, settings)
        await platform.during(stop.wait())


def _welcome(url: str, settings: "Settings") -> None:
    from shared.ops.found import names
    from shared.ops.settings import Settings

    elsewhere = settings.data_dir != Settings.model_fields["data_dir"].default
    luotsi = f"LUOTSI_DATA_DIR={settings.data_dir} {called()}" if elsewhere else called()
    typer.echo(f"Luotsi is up at {url}")
    for name in names():
        typer.echo(f"  what it offers    {url}/{name}/openapi.json")
    typer.echo(f"  a token for it    {luotsi} token --role H --tenant demo")
    typer.echo(f"  where it stands   {luotsi} status")
    typer.echo(f"Everything is kept in {settings.data_dir}. Ctrl-C stops it.")
