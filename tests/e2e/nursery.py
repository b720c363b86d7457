"""A process that has read all the code makes processes of a service from itself: born in milliseconds, killed alone.

`python -m tests.e2e.nursery SERVICE` reads a line `{"role": …, "env": {…}, "log": path, "release": …}` and answers
with a pid. A release is one of those that should not have been deployed; without it, the code is as it is here.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from shared.ops import roles
from shared.ops.found import service
from tests.e2e.releases import RELEASES


class Nursery:
    """The test's end of it."""

    def __init__(self, service_name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.nursery", service_name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def born(self, role: str, env: Mapping[str, str], log: Path, release: str | None = None) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            json.dumps({"role": role, "env": dict(env), "log": str(log), "release": release}) + "\n"
        )
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """All children end with it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()


def _child(service_name: str, role: str, env: Mapping[str, str], log: str, release: str | None) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(env)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (0, 1, 2):
        os.dup2(out if stream else os.open(os.devnull, os.O_RDONLY), stream)
    found = service(service_name)
    sys.modules["__main__"].__spec__ = find_spec(f"services.{service_name}.__main__")  # what starts it for a rebuild
    if release is not None:
        RELEASES[release](found)
    roles.main(found, [role])


def main(service_name: str) -> None:
    for module in ("faststream.kafka", "uvicorn", "uvloop", "aiokafka", "shared.web.app"):
        import_module(module)
    service(service_name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        wish = json.loads(line)
        if (pid := os.fork()) == 0:
            _child(service_name, **wish)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
