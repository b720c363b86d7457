"""A row class becomes a table: its columns, and the two statements a batch needs, whatever the rows are about."""

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import JSON, Column, Index, MetaData, Table, cast
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from shared.core.readmodel import Rows
from shared.listen.columns import Kind, kind_of
from shared.store.database import Driver

SCHEMA = "readmodels"
TENANT = "tenant"
_COUNT = '"#"'  # of the keys in a question; no field of a row can have this name
FILL = 80  # per cent of a page: rows are written again and again, and stay on their page while there is room

Key = tuple[Any, ...]  # the tenant first


@dataclass(frozen=True)
class RowColumn:
    name: str
    kind: Kind
    nullable: bool
    json: TypeAdapter[Any] | None

    @property
    def selected(self) -> str:
        return f't."{self.name}"::text' if self.json else f't."{self.name}"'

    def sa(self, key: bool) -> Column[Any]:
        type_: TypeEngine[Any] = self.kind.sa_key if key else self.kind.sa
        return Column(self.name, type_, primary_key=key, nullable=self.nullable and not key)


def columns_of(rows: Rows) -> tuple[RowColumn, ...]:
    """The fields of the row class in their order. What is no plain value is kept as JSON."""
    hints = get_type_hints(rows.row, include_extras=True)
    found = []
    for field in dataclasses.fields(rows.row):
        kind, nullable, plain = kind_of(hints[field.name])
        found.append(RowColumn(field.name, kind, nullable, None if plain else TypeAdapter(hints[field.name])))
    return tuple(found)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def shape_of(kinds: Iterable[Rows]) -> str:
    """Tells one set of tables from another: a hash of names, types, keys and indexes."""
    told = [
        (
            snake(rows.row.__name__),
            rows.key,
            tuple(map(tuple, rows.indexes)),
            [(column.name, column.kind.sql, column.nullable) for column in columns_of(rows)],
        )
        for rows in kinds
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _index(name: str, columns: Sequence[Column[Any]]) -> Index:
    """Of plain columns, behind the tenant; or of a list, by each of its elements."""
    if len(columns) == 1 and isinstance(columns[0].type, JSON):
        return Index(name, cast(columns[0], JSONB), postgresql_using="gin")
    return Index(name, columns[0].table.c[TENANT], *columns)


class RowTable:
    """The table of one row kind in one build. Keys are tuples that begin with the tenant."""

    def __init__(self, rows: Rows, read_model: str, build: int, metadata: MetaData, schema: str = SCHEMA) -> None:
        self.rows, self.schema = rows, schema
        self.columns = columns_of(rows)
        by_name = {column.name: column for column in self.columns}
        self._keys = [by_name[name] for name in rows.key]
        self._others = [column for column in self.columns if column.name not in rows.key]
        self.name = f"{read_model}_{snake(rows.row.__name__)}_b{build}"
        if len(self.name) > 60:
            raise ValueError(f"{self.name} is too long for the name of a table")
        self.table = self._table(metadata)
        self._row: Any = rows.row
        self._json = [(n, column.json) for n, column in enumerate(self.columns) if column.json]

    def _table(self, metadata: MetaData) -> Table:
        tenant = kind_of(str)[0]
        columns = [column.sa(column in self._keys) for column in (*self._keys, *self._others)]
        tenant_column: Column[Any] = Column(TENANT, tenant.sa_key, primary_key=True)
        parts = [tenant_column, *columns]
        table = Table(self.name, metadata, *parts, schema=self.schema, postgresql_with={"fillfactor": FILL})
        for n, names in enumerate(self.rows.indexes, 1):
            _index(f"{self.name}_i{n}", [table.c[name] for name in names])
        return table

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the key's columns, the tenant first."""
        return (TENANT, *self.rows.key)

    @property
    def qualified_name(self) -> str:
        return f'{self.schema}."{self.name}"'

    def _unnest(self, columns: list[RowColumn], counted: bool = False) -> str:
        types = ["text", *("text" if column.json else column.kind.sql for column in columns)]
        arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(types, 1))
        if counted:
            return f"unnest({arrays}) with ordinality as k({_names(columns)}, {_COUNT})"
        return f"unnest({arrays}) as k({_names(columns)})"

    @cached_property
    def _select(self) -> str:
        columns = ", ".join(column.selected for column in self.columns)
        keys = self._unnest(self._keys, counted=True)
        return (
            f"select {_COUNT}::int - 1, {columns} from {keys} join {self.qualified_name} t using ({_names(self._keys)})"
        )

    @cached_property
    def _upsert(self) -> str:
        columns = [*self._keys, *self._others]
        values = ", ".join(f'k."{c.name}"::json' if c.json else f'k."{c.name}"' for c in columns)
        sets = ", ".join(f'"{column.name}" = excluded."{column.name}"' for column in self._others)
        return (
            f"insert into {self.qualified_name} ({_names(columns)})"
            f" select k.{TENANT}, {values} from {self._unnest(columns)}"
            f" order by {', '.join(str(n) for n in range(1, len(self._keys) + 2))}"
            f" on conflict ({_names(self._keys)}) do " + (f"update set {sets}" if sets else "nothing")
        )

    @cached_property
    def _delete(self) -> str:
        same = " and ".join(f't."{name}" = k."{name}"' for name in (TENANT, *self.rows.key))
        return f"delete from {self.qualified_name} t using {self._unnest(self._keys)} where {same}"

    async def load(self, driver: Driver, keys: Sequence[Key]) -> list[Any]:
        """The row of each key, None where there is none."""
        found: list[Any] = [None] * len(keys)
        if keys:
            make, json = self._row, self._json
            for nth, *values in await driver.fetch(self._select, *zip(*keys, strict=True)):
                for n, adapter in json:
                    if values[n] is not None:
                        values[n] = adapter.validator.validate_json(values[n])
                found[nth] = make(*values)
        return found

    async def save(self, driver: Driver, keys: Sequence[Key], rows: Sequence[Any]) -> None:
        """Writes these rows whole; a key whose row is None has none afterwards."""
        gone = [key for key, row in zip(keys, rows, strict=True) if row is None]
        if gone:
            keys = [key for key, row in zip(keys, rows, strict=True) if row is not None]
            rows = [row for row in rows if row is not None]
            await driver.execute(self._delete, *zip(*gone, strict=True))
        if rows:
            await driver.execute(self._upsert, *zip(*keys, strict=True), *(self._values(c, rows) for c in self._others))

    async def copy(self, driver: Driver, keys: Sequence[Key], rows: Sequence[Any]) -> None:
        """As `save`, for keys that have no row yet, and much faster."""
        columns = [*zip(*keys, strict=True), *(self._values(column, rows) for column in self._others)]
        await driver.copy_records_to_table(
            self.name,
            schema_name=self.schema,
            columns=[TENANT, *(column.name for column in (*self._keys, *self._others))],
            records=zip(*columns, strict=True),
        )

    def _values(self, column: RowColumn, rows: Sequence[Any]) -> list[Any]:
        values = list(map(attrgetter(column.name), rows))
        if column.json is None:
            return values
        dump = column.json.serializer.to_json
        return [None if value is None else dump(value).decode() for value in values]


def _names(columns: list[RowColumn]) -> str:
    return ", ".join([TENANT, *(f'"{column.name}"' for column in columns)])
