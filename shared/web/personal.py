"""Marked columns on their way out: opened for who may see them, null for who may not."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, get_type_hints

from shared.core.event import Personal
from shared.store.codec import Codec

_marks: dict[type[Any], Mapping[str, Personal]] = {}


def marks_of(row: type[Any]) -> Mapping[str, Personal]:
    """The marked fields of a row or of an answer's item."""
    if row not in _marks:
        _marks[row] = dict(_found(row))
    return _marks[row]


def _found(row: type[Any]) -> Iterator[tuple[str, Personal]]:
    hints = get_type_hints(row, include_extras=True)
    for name, hint in hints.items():
        yield from ((name, mark) for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Personal))


def hidden(rows: list[dict[str, Any]], names: Collection[str]) -> list[dict[str, Any]]:
    return [{name: None if name in names else value for name, value in row.items()} for row in rows]


def opened(rows: list[dict[str, Any]], names: Collection[str], codec: Codec, tenant: str) -> list[dict[str, Any]]:
    for row in rows:
        for name in names & row.keys():
            row[name] = _open(row[name], codec, tenant)
    return rows


def _open(value: Any, codec: Codec, tenant: str) -> Any:
    if isinstance(value, list):
        return [_open(item, codec, tenant) for item in value]
    return codec.open_text(tenant, value) if isinstance(value, str) else value
