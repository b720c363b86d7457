"""A process of each role, of which nobody starts another: they have to sit an outage out themselves."""

from pathlib import Path

import httpx
import psutil

from tests.e2e.nursery import Nursery
from tests.parts.server import free_port
from tests.parts.waiting import wait_until

ROLES = ("api", "relay", "worker")


class Crew:
    def __init__(self, nursery: Nursery, env: dict[str, str], logs: Path) -> None:
        self._urls = {role: f"http://127.0.0.1:{free_port()}" for role in ROLES}
        ports = {role: url.rpartition(":")[2] for role, url in self._urls.items()}
        self._processes = [
            psutil.Process(nursery.born(role, {**env, "LUOTSI_HTTP_PORT": ports[role]}, logs / f"{role}.log"))
            for role in ROLES
        ]

    @property
    def api(self) -> str:
        return self._urls["api"]

    def ready(self) -> dict[str, bool]:
        return {role: self._status(url) == httpx.codes.OK for role, url in self._urls.items()}

    def wait_until_ready(self) -> None:
        wait_until(lambda: all(self.ready().values()), "a process of each role")

    def lives(self) -> bool:
        return all(process.is_running() for process in self._processes)

    def _status(self, url: str) -> int | None:
        """None while nobody listens there."""
        try:
            return httpx.get(f"{url}/readyz", timeout=10).status_code
        except httpx.TransportError:
            return None
