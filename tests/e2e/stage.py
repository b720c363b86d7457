"""A small platform on real servers, a process of each role, and a `kubectl` that knows what operators ask of it."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import psutil

from tests.e2e.nursery import Nursery
from tests.parts.server import free_port
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import Ran, luotsi

ROLES = ("api", "relay", "worker")


class Stage:
    """`overlay` is what the manifests say by now; `settings` what was applied last."""

    def __init__(self, nursery: Nursery, settings: Mapping[str, str], logs: Path) -> None:
        self.settings, self.overlay = dict(settings), dict(settings)
        self._nursery, self._logs = nursery, logs
        self._ports = {role: free_port() for role in ROLES}
        self._running: dict[str, psutil.Process] = {}
        self._astray: set[str] = set(ROLES)  # roles that do not run, or not as they should

    def start(self, role: str, release: str | None = None, **mistaken: str) -> None:
        """`mistaken` are settings of a release that were mistyped."""
        settings = {**self.settings, "http_port": str(self._ports[role]), "log_format": "json", **mistaken}
        env = {f"LUOTSI_{name.upper()}": value for name, value in settings.items()}
        self._astray = self._astray | {role} if release or mistaken else self._astray - {role}
        self._running[role] = psutil.Process(self._nursery.born(role, env, self.log(role), release))

    def stop(self, role: str) -> None:
        if (process := self._running.pop(role, None)) is not None:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
                process.wait(30)
        self._astray.add(role)

    def stop_all(self) -> None:
        for role in ROLES:
            self.stop(role)

    def restart(self, role: str, release: str | None = None, **mistaken: str) -> None:
        self.stop(role)
        self.start(role, release, **mistaken)

    def recover(self) -> None:
        """Whatever a chapter has left, everything runs as it should."""
        for role in sorted(self._astray):
            self.restart(role)
        self.wait_ready()

    def log(self, role: str) -> Path:
        return self._logs / f"{role}.log"

    def url(self, role: str) -> str:
        return f"http://127.0.0.1:{self._ports[role]}"

    def is_ready(self, role: str) -> bool:
        try:
            return httpx.get(f"{self.url(role)}/readyz", timeout=10).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def wait_ready(self, *roles: str) -> None:
        for role in roles or ROLES:
            wait_until(lambda role=role: self.is_ready(role), f"the {role}")  # type: ignore[misc]

    def luotsi(self, words: Sequence[str]) -> Ran:
        return luotsi(*words, **self.settings)

    def kubectl(self, words: Sequence[str]) -> Ran:
        """What a cluster would do with it, here. What it does not know fails the test."""
        asked = " ".join(word for word in words if word not in ("--namespace", "luotsi"))
        for begins, answer in self._answers().items():
            if asked.startswith(begins):
                return Ran(0, answer(asked.removeprefix(begins).strip()), "")
        raise AssertionError(f"nobody here knows: kubectl {asked}")

    def _answers(self) -> dict[str, Callable[[str], str]]:
        return {
            "get pods": lambda _: "\n".join(f"onboarding-{role}-1 {self.is_ready(role)}" for role in self._running),
            "logs --selector app.kubernetes.io/component=": lambda rest: self._tail(rest.split()[0]),
            "logs deployment/onboarding-": lambda rest: self._tail(rest.split()[0]),
            "rollout restart deployment/onboarding-": self._rolled,
            "rollout undo deployment/onboarding-": self._rolled,
            "scale --replicas ": self._scaled,
            "apply --kustomize ": self._applied,
            "wait --for=condition=ready pod": self._waited,
            "patch persistentvolumeclaim": lambda rest: str(shlex.split(rest)),
        }

    def _tail(self, role: str) -> str:
        return "\n".join(self.log(role).read_text().splitlines()[-50:])

    def _rolled(self, role: str) -> str:
        self.restart(role)
        return f"deployment.apps/onboarding-{role} restarted"

    def _scaled(self, rest: str) -> str:
        replicas, *names = rest.split()
        for name in names:
            role = name.removeprefix("deployment/onboarding-")
            self.stop(role)
            if replicas != "0":
                self.start(role)
        return "scaled"

    def _applied(self, _: str) -> str:
        self.settings |= self.overlay
        for role in ROLES:
            self.restart(role)
        return "configured"

    def _waited(self, _: str) -> str:
        self.wait_ready(*self._running)
        return "condition met"
