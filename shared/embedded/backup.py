"""A backup of an embedded platform: one file with the whole of PostgreSQL, as it was at one moment, and what lies
beside it. It is as secret as the folder it is made of: nobody else may read it.
"""

import gzip
import os
import platform
import shutil
import tarfile
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ValidationError

from shared.embedded import binaries
from shared.embedded.binaries import ProgramFailed

ABOUT = "luotsi.json"  # the first thing in the file
BESIDE = ("token.secret", "clock")  # without its secret a restored platform would know none of the tokens it gave out
FORMAT = 1
_OF_THE_RUNNING = ("postgres/server.log", "postgres/.s.PGSQL.5432.lock")

Tell = Callable[[int], None]  # bytes done

_FAST = 3  # gzip's levels above it take twice the time for a tenth less


class BackupFailed(Exception):
    """There is no backup; the text says why. Nothing of it is left."""


class Unusable(Exception):
    """This file cannot be restored; the text says why."""


class About(BaseModel):
    """`services`: the position of the newest fact in each when the backup began. It may hold later ones."""

    format: int
    made_at: datetime
    postgres: str
    machine: str
    services: Mapping[str, int]

    @classmethod
    def now(cls, services: Mapping[str, int]) -> "About":
        return cls(
            format=FORMAT,
            made_at=datetime.now(UTC),
            postgres=binaries.version(),
            machine=platform.machine(),
            services=services,
        )


def write(server: str, folder: Path, about: About, target: Path, tell: Tell = lambda done: None) -> None:
    """`server` is the address of the running PostgreSQL of the folder. Made beside the target, put in place whole."""
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_FAST) as archive:
                _add(archive, ABOUT, about.model_dump_json(indent=2).encode())
                for name in BESIDE:
                    with suppress(FileNotFoundError):
                        _add(archive, name, (folder / name).read_bytes())
                _copy(server, archive, tell)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, target)
    except FileExistsError as error:
        raise BackupFailed(f"{target} is there already: no backup is ever overwritten") from error
    except (ProgramFailed, OSError, tarfile.TarError) as error:
        raise BackupFailed(str(error)) from error
    finally:
        aside.unlink(missing_ok=True)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(content), 0o600, int(time.time())
    archive.addfile(member, BytesIO(content))


def _copy(server: str, archive: tarfile.TarFile, tell: Tell) -> None:
    """With the log that was written meanwhile, so that it opens as it was when the copy ended."""
    words = ("-D", "-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--no-password", "-d", server)
    with binaries.output_of("pg_basebackup", *words) as output, tarfile.open(fileobj=output, mode="r|") as copied:
        for member in copied:
            member.name = str(PurePosixPath("postgres", member.name))
            if member.name in _OF_THE_RUNNING:
                continue
            archive.addfile(member, copied.extractfile(member) if member.isreg() else None)
            tell(copied.offset)
        while output.read(2**20):  # a program whose end nobody reads fails
            pass


def unpack(source: Path, into: Path, tell: Tell = lambda done: None) -> About:
    """Into a folder that is made for it. Raises Unusable for what is damaged, or not of this release's making."""
    into.mkdir(mode=0o700, parents=True)
    try:
        with gzip.open(source) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            members = iter(archive)
            about = _about(archive, next(members, None))
            for member in members:
                _extract(archive, member, into)
                tell(archive.offset)
            while plain.read(2**20):  # its checksum comes last
                pass
        (into / "postgres").chmod(0o700)
        binaries.hand_over(into / "postgres", whole=True)
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the file or the disk: gzip's own errors have none
            raise
        raise Unusable(f"{source} is damaged: {error}") from error
    return about


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """Folders and plain files, for their owner alone. Not every Python 3.11 has the filters of `tarfile`."""
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or not (member.isdir() or member.isreg()):
        raise Unusable(f"{member.name} belongs in no backup")
    if (content := archive.extractfile(member)) is None:
        (into / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        (into / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(into / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            shutil.copyfileobj(content, file)


def _about(archive: tarfile.TarFile, first: tarfile.TarInfo | None) -> About:
    told = archive.extractfile(first) if first is not None and first.name == ABOUT else None
    if told is None:
        raise Unusable("this is no backup that Luotsi has made")
    try:
        about = About.model_validate_json(told.read())
    except ValidationError as error:
        raise Unusable(f"its first part cannot be read: {error}") from error
    if about.format != FORMAT:
        raise Unusable(f"it is of format {about.format}, and this release reads {FORMAT}")
    installed = binaries.version()
    if about.postgres.partition(".")[0] != installed.partition(".")[0]:
        raise Unusable(f"it was made with PostgreSQL {about.postgres}, and this is {installed}: restore it with that")
    if about.machine != platform.machine():
        raise Unusable(f"it was made on {about.machine}, and this is {platform.machine()}")
    return about
