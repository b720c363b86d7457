"""The answers' nested parts: rows of another kind as a JSON list or object."""

from typing import Any

from sqlalchemy import ColumnElement, Select, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB


def as_list(rows: Select[Any]) -> ColumnElement[Any]:
    """The rows, in their order, with their columns by name; an empty list when there are none."""
    found = rows.subquery()
    whole = select(func.jsonb_agg(func.to_jsonb(found.table_valued()), type_=JSONB)).select_from(found)
    return func.coalesce(whole.scalar_subquery(), cast([], JSONB))


def as_one(rows: Select[Any]) -> ColumnElement[Any]:
    """The first of the rows; null when there is none."""
    found = rows.limit(1).subquery()
    one = select(func.to_jsonb(found.table_valued(), type_=JSONB)).select_from(found)
    return one.scalar_subquery()
