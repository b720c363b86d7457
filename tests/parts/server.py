"""What a server looks like to a test, and how one is looked for."""

import fcntl
import os
import random
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, TypeVar

import psutil


class Absent(Exception):
    """This way of getting a server is not open on this machine; the text says why."""


class Server(Protocol):
    """A value that travels between processes: whoever holds it stops and starts the same server."""

    def stop(self) -> None: ...
    def start(self) -> None: ...
    def remove(self) -> None: ...


S = TypeVar("S", bound=Server)


def first_of(ways: Iterable[Callable[[Path], S]], room: Path) -> S:
    reasons = []
    for way in ways:
        try:
            return way(room)
        except Absent as absent:
            reasons.append(str(absent))
    raise Absent("; ".join(reasons))


def free_port() -> int:
    """None of those that outgoing connections are given: it is still free when its server is started again."""
    while True:
        port = random.SystemRandom().randrange(16_384, 32_768)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process, however that ends."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def detached(command: list[str], log: Path) -> int:
    """Starts a process that outlives this one, and returns its id."""
    to_log = (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    errors_too = (os.POSIX_SPAWN_DUP2, 1, 2)
    return os.posix_spawnp(command[0], command, os.environ, file_actions=[to_log, errors_too], setsid=True)


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
