"""Which Python `make setup` takes, of machines where each interpreter says how long its loop took."""

import os
import shutil
import subprocess
from pathlib import Path

SCRIPT = Path("deploy/interpreter.sh").resolve()


def test_the_first_of_those_that_are_nearly_as_quick_as_the_quickest(tmp_path: Path) -> None:
    assert _taken(tmp_path, slow="0.0115", near="0.0075", best="0.0070") == "/near/python3"


def test_the_only_one_is_taken_however_slow(tmp_path: Path) -> None:
    assert _taken(tmp_path, slow="0.0115") == "/slow/python3"


def test_one_that_will_not_do_is_passed_over(tmp_path: Path) -> None:
    assert _taken(tmp_path, broken=None, good="0.0115") == "/good/python3"


def test_none_is_named_where_there_is_none(tmp_path: Path) -> None:
    assert not _taken(tmp_path, broken=None)


def _taken(room: Path, **seconds: str | None) -> str:
    """Of a PATH with these folders in this order: None for an interpreter that is too old, or has no venv."""
    for folder, took in seconds.items():
        program = room / folder / "python3"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\n" + (f"echo {took} /{folder}/python3\n" if took else "exit 1\n"))
        program.chmod(0o755)
    for needed in ("awk", "sh"):
        (room / needed).symlink_to(shutil.which(needed) or os.devnull)
    path = ":".join(str(room / folder) for folder in (*seconds, "."))
    command = [str(room / "sh"), str(SCRIPT)]
    return subprocess.run(command, env={"PATH": path}, check=True, capture_output=True, text=True).stdout.strip()
