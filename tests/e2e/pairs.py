"""Two processes of each role, of which any may be killed at any moment: it is born again at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.e2e.nursery import Nursery
from tests.parts.server import free_port

Member = tuple[str, int]  # the role, and the first or the second of it


class Pairs:
    def __init__(self, nursery: Nursery, env: dict[str, str], logs: Path) -> None:
        self._nursery, self._env, self._logs = nursery, env, logs
        self.ports = {(role, number): free_port() for role in ("api", "relay", "worker") for number in (1, 2)}
        self._pids = {member: self._born(member) for member in self.ports}
        self.kills: Counter[str] = Counter()

    @property
    def apis(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for (role, _), port in self.ports.items() if role == "api"]

    def process(self, member: Member) -> psutil.Process:
        """Raises AssertionError with its last words for one that has ended by itself."""
        try:
            return psutil.Process(self._pids[member])
        except psutil.NoSuchProcess:
            raise AssertionError(f"{member} has ended by itself: {self._log(member).read_text()[-4000:]}") from None

    def _born(self, member: Member) -> int:
        env = {**self._env, "LUOTSI_HTTP_PORT": str(self.ports[member])}
        return self._nursery.born(member[0], env, self._log(member))

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What fails meanwhile is told with the errors that the processes have logged."""
        try:
            yield
        except BaseException as error:
            logs = "\n".join(log.read_text() for log in sorted(self._logs.glob("*.log")))
            error.add_note("\n".join([line for line in logs.splitlines() if '"exception"' in line][-5:]))
            raise

    def _log(self, member: Member) -> Path:
        return self._logs / f"{member[0]}-{member[1]}.log"

    def kill(self, member: Member) -> None:
        process = self.process(member)
        process.kill()
        process.wait(10)
        self.kills[member[0]] += 1
        self._pids[member] = self._born(member)
