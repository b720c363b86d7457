"""Rows of two tables side by side, a range of keys at a time: which of them differ, and in which columns."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shared.listen.tables import TENANT, RowTable
from shared.replay.tempo import Tempo
from shared.store.database import Driver

_COLUMNS = """select attname, atttypid::regtype::text from pg_attribute
    where attrelid = to_regclass($1) and attnum > 0 and not attisdropped"""


@dataclass(frozen=True)
class Difference:
    """One row: `columns` has what is there and what should be; a row that is on one side only has None on the other."""

    row: str
    key: dict[str, Any]
    columns: dict[str, tuple[Any, Any]] | None
    missing: bool = False  # it should be there
    needless: bool = False  # it should not

    @property
    def words(self) -> str:
        """Which row, and what is wrong with it."""
        key = " ".join(f"{name}={value}" for name, value in self.key.items())
        wrong = "is missing" if self.missing else "is one too many" if self.needless else ", ".join(self.columns or ())
        return f"{self.row} {key}: {wrong}"


Bounds = tuple[Sequence[Any] | None, Sequence[Any] | None]  # of keys: after the first, up to the second


class Comparing:
    """`there` is the table that is looked at, `right` has the rows as they should be."""

    def __init__(
        self, there: str, right: RowTable, shared: Sequence[str], as_text: frozenset[str], tenant: str | None
    ) -> None:
        self._there, self._right, self._key, self._tenant = there, right, right.key, tenant
        self._names = ", ".join(f'"{name}"' for name in self._key)
        others = [name for name in shared if name not in self._key]
        self._columns = [f'"{name}"::text' if name in as_text else f'"{name}"' for name in others]
        self._shared = shared

    @classmethod
    async def of(cls, driver: Driver, there: str, right: RowTable, tenant: str | None) -> "Comparing | None":
        """None when they have not the same key: then no row has a counterpart."""
        theirs = dict(await driver.fetch(_COLUMNS, there))
        ours = dict(await driver.fetch(_COLUMNS, right.qualified_name))
        if not set(right.key) <= theirs.keys():
            return None
        shared = [name for name in ours if name in theirs]
        as_text = frozenset(name for name in shared if ours[name] != theirs[name] or ours[name] == "json")
        return cls(there, right, shared, as_text, tenant)

    async def ranges(self, driver: Driver, tempo: Tempo) -> AsyncIterator[Bounds]:
        """Together all keys, also those that one table alone has."""
        after: Sequence[Any] | None = None
        while True:
            where, values = self._where((after, None))
            upto = await driver.fetchrow(
                f"select {self._names} from {self._right.qualified_name} where {where} order by {self._names}"
                f" offset {tempo.sizes.compared - 1} limit 1",
                *values,
            )
            yield after, upto
            if upto is None:
                return
            after = upto

    async def differing(self, driver: Driver, bounds: Bounds) -> list[Difference]:
        where, values = self._where(bounds)

        def side(table: str) -> str:
            return f"(select *, true as is_there from {table} where {where})"

        def columns(name: str) -> str:
            return ", ".join(f"{name}.{column}" for column in self._columns) or "true"

        rows = await driver.fetch(
            f"select row_to_json(t)::text, row_to_json(r)::text from {side(self._there)} t"
            f" full join {side(self._right.qualified_name)} r using ({self._names})"
            f" where t.is_there is null or r.is_there is null"
            f" or ({columns('t')}) is distinct from ({columns('r')}) order by {self._names}",
            *values,
        )
        return [difference for there, right in rows if (difference := self._difference(there, right)) is not None]

    async def count(self, driver: Driver, bounds: Bounds) -> int:
        where, values = self._where(bounds)
        return int(await driver.fetchval(f"select count(*) from {self._right.qualified_name} where {where}", *values))

    def _where(self, bounds: Bounds) -> tuple[str, list[Any]]:
        wheres, values = ["true"], list[Any]()
        if self._tenant is not None:
            values.append(self._tenant)
            wheres.append(f"{TENANT} = $1")
        for sign, bound in zip((">", "<="), bounds, strict=True):
            if bound is not None:
                places = ", ".join(f"${len(values) + n}" for n in range(1, len(self._key) + 1))
                wheres.append(f"({self._names}) {sign} ({places})")
                values += bound
        return " and ".join(wheres), values

    def _difference(self, there: str | None, right: str | None) -> Difference | None:
        """JSON columns are compared by what they say, not by how it is written."""
        mine, other = orjson.loads(there or "null"), orjson.loads(right or "null")
        name = self._right.rows.row.__name__
        key = {column: (mine or other)[column] for column in self._key}
        if mine is None or other is None:
            return Difference(name, key, None, missing=mine is None, needless=other is None)
        changed = {c: (mine[c], other[c]) for c in self._shared if mine[c] != other[c]}
        return Difference(name, key, changed) if changed else None
