"""The one place that seals marked fields and opens them again. Until there are keys, sealing is the identity."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, Protocol

from shared.core.event import Event, Personal, Shape

Path = tuple[str, ...]


class Keys(Protocol):
    """The key ring of an organisation: one key per owner. A lost key opens to None."""

    def seal(self, tenant: str, owner: str, stream: str, text: str) -> str: ...

    def open(self, tenant: str, sealed: str) -> str | None: ...

    def lookup(self, tenant: str, owner: str, text: str) -> bytes: ...


class NoKeys:
    """Seals nothing. The look-up hash is keyed with the owner alone."""

    def seal(self, tenant: str, owner: str, stream: str, text: str) -> str:
        return text

    def open(self, tenant: str, sealed: str) -> str | None:
        return sealed

    def lookup(self, tenant: str, owner: str, text: str) -> bytes:
        return hmac.digest(f"{tenant}\x1f{owner}".encode(), text.encode(), hashlib.sha256)


@cache
def marked(model: type[Shape]) -> tuple[tuple[Path, Personal], ...]:
    """The marked fields of a shape with their marks, also inside nested shapes and lists of them."""
    return tuple(_marks(model))


def _marks(model: type[Shape]) -> Iterator[tuple[Path, Personal]]:
    for name, field in model.model_fields.items():
        for mark in field.metadata:
            if isinstance(mark, Personal):
                yield (name,), mark
        for inner in _shapes(field.annotation):
            for path, mark in marked(inner):
                yield (name, *path), mark


def _shapes(annotation: Any) -> Iterator[type[Shape]]:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _shapes(argument)


def _change(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """`value` with what is marked at `path` changed as a whole, in every element where lists are on the way.

    None stays None.
    """
    if value is None:
        return None
    if not path:
        return change(value)
    if isinstance(value, (tuple, list)):
        return type(value)(_change(item, path, change) for item in value)
    return value.model_copy(update={path[0]: _change(getattr(value, path[0]), path[1:], change)})


class Codec:
    def __init__(self, keys: Keys | None = None) -> None:
        self._keys = keys or NoKeys()

    def encode(self, event: Event, tenant: str, stream: str) -> str:
        """The JSON that is stored and published, every marked field sealed with its owner's key."""
        told = event  # an owner's field may be marked itself: owners are read before anything is sealed
        for path, mark in marked(type(event)):
            seal = partial(self._keys.seal, tenant, str(mark.of(told)), stream)
            event = _change(event, path, seal)
        return event.model_dump_json()

    def open(self, event: Event, tenant: str) -> Event:
        """The fact as its own decider may see it: opened, and erased fields None."""
        for path, _ in marked(type(event)):
            event = _change(event, path, partial(self._keys.open, tenant))
        return event

    def open_text(self, tenant: str, sealed: str | None) -> str | None:
        """One marked column for a caller who may see it."""
        return None if sealed is None else self._keys.open(tenant, sealed)

    def lookup(self, tenant: str, owner: str, text: str) -> bytes:
        """What stands beside a marked column by which rows are found: for equality only, lost with the key."""
        return self._keys.lookup(tenant, owner, text)
