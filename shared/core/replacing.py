"""A row or a state with some fields changed: half of what folds do all day, so it takes no longer than it must."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

R = TypeVar("R")


def replace(row: R, /, **changes: Any) -> R:
    """As `dataclasses.replace`, in a tenth of its time: for frozen dataclasses with slots, whose fields are copied by
    code written for the class, as dataclasses' own methods are. Raises AttributeError for what is no field.
    """
    kind: Any = row.__class__
    new: Any = _drafting(kind)(row)
    for name, value in changes.items():
        setattr(new, name, value)
    new.__class__ = kind
    copied: R = new
    return copied


@cache
def _drafting(kind: Any) -> Callable[[Any], Any]:
    """Makes a draft of a row: it has the same slots, and can be written to until it is given the row's class."""
    writable = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    made: dict[str, Any] = {"new": object.__new__, "draft": type(kind.__name__, (kind,), writable)}
    lines = [f"    row.{field.name} = given.{field.name}" for field in fields(kind)]
    exec("\n".join(["def draft_of(given):", "    row = new(draft)", *lines, "    return row"]), made)
    draft_of: Callable[[Any], Any] = made["draft_of"]
    return draft_of
