"""`docker compose` on our file: project, images and ports of its own, so that it meets nobody else's."""

import json
import os
import shutil
import subprocess
from typing import Any
from uuid import uuid4

import pytest

from tests.parts.server import free_port
from tests.shared.ops.commanding import ROOT, environment
from tests.shared.ops.processes import SECRET

PATIENCE = 300


class Compose:
    def __init__(self) -> None:
        self.project = f"luotsi-test-{uuid4().hex[:8]}"
        self.ports = {name: str(free_port()) for name in ("postgres", "kafka", "onboarding", "coaching")}
        ports = {f"{name}_port": port for name, port in self.ports.items()}
        self._env = environment(images=self.project, clock="movable", token_secret=SECRET, **ports)

    def up(self, *options: str) -> None:
        self("up", "--detach", "--wait", *options)

    def remove(self) -> None:
        """With data and images; what these were built from stays in the engine's cache."""
        images = [name for name in self("config", "--images").split() if name.startswith(self.project)]
        self("down", "--volumes", "--remove-orphans")
        subprocess.run(["docker", "rmi", *set(images)], capture_output=True, check=False)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["docker", "compose", "--project-name", self.project, *words]
        return subprocess.run(
            command, cwd=ROOT, env=self._env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def __call__(self, *words: str) -> str:
        ran = self.run(*words)
        if ran.returncode:
            pytest.fail(f"docker compose {' '.join(words)}: {ran.stderr}\n{self.run('logs', '--tail', '30').stdout}")
        return ran.stdout

    def inside(self, service: str, *command: str) -> list[str]:
        return self("exec", "--no-TTY", service, *command).split()

    def containers(self) -> dict[str, dict[str, Any]]:
        """What Docker knows of each, by the service's name; those that have done their work are left out."""
        ids = self("ps", "--quiet").split()
        told = subprocess.run(["docker", "inspect", *ids], capture_output=True, text=True, check=True).stdout
        return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in json.loads(told)}


def skip_without_docker() -> None:
    reason = _lacking()
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def _lacking() -> str | None:
    if not shutil.which("docker"):
        return "No containers: there is no docker command"
    for words in (["docker", "compose", "version"], ["docker", "info"]):
        if subprocess.run(words, capture_output=True, check=False).returncode:
            return f"No containers: `{' '.join(words)}` fails"
    return None
