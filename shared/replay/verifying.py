"""Are the rows of a build what its facts make of them? Folded once more, aside, and compared row by row.

It holds up nobody: the marks and a range of rows are read in one short snapshot, the facts that came since the range
before are folded, and the two are compared.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from shared.core.readmodel import ReadModel
from shared.listen.builds import Build
from shared.replay.comparing import Bounds, Comparing, Difference
from shared.replay.filling import KEPT
from shared.replay.history import Histories
from shared.replay.scratch import Scratch, Stands, Step, scratch
from shared.replay.tempo import Tempo
from shared.store.database import Database, Driver

SHOWN: Final = 100  # differences that are kept to be looked at; all are counted

_SAVE = """insert into verified (read_model, version, differing, rows) values ($1, $2, $3, $4)
    on conflict (read_model, version) do update set differing = $3, rows = $4, at = clock_timestamp()"""


@dataclass
class Found:
    """`failed` are facts that the build has and that could not be folded now."""

    listener: str
    rows: int = 0
    differing: int = 0
    shown: list[Difference] = field(default_factory=list)
    failed: Sequence[dict[str, Any]] = ()
    not_comparable: list[str] = field(default_factory=list)

    def add(self, differences: Sequence[Difference], limit: int) -> None:
        self.differing += len(differences)
        self.shown += differences[: max(limit - len(self.shown), 0)]


class Differs(Exception):
    """A build that was verified is not what its facts make of it."""

    def __init__(self, found: Found) -> None:
        first = f", the first is {found.shown[0].words}" if found.shown else ""
        super().__init__(f"{found.listener}: {found.differing} of {found.rows} rows differ{first}")
        self.found = found


async def _no_step(_: int) -> None:
    """Nobody asks how far it is."""


@dataclass
class Verifying:
    """`model` may have other folds, and other columns, than the build that is looked at: what if they were used?"""

    database: Database
    build: Build
    histories: Histories
    model: ReadModel
    tenant: str | None = None
    limit: int = SHOWN
    kept: int = KEPT
    step: Step = _no_step
    tempo: Tempo = field(default_factory=Tempo)

    async def run(self) -> Found:
        found = Found(self.build.listener)
        async with scratch(self.database, self.model, self.histories, self.kept, self.tenant, self.tempo) as aside:
            await aside.fold(await self._stands(aside), self.step)
            there = Build(self.model, self.build.number)
            for right, table in zip(aside.build.tables, there.tables, strict=True):
                comparing = await Comparing.of(aside.driver, table.qualified_name, right, self.tenant)
                if comparing is None:
                    found.not_comparable.append(table.rows.row.__name__)
                    continue
                async for bounds in comparing.ranges(aside.driver, self.tempo):
                    await self._compare(aside, comparing, bounds, found)
                    await self.step(0)
            found.failed = aside.failed
        return found

    async def _stands(self, aside: Scratch) -> Stands:
        return await Stands.of(aside.driver, self.build.listener, aside.build.sources)

    async def _compare(self, aside: Scratch, comparing: Comparing, bounds: Bounds, found: Found) -> None:
        async with _snapshot(aside.driver):
            await aside.fold(await self._stands(aside), _no_step)
            found.rows += await comparing.count(aside.driver, bounds)
            found.add(await comparing.differing(aside.driver, bounds), self.limit)


async def keep(database: Database, build: Build, found: Found) -> None:
    """For whoever watches: the outcome of the last verification of all rows."""
    async with database.driver() as driver:
        await driver.execute(_SAVE, build.model.name, build.model.version, found.differing, found.rows)


@asynccontextmanager
async def _snapshot(driver: Driver) -> AsyncIterator[None]:
    await driver.execute("begin isolation level repeatable read")
    try:
        yield
    finally:
        await driver.execute("commit")
