"""Facts of a store as Arrow tables, a page at a time. Ids and `data` are text from end to end: nothing is parsed."""

import io
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from pyarrow import csv

from shared.store.database import Database, Driver

_MOMENT: Final = pa.timestamp("us", tz="UTC")
SCHEMA: Final = pa.schema(
    [
        ("position", pa.int64()),
        ("tenant", pa.string()),
        ("stream", pa.string()),
        ("version", pa.int32()),
        ("id", pa.string()),
        ("happened_at", _MOMENT),  # not `at`: that is a word of SQL's own to some who read the files
        ("offset_minutes", pa.int16()),  # east of UTC, where it happened: the day of `happened_at` is the day there
        ("recorded_at", _MOMENT),
        ("actor", pa.string()),
        ("correlation_id", pa.string()),
        ("causation_id", pa.string()),
        ("traceparent", pa.string()),
        ("data", pa.string()),
    ]
)
_WITH_NAME: Final = SCHEMA.append(pa.field("name", pa.string()))
_AS_TEXT: Final = {column.name: pa.int64() if column.type == _MOMENT else column.type for column in _WITH_NAME}
_MICROSECONDS: Final = "round(date_part('epoch', {}) * 1000000)::bigint"
_STORED: Final = {
    "happened_at": _MICROSECONDS.format("at"),
    "offset_minutes": "at_offset",
    "recorded_at": _MICROSECONDS.format("recorded_at"),
}
_SELECT: Final = f"select {', '.join(_STORED.get(column, column) for column in _AS_TEXT)} from facts"
PAGE: Final = 20_000
_PAGE_BYTES: Final = 32 << 20


_SIZE: Final = "case when pg_column_size(data) < 2000 then pg_column_size(data) else octet_length(data::text) end"


@dataclass(frozen=True)
class Reading:
    """Only facts of these `names`, of this `tenant`; None is all. Each statement is a snapshot of its own."""

    database: Database
    names: Collection[str] | None = None
    tenant: str | None = None
    widest: int = PAGE

    async def page(self, after: int, upto: int) -> tuple[int, pa.Table]:
        """The next facts after a position in position order, and the position up to which they are all there.

        The table has SCHEMA's columns and the `name`. Large facts make narrower pages: a page is 32 MiB or one fact.
        """
        async with self.database.driver() as driver:
            reached = await self._reach(driver, after, min(after + self.widest, upto))
            return reached, _table(await self._copy(driver, after, reached))

    async def _reach(self, driver: Driver, after: int, upto: int) -> int:
        """How far the memory of a page goes: a COPY that turns out too large can't be given up half-way."""
        wanted, values = self._wanted()
        sized = f"select position, row_number() over far as nth, sum({_SIZE}) over far as size from facts {wanted}"
        query = f"select min(position) from ({sized} window far as (order by position)) sized where nth > 1 and size > "
        beyond = await driver.fetchval(f"{query}{_PAGE_BYTES}", after, upto, *values)
        return upto if beyond is None else int(beyond) - 1

    async def _copy(self, driver: Driver, after: int, reached: int) -> bytes:
        """As CSV: PostgreSQL writes it and Arrow reads it faster than Python makes rows."""
        wanted, values = self._wanted()
        got = io.BytesIO()
        query = f"{_SELECT} {wanted} order by position"
        await driver.copy_from_query(query, after, reached, *values, output=got, format="csv")
        return got.getvalue()

    def _wanted(self) -> tuple[str, list[Any]]:
        asked = {"name = any(${})": self.names, "tenant = ${}": self.tenant}
        used = [(where, value) for where, value in asked.items() if value is not None]
        more = "".join(f" and {where.format(n)}" for n, (where, _) in enumerate(used, 3))
        return f"where position > $1 and position <= $2{more}", [value for _, value in used]


def _table(text: bytes) -> pa.Table:
    if not text:
        return _WITH_NAME.empty_table()
    read = csv.read_csv(
        pa.py_buffer(text),
        csv.ReadOptions(column_names=list(_AS_TEXT), block_size=len(text)),  # no row may be longer than a block
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=_AS_TEXT, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    return read.cast(_WITH_NAME)
