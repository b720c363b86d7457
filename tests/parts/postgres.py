"""PostgreSQL for tests: an address given, a container, or the wheel's own binaries."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shared.embedded import binaries
from tests.parts import container
from tests.parts.server import Absent, Server, first_of, free_port
from tests.parts.waiting import wait_until

IMAGE = "postgres:17"
SETTINGS = {"max_connections": "400", "shared_buffers": "256MB"}


class Postgres(Server, Protocol):
    @property
    def dsn(self) -> str:
        """`postgresql://user:password@host:port/database`, with the rights of a superuser."""

    def restart(self) -> None: ...
    def kill(self) -> None:
        """As if the power went: no checkpoint, every connection cut."""


@dataclass(frozen=True)
class GivenPostgres:
    dsn: str

    def stop(self) -> None:
        raise NotImplementedError("a server given by LUOTSI_TEST_DSN is not ours to stop")

    start = restart = kill = stop

    def remove(self) -> None:
        pass


@dataclass(frozen=True)
class BoxedPostgres:
    dsn: str
    box: container.Box

    def stop(self) -> None:
        self.box.stop()

    def kill(self) -> None:
        self.box.kill()

    def start(self) -> None:
        self.box.start()
        self.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

    def wait(self) -> None:
        asked = ("pg_isready", "-q", "-h", "127.0.0.1", "-U", "postgres")
        wait_until(lambda: self.box.succeeds(*asked), "PostgreSQL in its container")

    def remove(self) -> None:
        self.box.remove()


@dataclass(frozen=True)
class WheelPostgres:
    dsn: str
    data: Path

    def stop(self) -> None:
        self._ctl("stop", "-m", "fast")

    def kill(self) -> None:
        self._ctl("stop", "-m", "immediate")

    def start(self) -> None:
        if not (self.data / "postmaster.pid").exists():
            self._ctl("start", "-l", str(self.data / "log"))

    def restart(self) -> None:
        self._ctl("restart", "-m", "fast")

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.data)

    def _ctl(self, *words: str) -> None:
        binaries.run("pg_ctl", "-w", "-D", str(self.data), *words)


def given(_: Path) -> Postgres:
    if dsn := os.environ.get("LUOTSI_TEST_DSN"):
        return GivenPostgres(dsn)
    raise Absent("LUOTSI_TEST_DSN is not set")


def boxed(_: Path) -> Postgres:
    host, port = container.host(), free_port()
    command = ["postgres", *(word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}"))]
    env = {"POSTGRES_PASSWORD": "test", "PGPORT": str(port)}
    box = container.run(IMAGE, port, env, command=command, shm_size="1g")
    server = BoxedPostgres(f"postgresql://postgres:test@{host}:{port}/postgres", box)
    server.wait()
    return server


def wheel(room: Path) -> Postgres:
    data = Path(tempfile.mkdtemp(prefix="postgres-", dir=room))
    binaries.hand_over(data)
    binaries.run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=utf8")
    port = free_port()
    settings = {**SETTINGS, "port": str(port), "unix_socket_directories": "''"}
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.writelines(f"{name} = {value}\n" for name, value in settings.items())
    server = WheelPostgres(f"postgresql://postgres:test@127.0.0.1:{port}/postgres", data)
    server.start()
    return server


def provide(room: Path) -> Postgres:
    return first_of((given, boxed, wheel), room)


def provide_own(room: Path) -> Postgres:
    return first_of((boxed, wheel), room)
