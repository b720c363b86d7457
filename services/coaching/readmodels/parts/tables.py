"""The answers' nested parts: rows of another kind as a JSON list or object."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB


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
