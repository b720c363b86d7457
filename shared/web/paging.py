"""Keyset paging: a page begins after the last row of the one before, so nothing is skipped or shown twice."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import orjson
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, bindparam, false, or_, select, true, tuple_
from starlette.datastructures import URL

from shared.web import problems

T = TypeVar("T")
Column = ColumnElement[Any]
DEFAULT, MOST = 100, 500
LIMIT: Final = bindparam("page_limit", type_=Integer)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class AsOf(BaseModel):
    """How new an answer is."""

    at: str = Field(description="When it was read: what is relative to now is relative to this instant")
    positions: dict[str, int] = Field(description="The newest fact in it, by the service whose facts are counted")


class Page(BaseModel, Generic[T]):
    items: list[T]
    next: str | None = Field(description="The address of the next page; null on the last one")
    as_of: AsOf

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """What generated clients call it."""
        return f"{params[0].__name__}Page"


@dataclass(frozen=True)
class Asking:
    """Which page is asked for."""

    url: URL
    limit: int = DEFAULT
    after: str | None = None

    def next(self, cursor: str) -> str:
        url = self.url.include_query_params(after=cursor)
        return f"{url.path}?{url.query}"


class Order:
    """`names` are columns of the query, together unique; a leading minus turns one around. Nulls come last."""

    def __init__(self, rows: Subquery, names: Sequence[str]) -> None:
        self.names = [name.removeprefix("-") for name in names]
        self._columns: list[Column] = [rows.c[name] for name in self.names]
        self._turned = [name.startswith("-") for name in names]

    @property
    def by(self) -> list[ColumnElement[Any]]:
        pairs = zip(self._columns, self._turned, strict=True)
        return [column.desc().nulls_last() if turned else column.asc() for column, turned in pairs]

    def cursor(self, row: Mapping[str, Any]) -> str:
        values = orjson.dumps([row[name] for name in self.names], default=str)
        return base64.urlsafe_b64encode(values).decode().rstrip("=")

    def beyond(self, cursor: str | None) -> ColumnElement[bool]:
        if cursor is None:
            return true()
        values = self._values(cursor)
        if None not in values and not any(self._turned) and all(map(_in_a_key, self._columns)):
            return tuple_(*self._columns) > tuple_(*values)
        steps = list(zip(self._columns, values, self._turned, strict=True))
        same = [column.is_not_distinct_from(value) for column, value, _ in steps]
        return or_(*(and_(*same[:n], _later(*step)) for n, step in enumerate(steps)))

    def _values(self, cursor: str) -> list[Any]:
        try:
            texts = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
            if not isinstance(texts, list) or _UNSTORABLE.search("".join(map(str, texts))):
                raise ValueError
            return [_typed(column, text) for column, text in zip(self._columns, texts, strict=True)]
        except (binascii.Error, ValueError, ValidationError):
            raise problems.invalid(("after", "cursor", "is no cursor of this list")) from None


def page_of(query: Select[Any], names: Sequence[str], asking: Asking) -> tuple[Order, Select[Any]]:
    """The statement of one page. `LIMIT` is to be one row more, which tells whether there is another page."""
    rows = query.subquery()
    order = Order(rows, names)
    return order, select(rows).where(order.beyond(asking.after)).order_by(*order.by).limit(LIMIT)


def _in_a_key(column: Column) -> bool:
    return all(getattr(base, "primary_key", False) for base in column.base_columns)


def _later(column: Column, value: Any, turned: bool) -> ColumnElement[bool]:
    if value is None:
        return false()
    return or_(column < value if turned else column > value, column.is_(None))


def _typed(column: Column, text: Any) -> Any:
    wanted: Any = column.type.python_type | None
    return TypeAdapter(wanted).validate_python(text)
