"""Situations of a stream as plain values, and what is different between two of them, field by field."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from pydantic import BaseModel

KIND = "situation"
_SHORT = 80  # characters: a longer list has a line for each of its elements


@dataclass(frozen=True, slots=True)
class Change:
    """`field` is a path with dots, `before` and `after` all that stood and stands there."""

    field: str
    before: Any
    after: Any


def situation_of(state: Any) -> dict[str, Any]:
    """A decider's state: its class is the situation, its fields are what is known in it."""
    known = plain(state)
    return {KIND: type(state).__name__, **(known if isinstance(known, dict) else {"value": known})}


def plain(value: Any) -> Any:
    """What JSON can hold, in the order of the fields."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, Set):
        return sorted((plain(inner) for inner in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def changes(before: Any, after: Any, field: str = "") -> Iterator[Change]:
    if before == after:
        return
    if all(side is None or isinstance(side, dict) for side in (before, after)):
        before, after = before or {}, after or {}
        for name in {**before, **after}:
            yield from changes(before.get(name), after.get(name), f"{field}.{name}" if field else name)
    elif all(side is None or isinstance(side, list) for side in (before, after)):
        before, after = before or [], after or []
        if before != after:
            yield Change(field, before, after)
    else:
        yield Change(field, before, after)


def _difference(before: list[Any], after: list[Any]) -> tuple[list[Any], list[Any]]:
    """What went and what came; all of both where only the order is another."""
    went, came = _without(before, after), _without(after, before)
    return (went, came) if went or came else (before, after)


def _without(some: list[Any], others: list[Any]) -> list[Any]:
    return [one for one in some if one not in others]


def in_words(change: Change) -> str:
    """`code: basics → phone`, or what is new in a list, `done: + first-call`, one below the other where it is long."""
    if isinstance(change.before, list) and isinstance(change.after, list):
        gone, new = _difference(change.before, change.after)
        went, came = [f"- {words(one)}" for one in gone], [f"+ {words(one)}" for one in new]
        listed = ", ".join(went + came)
        return f"{change.field}: {listed}" if len(listed) <= _SHORT else "\n  ".join([f"{change.field}:", *went, *came])
    if change.before is None:
        return f"{change.field}: {words(change.after)}"
    return f"{change.field}: {words(change.before)} → {words(change.after)}"


def words(value: Any) -> str:
    """On one line, and whole: who prints it wraps it."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {words(inner)}" for name, inner in value.items() if inner not in (None, [], {}))
    if isinstance(value, list):
        return "; ".join(map(words, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def leaves(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every field with its value, to read down a page."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, f"{field}.{name}" if field else name)
    else:
        yield field, _listed(value)


def _listed(value: Any) -> str:
    line = words(value)
    return "\n".join(map(words, value)) if isinstance(value, list) and len(line) > _SHORT else line
