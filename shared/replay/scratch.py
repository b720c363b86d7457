"""A read model folded once more, aside: into temporary tables of a connection, up to exactly where given marks are."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from shared.core.readmodel import ReadModel
from shared.listen.builds import Build
from shared.listen.decode import Heard
from shared.listen.marks import KeptMarks, Marks
from shared.replay.filling import Filling, Rows, Write
from shared.replay.history import Histories
from shared.replay.tempo import Tempo
from shared.store.database import Database, Driver

CHECKPOINT = 25_000
_TEMPORARY = "pg_temp"
_DIALECT: Any = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
_LEFT_OUT = """select source, position from parked where listener = $1
    union all select source, position from discarded where listener = $1"""

Step = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Stands:
    """Where a build stands in one moment: what of history is in its rows."""

    marks: Mapping[str, Marks]
    left_out: frozenset[tuple[str, int]]  # parked and discarded: behind the marks, and in no row

    @classmethod
    async def of(cls, driver: Driver, listener: str, sources: list[str]) -> "Stands":
        kept = await KeptMarks.load(driver, listener, sources)
        return cls(kept.of, frozenset([tuple(row) for row in await driver.fetch(_LEFT_OUT, listener)]))

    def has(self, heard: Heard) -> bool:
        recorded = heard.recorded
        if (recorded.source, recorded.position) in self.left_out:
            return False
        return self.marks[recorded.source].had(recorded.tenant, recorded.stream, recorded.position)


@asynccontextmanager
async def scratch(
    database: Database,
    model: ReadModel,
    histories: Histories,
    kept: int,
    tenant: str | None = None,
    tempo: Tempo | None = None,
) -> AsyncIterator["Scratch"]:
    """Gone without a trace when this closes, or whoever has it is killed."""
    driver, tempo = await database.connect(), tempo or Tempo()
    try:
        await driver.execute("set temp_buffers = '64MB'")
        build = Build(model, 0, _TEMPORARY)
        for table in build.tables:
            await driver.execute(str(CreateTable(table.table).compile(dialect=_DIALECT)))
        yield Scratch(driver, build, histories, Filling(build.tables, kept, True, driver, tempo), tempo, tenant)
    finally:
        driver.terminate()


class Scratch:
    """`driver` has the tables; history is read on other connections."""

    def __init__(
        self, driver: Driver, build: Build, histories: Histories, filling: Filling, tempo: Tempo, tenant: str | None
    ) -> None:
        self.driver, self.build, self._filling, self.tempo, self._tenant = driver, build, filling, tempo, tenant
        self._histories = {source: histories[source] for source in build.sources if source in histories}
        self._read = {source: Marks(source) for source in build.sources}
        self._later: dict[str, list[Heard]] = {source: [] for source in build.sources}
        self._stands: Stands | None = None

    async def left(self) -> int:
        return sum([await each.left([self._read[source]]) for source, each in self._histories.items()])

    async def fold(self, stands: Stands, step: Step) -> None:
        """All that the stand has and was not folded yet. What lies further is remembered for the next time."""
        if stands == self._stands:
            return
        self._stands = stands
        for source, history in self._histories.items():
            later, self._later[source] = self._later[source], []
            await self._fold(source, later, stands)
            furthest = max(max(era.marks) for era in stands.marks[source].eras)
            read, names = self._read[source], self.build.model.events
            async for stretch in history.read([read], names, self._tenant, self.tempo):
                if stretch.partitions == 1 and stretch.previous >= furthest:
                    break
                await self._fold(source, read.take(stretch), stands)
                await step(stretch.upto - stretch.previous if stretch.partitions == 1 else len(stretch.facts))
        await self._filling.finish(self._write())

    async def _fold(self, source: str, facts: list[Heard], stands: Stands) -> None:
        """What the fold cannot handle is in no row here: if it was handled there, the rows differ."""
        facts = [heard for heard in facts if heard.recorded.name in self.build.model.events]
        mine = [heard for heard in facts if stands.has(heard)]
        self._later[source] += [heard for heard in facts if not stands.has(heard)]
        await self._filling.fold(mine)
        if self._filling.folded >= CHECKPOINT:
            await self._filling.finish(self._write())

    def _write(self) -> Write:
        async def write(rows: Rows) -> None:
            await rows(self.driver)

        return write

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The facts that could not be folded here."""
        told = [parking for parking in self._filling.parked if parking.error is not None]
        return [{"source": p.recorded.source, "position": p.recorded.position, "error": p.error} for p in told]
