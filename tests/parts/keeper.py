"""Keeps one server up for as long as a test run lives.

The first test that asks starts a keeper process, whichever xdist worker it is in. The keeper
starts the server, leaves its handle in the run's room and waits for the run's lock. It gets the
lock when the controller ends, however that comes about, and then takes the server down.
"""

import pickle
import sys
from collections.abc import Callable
from pathlib import Path

from tests.parts import kafka, postgres
from tests.parts.server import Absent, Server, detached, lives, locked
from tests.parts.waiting import wait_until

PROVIDERS: dict[str, Callable[[Path], Server]] = {
    "postgres": postgres.provide,
    "own-postgres": postgres.provide_own,
    "kafka": kafka.provide,
    "own-kafka": kafka.provide_own,
}


def borrow(part: str, room: Path) -> Server:
    """The run's server of this kind, started if nobody asked before; raises Absent where none can be had."""
    told = room / f"{part}.handle"
    with locked(room / f"{part}.lock"):
        if not told.exists():
            log = room / f"{part}.log"
            pid = detached([sys.executable, "-m", "tests.parts.keeper", part, str(room)], log)
            wait_until(lambda: told.exists() or not lives(pid), part)
            if not told.exists():
                raise RuntimeError(f"no {part}: {log.read_text()}")
    found: Server | Absent = pickle.loads(told.read_bytes())
    if isinstance(found, Absent):
        raise found
    return found


def keep(part: str, room: Path) -> None:
    with locked(room / f"{part}.keeper"):
        try:
            server = PROVIDERS[part](room)
        except Absent as absent:
            _tell(absent, part, room)
            return
        try:
            _tell(server, part, room)
            with locked(room / "run"):
                pass
        finally:
            server.remove()


def _tell(found: Server | Absent, part: str, room: Path) -> None:
    draft = room / f"{part}.draft"
    draft.write_bytes(pickle.dumps(found))
    draft.rename(room / f"{part}.handle")


def wait_for_keepers(room: Path) -> None:
    for lock in room.glob("*.keeper"):
        with locked(lock):
            pass


if __name__ == "__main__":
    keep(sys.argv[1], Path(sys.argv[2]))
