"""Columns that hold a list, read as tables."""

from typing import Any

from sqlalchemy import ColumnElement, TableValuedAlias, Text, cast, column, func
from sqlalchemy.dialects.postgresql import JSONB


def holds(elements: ColumnElement[Any], text: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a list of texts or ids has this one: what an index of the column finds."""
    found: ColumnElement[bool] = cast(elements, JSONB).has_key(text)
    return found


def listed(elements: ColumnElement[Any], name: str, /, **columns: Any) -> TableValuedAlias:
    """The elements as rows, with these of their fields as typed columns: to be joined `on true`."""
    typed: list[Any] = [column(each, of_type) for each, of_type in columns.items()]
    table = func.jsonb_to_recordset(cast(elements, JSONB)).table_valued(*typed, name=name)
    return table.render_derived(with_types=True)


def texts(elements: ColumnElement[Any], name: str, /) -> TableValuedAlias:
    """The elements of a list of texts as rows of one column, called like the table."""
    table = func.jsonb_array_elements_text(cast(elements, JSONB)).table_valued(column(name, Text), name=name)
    return table.render_derived()
