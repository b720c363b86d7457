"""Rows of another kind within a row, as a JSON object or a list of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by


def as_list(rows: Select[Any], of: FromClause, *more: FromClause) -> ColumnElement[Any]:
    """The rows, in their order, with their columns by name; an empty list when there are none.

    `of` and `more` are the tables around it that the rows are about: two levels down they are not found by themselves.
    """
    found = rows.correlate(of, *more).subquery()
    whole = select(func.jsonb_agg(func.to_jsonb(found.table_valued()), type_=JSONB)).select_from(found)
    return func.coalesce(whole.scalar_subquery(), cast([], JSONB))


def as_one(rows: Select[Any], of: FromClause) -> ColumnElement[Any]:
    """The first of the rows; null when there is none."""
    found = rows.limit(1).correlate(of).subquery()
    one = select(func.to_jsonb(found.table_valued(), type_=JSONB)).select_from(found)
    return one.scalar_subquery()


def gathered(columns: Iterable[ColumnElement[Any]], *order: ColumnElement[Any]) -> ColumnElement[Any]:
    """An aggregate: the rows of a group as a list, in this order, with these columns by name."""
    one = as_object(**{str(column.key): column for column in columns})
    return func.coalesce(func.jsonb_agg(aggregate_order_by(one, *order)), cast([], JSONB), type_=JSONB)


def as_object(**parts: Any) -> ColumnElement[Any]:
    return func.jsonb_build_object(*(part for pair in parts.items() for part in pair))
