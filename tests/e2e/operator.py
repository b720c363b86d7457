"""Somebody who does what the handbook says, word for word."""

import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.handbook import CHAPTERS, Command, Step
from tests.e2e.stage import Stage
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import PROGRAM, Ran, environment

_UNTIL = re.compile(r"until (?P<asked>.+); do sleep \d+; done")
_FUNCTION = re.compile(r"^\w+\(\) {")


@dataclass(frozen=True)
class Operator:
    """`words` are what `$NAMES` stand for."""

    stage: Stage
    shell: Path
    words: Mapping[str, str]

    def follow(self, chapter: str) -> None:
        for step in CHAPTERS[chapter]:
            self.do(step)

    def do(self, step: Step) -> None:
        if any(_FUNCTION.match(command.text) for command in step.commands):
            printed = self._in_a_shell("\n".join(command.text for command in step.commands))
        else:
            printed = "".join(self.type(command) for command in step.commands)
        step.check(printed, self.words)

    def type(self, command: Command) -> str:
        """What it printed. One that is asked until it succeeds is asked without a pause."""
        if until := _UNTIL.fullmatch(command.text):
            wait_until(lambda: self._ran(until["asked"]).returncode == 0, until["asked"])
            return ""
        ran = self._ran(command.text)
        assert ran.returncode == command.exit_code, f"{command.text}: {ran}"
        return ran.stdout + ran.stderr

    def _ran(self, text: str) -> Ran:
        program, *words = shlex.split(re.sub(r"\$(\w+)", lambda name: self.words[name[1]], text))
        assert program in ("luotsi", "kubectl"), text
        return self.stage.luotsi(words) if program == "luotsi" else self.stage.kubectl(words)

    def _in_a_shell(self, script: str) -> str:
        """A cluster's `exec` runs it here."""
        kubectl = self.shell / "kubectl"
        kubectl.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n')
        kubectl.chmod(0o755)
        env = environment(**self.stage.settings)
        env["PATH"] = f"{self.shell}:{Path(PROGRAM).parent}:{env['PATH']}"
        ran = subprocess.run(["bash", "-euc", script], env=env, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout
