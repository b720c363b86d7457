"""The embedded PostgreSQL: a real server in a folder of the project, up for as long as this process.

It listens on no network: the only way in is a unix socket in a folder of its user alone.
"""

import atexit
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from shared.embedded import binaries
from shared.embedded.binaries import ProgramFailed

LONGEST_SOCKET_FOLDER = 90  # the kernel takes 107 bytes, file name included
LEAST_FREE = 32 * 2**20  # two segments of PostgreSQL's log: with less it does not start


class EmbeddedFailed(Exception):
    """The embedded PostgreSQL cannot run; the text is for the person at the keyboard."""


class FolderInUse(EmbeddedFailed):
    def __init__(self, folder: Path, pid: str) -> None:
        super().__init__(f"{folder} is in use by process {pid}: stop that one, or choose another folder")
        self.folder, self.pid = folder, pid


class DiskFull(EmbeddedFailed):
    def __init__(self, folder: Path) -> None:
        free = shutil.disk_usage(folder).free // 2**20
        super().__init__(f"the disk that holds {folder} is full ({free} MiB free): make room and start again")
        self.folder = folder


@dataclass(frozen=True, slots=True)
class Addresses:
    """Two ways into one database: `owner` may migrate it, `service` only what a service may."""

    owner: str
    service: str


class EmbeddedPostgres:
    def __init__(
        self,
        folder: Path = Path(".luotsi"),
        *,
        shared_buffers: str = "128MB",
        max_connections: int = 200,
    ) -> None:
        self.folder = folder.absolute()
        self._options = {"shared_buffers": shared_buffers, "max_connections": str(max_connections)}
        self._data = self.folder / "postgres"
        self._lock: IO[str] | None = None

    def start(self) -> None:
        """Also takes over from a process that was killed and left its server behind."""
        try:
            self._take_folder()
            self._prepare()
            self._launch()
        except (ProgramFailed, OSError) as error:
            self._release()
            raise self._explained(error) from error
        except EmbeddedFailed:
            self._release()
            raise
        atexit.register(self.stop)

    def stop(self) -> None:
        """Waits until everything is on disk; a second call does nothing."""
        atexit.unregister(self.stop)
        if self._lock is None:
            return
        try:
            if self._runs():
                self._ctl("stop", "-m", "fast")
            if self._socket_folder() != self._data:
                shutil.rmtree(self._socket_folder(), ignore_errors=True)
        finally:
            self._release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps it from being started meanwhile, without starting it."""
        self._take_folder()
        try:
            yield
        finally:
            self._release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def database(self, name: str) -> Addresses:
        """Creates the database and its service's login where they are missing."""
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            raise ValueError(f"{name!r} is no name for a database")
        try:
            binaries.run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self._dsn("postgres"), told=_creation(name))
        except ProgramFailed as error:
            raise self._explained(error) from error
        return self.addresses(name)

    def addresses(self, name: str) -> Addresses:
        """Where the database is while some process, not necessarily this one, has the folder started."""
        return Addresses(owner=self._dsn(name), service=self._dsn(name, user=name))

    def trouble(self) -> EmbeddedFailed | None:
        """Why a statement may just have failed: the server is gone, or its disk is full."""
        if self._is_full():
            return DiskFull(self.folder)
        if not self._runs():
            return EmbeddedFailed(f"PostgreSQL in {self.folder} has stopped: {self._last_words()}")
        return None

    def _take_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            lock.close()
            raise FolderInUse(self.folder, holder) from error
        self._lock = lock
        lock.truncate(0)
        print(os.getpid(), file=lock, flush=True)

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _prepare(self) -> None:
        """Made aside and moved into place whole: a start that was cut short leaves nothing half done."""
        if self._data.exists():
            return
        made = self.folder / "postgres.new"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(mode=0o700)
        binaries.hand_over(made)
        locale = ("--encoding=utf8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        binaries.run("initdb", "-D", str(made), "-U", "postgres", "--auth=trust", *locale)
        made.rename(self._data)

    def _launch(self) -> None:
        if self._runs():
            self._ctl("stop", "-m", "fast")
        socket = self._socket_folder()
        if socket != self._data:
            socket.mkdir(mode=0o700, exist_ok=True)
            binaries.hand_over(socket)
        settings = self._options | {"listen_addresses": "", "unix_socket_directories": str(socket)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        self._ctl("start", "-l", str(self._data / "server.log"), "-o", options)

    def _ctl(self, *words: str) -> None:
        binaries.run("pg_ctl", "-w", "-t", "60", "-D", str(self._data), *words)

    def _runs(self) -> bool:
        try:
            binaries.run("pg_ctl", "-D", str(self._data), "status")
        except ProgramFailed:
            return False
        return True

    def _socket_folder(self) -> Path:
        """The data folder, which is its user's alone; a short name elsewhere where its path is too long."""
        if len(os.fsencode(self._data)) <= LONGEST_SOCKET_FOLDER:
            return self._data
        name = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:16]
        return Path(tempfile.gettempdir(), f"luotsi-{name}")

    def _dsn(self, database: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={quote(str(self._socket_folder()))}"

    def _is_full(self) -> bool:
        return self.folder.exists() and shutil.disk_usage(self.folder).free < LEAST_FREE

    def _explained(self, error: Exception) -> EmbeddedFailed:
        if "No space left on device" in f"{error} {self._last_words()}" or self._is_full():
            return DiskFull(self.folder)
        return EmbeddedFailed(f"PostgreSQL in {self.folder} did not start: {error}\n{self._last_words()}")

    def _last_words(self) -> str:
        log = self._data / "server.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""


def _creation(name: str) -> str:
    """For psql: `\\gexec` runs what the query before it wrote."""
    return f"""
        select 'create role luotsi_service nologin'
         where not exists (select from pg_roles where rolname = 'luotsi_service') \\gexec
        select 'create role {name} login in role luotsi_service'
         where not exists (select from pg_roles where rolname = '{name}') \\gexec
        select 'create database {name}'
         where not exists (select from pg_database where datname = '{name}') \\gexec
        revoke connect on database {name} from public;
        grant connect on database {name} to {name};
    """
