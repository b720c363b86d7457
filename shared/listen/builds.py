"""Builds of read models: each has its own tables, marks and parked facts; one pointer says which of them is read."""

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, MetaData, Table, text

from shared.core.readmodel import ReadModel
from shared.listen.tables import RowTable, shape_of
from shared.store.database import Database

_LOCK = text("select pg_advisory_xact_lock(76117075)")
_LIVE = "select build, shape from live join builds using (build) where live.read_model = {} and live.version = {}"
_NEW = text("insert into builds (read_model, version, shape) values (:name, :version, :shape) returning build")
_POINT = text("insert into live (read_model, version, build) values (:name, :version, :build)")

FRESH = 2.0  # seconds for which the pointer is believed: a switch is seen by every process soon after


class ShapeChanged(Exception):
    """Rows were changed under an old version number. A new number is built beside the live one."""


class NoLiveBuild(Exception):
    """This version of the read model has no live build yet: it cannot be read."""


@dataclass(frozen=True)
class Build:
    model: ReadModel
    number: int

    @property
    def listener(self) -> str:
        return f"{self.model.name}.v{self.model.version}.b{self.number}"

    @cached_property
    def metadata(self) -> MetaData:
        return MetaData()

    @cached_property
    def tables(self) -> tuple[RowTable, ...]:
        return tuple(RowTable(rows, self.model.name, self.number, self.metadata) for rows in self.model.rows)

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
        self._live: dict[tuple[str, int], tuple[Build, float]] = {}

    async def ensure(self, model: ReadModel) -> Build:
        """The live build, made empty when there is none. Processes that start at once make one together."""
        shape = shape_of(model.rows)
        named = {"name": model.name, "version": model.version}
        async with self._database.engine.begin() as connection:
            await connection.execute(_LOCK)
            row = (await connection.execute(text(_LIVE.format(":name", ":version")), named)).one_or_none()
            if row is None:
                build = Build(model, (await connection.execute(_NEW, {**named, "shape": shape})).scalar_one())
                await connection.run_sync(build.create)
                await connection.execute(_POINT, {**named, "build": build.number})
            elif row.shape != shape:
                raise ShapeChanged(
                    f"{model.name} has other rows than its version {model.version} had: raise the version"
                )
            else:
                build = Build(model, row.build)
        return self._keep(build)

    async def live(self, model: ReadModel) -> Build:
        """The build that is read now."""
        kept = self._live.get((model.name, model.version))
        if kept is not None and time.monotonic() - kept[1] < FRESH:
            return kept[0]
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_LIVE.format("$1", "$2"), model.name, model.version)
        if row is None:
            raise NoLiveBuild(f"{model.name} version {model.version}")
        same = kept is not None and kept[0].number == row["build"]
        return self._keep(kept[0] if same and kept else Build(model, row["build"]))

    def _keep(self, build: Build) -> Build:
        self._live[build.model.name, build.model.version] = (build, time.monotonic())
        return build
