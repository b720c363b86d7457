"""The folder in which the last demo was played: thrown away if nothing has come to it since, else moved aside."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from asyncpg import PostgresError

from shared.embedded.keeping import heads, moved_aside
from shared.embedded.postgres import DiskFull, EmbeddedFailed, EmbeddedPostgres, FolderInUse
from shared.ops.printing import Failed

_ENDED = "played"  # the newest position of every service when its story ended


async def note_end(folder: Path) -> None:
    """While its server runs. What cannot be noted is not taken for untouched."""
    with suppress(PostgresError, OSError):
        (folder / _ENDED).write_text(json.dumps(await heads(EmbeddedPostgres(folder))))


def begin_anew(folder: Path) -> Path | None:
    """Where what was there is now, if it was kept. A server that a killed demo left behind is stopped first."""
    if not folder.exists():
        return None
    try:
        untouched = (folder / "postgres").exists() and _is_untouched(folder)
        with EmbeddedPostgres(folder).held():
            if not untouched:
                return moved_aside(folder)
            rmtree(folder)
    except (FolderInUse, DiskFull) as error:
        raise Failed(str(error)) from error
    return None


def _is_untouched(folder: Path) -> bool:
    try:
        with EmbeddedPostgres(folder) as postgres:
            ended = folder / _ENDED
            return ended.exists() and json.loads(ended.read_text()) == asyncio.run(heads(postgres))
    except (FolderInUse, DiskFull):
        raise
    except (EmbeddedFailed, PostgresError, ValueError):
        return False
