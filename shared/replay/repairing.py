"""Putting single rows of a live build in order: folded once more from all their facts, and put in the place of what is
there, in one transaction, while everything else stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows
from shared.listen.builds import Build
from shared.listen.changes import Telling
from shared.listen.tables import TENANT, RowTable
from shared.listen.turns import turn
from shared.replay.filling import KEPT
from shared.replay.history import Histories
from shared.replay.scratch import Scratch, Stands, Step, scratch
from shared.store.database import Database

# Whoever feeds the build sees by other eras that its rows in memory are not those in the table.
_DISTURB = "update marks set era = era + 1000 where listener = $1"


class NoSuchKey(Exception):
    """What was named is no part of any row's key, or no value of that column."""


@dataclass(frozen=True)
class Repaired:
    """Of one kind of row: how many there were and how many there are."""

    row: str
    before: int
    after: int


@dataclass
class Repairing:
    """`key` has values by name of key columns, as text; none of them is all rows of the organisation."""

    database: Database
    build: Build
    histories: Histories
    tenant: str
    key: Mapping[str, str]
    step: Step
    kept: int = KEPT

    async def run(self) -> list[Repaired]:
        model = narrowed(self.build.model, self.key)
        async with scratch(self.database, model, self.histories, self.kept, self.tenant) as aside:
            await aside.fold(await self._stands(aside), self.step)
            async with turn(aside.driver, self.build.listener):
                await aside.fold(await self._stands(aside), self.step)
                there = Build(model, self.build.number).tables
                pairs = zip(there, aside.build.tables, strict=True)
                repaired = [await self._replace(aside, *pair) for pair in pairs]
                await aside.driver.execute(_DISTURB, self.build.listener)
                await Telling(self.build).all_may_differ(aside.driver, self.tenant)
        return repaired

    async def _stands(self, aside: Scratch) -> Stands:
        return await Stands.of(aside.driver, self.build.listener, aside.build.sources)

    async def _replace(self, aside: Scratch, there: RowTable, right: RowTable) -> Repaired:
        columns = {column.name: column.kind.sql for column in right.columns}
        wheres = [f"{TENANT} = $1", *(f'"{n}" = ${i}::text::{columns[n]}' for i, n in enumerate(self.key, 2))]
        names = ", ".join(f'"{name}"' for name in (TENANT, *columns))
        where = " and ".join(wheres)
        delete = f"delete from {there.qualified_name} where {where}"
        insert = f"insert into {there.qualified_name} ({names}) select {names} from {right.qualified_name}"
        gone = await aside.driver.execute(delete, self.tenant, *self.key.values())
        put = await aside.driver.execute(insert)
        return Repaired(there.rows.row.__name__, int(gone.split()[-1]), int(put.split()[-1]))


def narrowed(model: ReadModel, key: Mapping[str, str]) -> ReadModel:
    """The read model as if there were no other rows than those with these values in their keys."""
    kinds = [rows for rows in model.rows if key.keys() <= set(rows.key)]
    if not kinds:
        there = "; ".join(f"{rows.row.__name__}: {', '.join(rows.key)}" for rows in model.rows)
        raise NoSuchKey(f"no row of {model.name} has {', '.join(key)} in its key; there is {there}")
    return replace(model, rows=[_narrow(rows, key) for rows in kinds])


def _narrow(rows: Rows, key: Mapping[str, str]) -> Rows:
    hints = get_type_hints(rows.row)
    wanted = {rows.key.index(name): _value(hints[name], name, text) for name, text in key.items()}

    def rows_of(event: Any, recorded: Recorded) -> list[tuple[Any, ...]]:
        return [found for found in rows.keys(event, recorded) if all(found[n] == wanted[n] for n in wanted)]

    return replace(rows, rows_of=rows_of)


def _value(hint: Any, name: str, text: str) -> Any:
    try:
        return TypeAdapter(hint).validate_strings(text)
    except ValidationError as error:
        raise NoSuchKey(f"{name}: {error.errors()[0]['msg']}") from None
