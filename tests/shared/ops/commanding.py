"""The command line as a person or a script uses it: words in, output and an exit code out."""

import io
import json
import os
import sys
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog

from shared.ops import cli

ROOT = Path(__file__).parents[3]
PROGRAM = str(Path(sys.executable).with_name("luotsi"))


@dataclass(frozen=True)
class Ran:
    returncode: int
    stdout: str
    stderr: str


def environment(**settings: str) -> dict[str, str]:
    """Nothing of this machine's own settings, only those given: http_port="0" and so on."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LUOTSI_")}
    return {**clean, **{f"LUOTSI_{name.upper()}": value for name, value in settings.items()}}


def luotsi(*words: str, **settings: str) -> Ran:
    """In this process, by the entry point that the script has: starting Python anew would take most of the time.

    A rebuild would stand back for good, and all tests after it with it; and it would copy this process.
    """
    out, err = io.StringIO(), io.StringIO()
    env = patch.dict(os.environ, environment(**settings), clear=True)
    argv, in_front = patch.object(sys, "argv", ["luotsi", *words]), patch("shared.ops.rebuild.stand_back")
    no_lanes = patch("shared.ops.lane.ready", lambda _: nullcontext())
    with env, argv, in_front, no_lanes, redirect_stdout(out), redirect_stderr(err):
        try:
            cli.app()
            code: Any = 0
        except SystemExit as ended:
            code = ended.code or 0
        finally:
            structlog.reset_defaults()
    return Ran(code, out.getvalue(), err.getvalue())


def answer(*words: str, **settings: str) -> Any:
    """What a verb says with --json, whatever its exit code."""
    ran = luotsi(*words, "--json", **settings)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)
