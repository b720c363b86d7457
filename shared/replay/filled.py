"""A build that is filled from history, with its marks; or what one lane of several fills of it.

A checkpoint is one transaction. It leaves rows, marks and parked facts as if a listener had come as far: a listener
goes on from it, and so does whoever begins again after a crash.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy

from shared.listen import parking
from shared.listen.builds import Build
from shared.listen.decode import Stretch
from shared.listen.marks import KeptMarks
from shared.listen.parking import StreamKey
from shared.listen.turns import turn
from shared.replay.filling import Filling, Rows, Write
from shared.replay.lane import Lane
from shared.replay.tempo import Tempo
from shared.store.database import Database

_BLOCKED = "select distinct tenant, source, stream from parked where listener = $1"

# A checkpoint that a crash of the database takes back is done again. Nobody who asks commands waits for its disk.
_SOON = "set local synchronous_commit = off"


class GoneOn(Exception):
    """Somebody else has written to the build: what is in memory here is of no use any more."""


@asynccontextmanager
async def filled(
    database: Database, build: Build, kept: int, tempo: Tempo, lane: Lane | None = None
) -> AsyncIterator["Filled"]:
    """From its last checkpoint on."""
    driver = await database.connect()
    try:
        marks = await KeptMarks.load(driver, lane.listener if lane else build.listener, build.sources)
        blocked = {StreamKey(*row) for row in await driver.fetch(_BLOCKED, build.listener)}
        filling = Filling(build.tables, kept, is_new(marks), driver, tempo, lane)
        found = Filled(database, build, marks, filling, lane)
        found.filling.blocked |= blocked
        try:
            yield found
        finally:
            await found.filling.close()
    finally:
        driver.terminate()


def is_new(marks: KeptMarks) -> bool:
    return not any(era.marks != [0] for each in marks.of.values() for era in each.eras)


class Filled:
    def __init__(self, database: Database, build: Build, marks: KeptMarks, filling: Filling, lane: Lane | None) -> None:
        self._database, self.build, self.filling, self._lane = database, build, filling, lane
        self._listener = lane.listener if lane else build.listener
        self._left, self.marks = marks.stand(), marks.of

    async def take(self, stretch: Stretch) -> None:
        """Raises Gap when something is missing before it."""
        new, events = self.marks[stretch.source].take(stretch), self.build.model.events
        if not stretch.names <= events.keys():
            new = [heard for heard in new if heard.recorded.name in events]
        await self.filling.fold(new)

    async def checkpoint(self) -> None:
        await self.filling.checkpoint(self._write())

    async def finish(self) -> None:
        await self.filling.finish(self._write())

    def _write(self) -> Write:
        """As it stands now, whatever is folded until it is written."""
        marks, parked, self.filling.parked = deepcopy(self.marks), self.filling.parked, []

        async def write(rows: Rows) -> None:
            async with self._database.driver() as driver, turn(driver, self._listener):
                kept = await KeptMarks.load(driver, self._listener, self.build.sources)
                if kept.stand() != self._left or (self._lane and not await self._lane.is_wanted(driver)):
                    raise GoneOn(self._listener)
                await driver.execute(_SOON)
                await rows(driver)
                await parking.park(driver, self.build.listener, parked)
                kept.of = marks
                await kept.save(driver)
                if self._lane and not await self._lane.stays_wanted(driver):
                    raise GoneOn(self._listener)
            self._left = kept.stand()

        return write
