"""From the store to the folder: pages are gathered to chunks, each of which is there wholly or not at all."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared.export.folder import Folder, Mismatch, Selection, State, Unusable
from shared.export.reading import PAGE, Reading
from shared.store.database import Database

CHUNK_BYTES: Final = 64 << 20
_STORE: Final = "select id::text, (select coalesce(max(position), 0) from facts) from store"
_ID: Final = "select id::text from facts where position = $1"


@dataclass(frozen=True)
class Progress:
    """Read up to `position` of `upto`; `facts` in `files` are new in the folder since this export began."""

    position: int
    upto: int
    facts: int
    files: int


async def export(
    database: Database, service: str, to: Path, selection: Selection, page: int = PAGE, chunk: int = CHUNK_BYTES
) -> AsyncIterator[Progress]:
    """All facts that are stored now and not in the folder yet. Tells after each page; the last time all is done.

    A chunk is closed when it is `chunk` bytes or more in memory; `page` is how many facts are read at a time.

    Raises Unusable for a folder that holds something else. After a crash the same call goes on where it ended.
    """
    with Folder.locked(to, service) as folder:
        state, upto = await _begin(database, folder, selection)
        reading = Reading(database, selection.names, selection.tenant, page)
        at, facts, files = state.position, 0, 0
        pages = []
        yield Progress(at, upto, 0, 0)
        while at < upto:
            at, read = await reading.page(at, upto)
            if read.num_rows:
                pages.append(read)
            if at == upto or sum(one.nbytes for one in pages) >= chunk:
                then = state.model_copy(update={"position": at, "last": await _id(database, at)})
                files += folder.add(pages, state, then)
                state, facts, pages = then, facts + sum(one.num_rows for one in pages), []
            yield Progress(at, upto, facts, files)


async def _begin(database: Database, folder: Folder, selection: Selection) -> tuple[State, int]:
    async with database.driver() as driver:
        store, upto = await driver.fetchrow(_STORE)
    state = folder.state()
    if state is None:
        since = selection.since_position
        if since > upto:
            raise Mismatch(f"there is no position {since} yet: the newest fact's is {upto}")
        return folder.say(
            State(store=store, selection=selection, position=since, last=await _id(database, since))
        ), upto
    if state.selection != selection:
        raise Mismatch(f"{folder.root} holds another selection: {state.selection.model_dump_json(exclude_none=True)}")
    if state.store != store or state.last != await _id(database, state.position):
        raise Unusable(f"{folder.root} holds facts of another store, or of this one before it was put back")
    return state, upto


async def _id(database: Database, position: int) -> str | None:
    async with database.driver() as driver:
        found: str | None = await driver.fetchval(_ID, position)
        return found
