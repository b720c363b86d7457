"""Facts of a store as Arrow tables, a page at a time. Ids and `data` are text from end to end: nothing is parsed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
from pyarrow import csv

from shared.store.database import Database

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


class _TooMuch(Exception):
    """The page does not fit into its memory."""


@dataclass
class Reading:
    """Only facts of these `names`, of this `tenant`; None is all. Each page is a statement, a snapshot of its own."""

    database: Database
    names: Collection[str] | None = None
    tenant: str | None = None
    widest: int = PAGE
    _width: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._width = self.widest

    async def page(self, after: int, upto: int) -> tuple[int, pa.Table]:
        """The next facts after a position in position order, and the position up to which they are all there.

        The table has SCHEMA's columns and the `name`. Large facts make narrower pages: a page is 32 MiB or one fact.
        """
        while True:
            reached = min(after + self._width, upto)
            try:
                text = await self._copy(after, reached)
            except _TooMuch:
                self._width = max(1, (reached - after) // 8)
                continue
            if len(text) < _PAGE_BYTES // 4:
                self._width = min(self.widest, self._width * 2)
            return reached, _table(text)

    async def _copy(self, after: int, reached: int) -> bytes:
        """As CSV: PostgreSQL writes it and Arrow reads it faster than Python makes rows."""
        got, limit = bytearray(), _PAGE_BYTES if reached - after > 1 else None

        async def take(piece: bytes) -> None:
            got.extend(piece)
            if limit is not None and len(got) > limit:
                raise _TooMuch

        wheres = {"name = any(${})": self.names, "tenant = ${}": self.tenant}
        used = [(where, value) for where, value in wheres.items() if value is not None]
        more = "".join(f" and {where.format(n)}" for n, (where, _) in enumerate(used, 3))
        query = f"{_SELECT} where position > $1 and position <= $2{more} order by position"
        async with self.database.driver() as driver:
            await driver.copy_from_query(
                query, after, reached, *(value for _, value in used), output=take, format="csv"
            )
        return bytes(got)


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
