"""Processes of the platform: started, waited for, asked and stopped."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.parts.server import free_port
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import ROOT, environment

SECRET = "a secret of the tests, long enough"


@dataclass(frozen=True)
class Running:
    """`url` is where it answers; `log` has what it said."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    def get(self, path: str) -> httpx.Response | None:
        """None while nobody listens there."""
        try:
            return httpx.get(f"{self.url}{path}", timeout=10)
        except httpx.TransportError:
            return None

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        answer = self.get("/readyz")
        return answer is not None and answer.status_code == 200

    def wait_ready(self) -> None:
        wait_until(self.is_ready, f"the process at {self.url}")

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def says(self, event: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return any(line["event"] == event for line in self.lines())

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def running(program: Sequence[str], log: Path, **settings: str) -> Iterator[Running]:
    port = free_port()
    env = environment(http_port=str(port), log_format="json", token_secret=SECRET, **settings)
    with log.open("w") as out:
        process = subprocess.Popen(program, stdout=out, stderr=out, env=env, cwd=ROOT, text=True)
    try:
        yield Running(process, f"http://127.0.0.1:{port}", log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(60)


def bank(role: str) -> list[str]:
    return [sys.executable, "-m", "tests.shared.ops.bank", role]
