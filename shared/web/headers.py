"""The request headers that have a meaning here, each checked before it is used."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from shared.core.ids import MACHINES
from shared.web import problems

Headers = Mapping[bytes, bytes]

_VERSION = re.compile(rb'"(\d{1,9})"')
_TRACEPARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_PLACE = re.compile(r"([a-z][a-z0-9-]{0,39})@(\d{1,18}) ([^\s,\x00]{1,300})")
_PLACES = 20


class Awaited(NamedTuple):
    """A fact that a reader waits to see: where it was stored, and in which stream."""

    source: str
    position: int
    stream: str


def idempotency_key(headers: Headers) -> UUID | None:
    """Policies and deadlines ask under names that anybody can work out: nobody else may take one before them."""
    key = _uuid(headers, b"idempotency-key")
    if key is not None and key.version == MACHINES:
        raise problems.invalid(("Idempotency-Key", "version", "must not be a UUID made of a name (version 5)"))
    return key


def correlation_id(headers: Headers) -> UUID | None:
    return _uuid(headers, b"x-correlation-id")


def _uuid(headers: Headers, name: bytes) -> UUID | None:
    if (value := headers.get(name)) is None:
        return None
    try:
        return UUID(value.decode("latin-1"))
    except ValueError:
        raise problems.invalid((_named(name), "uuid", "must be a UUID")) from None


def if_match(headers: Headers) -> int | None:
    """The version the caller saw."""
    if (value := headers.get(b"if-match")) is None:
        return None
    if not (match := _VERSION.fullmatch(value)):
        raise problems.invalid(("If-Match", "version", 'must be a version in quotes, like "3"'))
    return int(match[1])


def traceparent(headers: Headers) -> str | None:
    """What is malformed is no traceparent: the specification has it ignored."""
    value = headers.get(b"traceparent", b"")
    return value.decode() if _TRACEPARENT.fullmatch(value) else None


def after(headers: Headers) -> tuple[Awaited, ...]:
    """Luotsi-After: `<service>@<position> <stream>`, several by comma."""
    if (value := headers.get(b"luotsi-after")) is None:
        return ()
    parts = [part.strip() for part in value.decode("latin-1").split(",")]
    matches = [_PLACE.fullmatch(part) for part in parts]
    if len(parts) > _PLACES or not all(matches):
        words = f"must be <service>@<position> <stream>, several by comma, {_PLACES} at most"
        raise problems.invalid(("Luotsi-After", "place", words))
    return tuple(Awaited(match[1], int(match[2]), match[3]) for match in matches if match)


def position(source: str, position: int, stream: str) -> str:
    return f"{source}@{position} {stream}"


def _named(name: bytes) -> str:
    return name.decode().title()
