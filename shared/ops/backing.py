"""`luotsi backup` and `luotsi restore`: the embedded platform in one file, and back. A server has its own ways."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shared.ops.printing import AsJson, Failed, WrongUse, called, json_line, moment

if TYPE_CHECKING:
    from shared.ops.progress import Shown
    from shared.ops.settings import Settings

Folder = Annotated[Path | None, typer.Option("--data-dir", help="The platform's folder. [LUOTSI_DATA_DIR]")]
Target = Annotated[Path, typer.Option("--to", dir_okay=False, help="The file to make. It must not be there yet.")]
Source = Annotated[Path, typer.Option("--from", exists=True, dir_okay=False, help="A file that `luotsi backup` made.")]
Replace = Annotated[bool, typer.Option("--replace", help="Move what is in the folder aside, and keep it there.")]


def backup(to: Target, data_dir: Folder = None, as_json: AsJson = False) -> None:
    """Back the embedded platform up while it runs, or while it does not. The file holds the token secret too.

    Example: luotsi backup --to luotsi-2027-03-01.tar.gz
    """
    from shared.embedded.backup import BackupFailed
    from shared.embedded.keeping import NothingThere, back_up
    from shared.embedded.postgres import EmbeddedFailed
    from shared.ops.progress import progress

    settings, target = _settings(data_dir), to.absolute()
    if target.exists():
        raise WrongUse(f"{to} is there already: no backup is ever overwritten")
    if not target.parent.is_dir():
        raise WrongUse(f"there is no folder {target.parent}")
    try:
        with progress(as_json) as shown:
            tell = partial(_tell, shown, "backing up, MiB")
            about = asyncio.run(back_up(settings.data_dir, target, tell))
    except (BackupFailed, NothingThere, EmbeddedFailed) as error:
        raise Failed(str(error)) from error
    if as_json:
        json_line({"done": True, "file": target, "bytes": target.stat().st_size, **about.model_dump(mode="json")})
    else:
        typer.echo(f"{to}: {target.stat().st_size / 2**20:.1f} MiB, {_facts(about.services)} at least")


def restore(from_: Source, data_dir: Folder = None, replace: Replace = False, as_json: AsJson = False) -> None:
    """Put a backup in the place of the embedded platform. It is checked and opened before anything is changed.

    Example: luotsi restore --from luotsi-2027-03-01.tar.gz --data-dir .luotsi
    """
    from shared.embedded.backup import Unusable
    from shared.embedded.keeping import NotEmpty
    from shared.embedded.keeping import restore as restored
    from shared.embedded.postgres import EmbeddedFailed
    from shared.ops.progress import progress

    settings = _settings(data_dir)
    folder = settings.data_dir.absolute()
    try:
        with progress(as_json) as shown:
            tell = partial(_tell, shown, "restoring, MiB")
            done = restored(from_.absolute(), folder, replace, tell)
    except NotEmpty as error:
        raise WrongUse(f"{error}: --replace moves aside what is there") from error
    except (Unusable, EmbeddedFailed, OSError) as error:
        raise Failed(str(error)) from error
    if as_json:
        told = {"folder": folder, "made_at": done.about.made_at, "services": done.services, "before": done.before}
        json_line({"done": True, **told})
        return
    typer.echo(f"{folder} is as it was at {moment(done.about.made_at)}, {_facts(done.services)}")
    if done.before:
        typer.echo(f"what was there is now in {done.before}")
    typer.echo(f"start it: {called()} up --data-dir {settings.data_dir}")


def _settings(data_dir: Path | None) -> "Settings":
    from shared.ops.settings import load

    settings = load(**({} if data_dir is None else {"data_dir": data_dir}))
    if not settings.embedded:
        raise WrongUse("LUOTSI_DSN is set: a server is backed up and restored by its own means, as by pg_basebackup")
    return settings


def _tell(shown: "Shown", what: str, done: int) -> None:
    shown(what, done // 2**20, None)


def _facts(services: "Mapping[str, int]") -> str:
    return ", ".join(f"{name} up to fact {head}" for name, head in services.items()) or "no service yet"
