"""Builds of read models: each has its own tables, marks and parked facts; one pointer says which of them is read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, MetaData, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.core.event import source_of
from shared.core.readmodel import ReadModel
from shared.listen.tables import SCHEMA, RowTable, shape_of
from shared.store.database import Database

LOCK = 76117075
_LOCK = text(f"select pg_advisory_xact_lock({LOCK})")
_LIVE = "select build, shape from live join builds using (build) where live.read_model = {} and live.version = {}"
_NEWEST = "select version, build from live where read_model = $1 order by version desc limit 1"
_NEW = text("""insert into builds (read_model, version, shape, fed, pointed_at)
    values (:name, :version, :shape, :fed, case when :fed then clock_timestamp() end) returning build""")
_POINT = text("insert into live (read_model, version, build) values (:name, :version, :build)")
# Turn 0 of what watchers are told: while it is there, nothing has been lost.
_TURN = text("insert into changes (build, seq, tenant, positions) values (:build, 0, '', '{}')")
_HISTORY = "select exists (select from facts)"
_FED = """select b.read_model, b.version, b.build, l.build is not null from builds b left join live l using (build)
    join unnest($1::text[], $2::int[]) k(read_model, version) on (k.read_model, k.version) = (b.read_model, b.version)
    where b.fed"""


class ShapeChanged(Exception):
    """Rows were changed under an old version number. A new number is built beside the live one."""


class NoLiveBuild(Exception):
    """This version of the read model has no live build yet: it cannot be read."""


@dataclass(frozen=True)
class Build:
    """`schema`: where its tables are."""

    model: ReadModel
    number: int
    schema: str = SCHEMA

    @property
    def listener(self) -> str:
        return f"{self.model.name}.v{self.model.version}.b{self.number}"

    @property
    def sources(self) -> list[str]:
        return sorted({source_of(name) for name in self.model.events})

    @cached_property
    def metadata(self) -> MetaData:
        return MetaData()

    @cached_property
    def tables(self) -> tuple[RowTable, ...]:
        return tuple(
            RowTable(rows, self.model.name, self.number, self.metadata, self.schema) for rows in self.model.rows
        )

    def table(self, row: type[Any]) -> Table:
        """The table of one row class of the read model."""
        return next(table.table for table in self.tables if table.rows.row is row)

    def create(self, connection: Connection) -> None:
        assert self.tables
        self.metadata.create_all(connection, checkfirst=False)


class Builds:
    """The live builds of one service's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def missing(self, models: Iterable[ReadModel]) -> list[ReadModel]:
        """Those that have no live build and are not to be made empty, because there are facts already."""
        async with self._database.driver() as driver:
            if not await driver.fetchval(_HISTORY):
                return []
        live = [build.model for build, is_live in (await self.fed(models)).values() if is_live]
        return [model for model in models if model not in live]

    async def ensure(self, model: ReadModel) -> Build:
        """The live build, made empty when there is none. Processes that start at once make one together."""
        shape = shape_of(model.rows)
        named = {"name": model.name, "version": model.version}
        async with self._database.engine.begin() as connection:
            await connection.execute(_LOCK)
            row = (await connection.execute(text(_LIVE.format(":name", ":version")), named)).one_or_none()
            if row is None:
                build = await self._made(connection, model, fed=True)
                await connection.execute(_POINT, {**named, "build": build.number})
            elif row.shape != shape:
                raise ShapeChanged(
                    f"{model.name} has other rows than its version {model.version} had: raise the version"
                )
            else:
                build = Build(model, row.build)
        return build

    async def make(self, model: ReadModel) -> Build:
        """A new one beside the others, with empty tables. Nobody feeds or reads it yet."""
        async with self._database.engine.begin() as connection:
            return await self._made(connection, model, fed=False)

    async def _made(self, connection: AsyncConnection, model: ReadModel, fed: bool) -> Build:
        values = {"name": model.name, "version": model.version, "shape": shape_of(model.rows), "fed": fed}
        build = Build(model, (await connection.execute(_NEW, values)).scalar_one())
        await connection.run_sync(build.create)
        await connection.execute(_TURN, {"build": build.number})
        return build

    async def fed(self, models: Iterable[ReadModel]) -> dict[str, tuple[Build, bool]]:
        """All that the workers of these versions bring facts, by listener, and whether it is the live one: beside it
        there may be the one before it, and one about to be.
        """
        by_version = {(model.name, model.version): model for model in models}
        async with self._database.driver() as driver:
            rows = await driver.fetch(_FED, *(zip(*by_version, strict=True) if by_version else ([], [])))
        builds = [(Build(by_version[name, version], number), live) for name, version, number, live in rows]
        return {build.listener: (build, live) for build, live in builds}

    async def live(self, model: ReadModel) -> Build:
        """The build that is read now."""
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_LIVE.format("$1", "$2"), model.name, model.version)
        if row is None:
            raise NoLiveBuild(f"{model.name} version {model.version}")
        return Build(model, row["build"])

    async def newest(self, model: ReadModel) -> Build:
        """The build that is read now of the newest version that has one, whichever version this image is of."""
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_NEWEST, model.name)
        if row is None:
            raise NoLiveBuild(f"{model.name} version {model.version}")
        return Build(replace(model, version=row["version"]), row["build"])
