"""A command's body: read within limits, parsed once, and nothing in it that the store could not keep."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from shared.core.decider import Command
from shared.web import problems

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UTF8 = (b"", b"charset=utf-8", b'charset="utf-8"')


async def read(headers: Mapping[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The whole body. One over the limit is refused as soon as that is known, without reading on."""
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit:
        raise problems.too_large(f"a body may have {limit} bytes")
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False) and len(body) <= limit:
        message = await receive()
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    if len(body) > limit:
        raise problems.too_large(f"a body may have {limit} bytes")
    return body


def expect_json(headers: Mapping[bytes, bytes]) -> None:
    media_type, _, parameter = headers.get(b"content-type", b"").lower().partition(b";")
    if media_type.strip() != b"application/json" or parameter.strip() not in _UTF8:
        raise problems.not_json()


def parse(command: type[Command], body: bytes) -> Command:
    """Malformed JSON is 422 too, like everything else that does not fit. Unknown fields are refused at every depth,
    also in shapes that pass over them when they read facts.
    """
    try:
        parsed = command.model_validate_json(body, strict=True, extra="forbid")
    except ValidationError as error:
        _refuse_unstorable(body)
        raise problems.invalid_fields(error.errors(include_url=False, include_input=False)) from None
    _refuse_unstorable(body)
    return parsed


def _refuse_unstorable(body: bytes) -> None:
    """NUL and halves of surrogate pairs can only come as escapes: as raw bytes they are no JSON."""
    if b"\\u" not in body:
        return
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    if found := list(_unstorable(value, "")):
        raise problems.invalid(
            *((path or problems.BODY, "text", "NUL and lone surrogates cannot be kept") for path in found)
        )


def _unstorable(value: Any, path: str) -> Iterator[str]:
    match value:
        case str() if _UNSTORABLE.search(value):
            yield path
        case list():
            for number, item in enumerate(value):
                yield from _unstorable(item, _under(path, str(number)))
        case dict():
            for key, item in value.items():
                storable = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", key)
                yield from _unstorable(item, _under(path, storable))
                if storable != key:
                    yield _under(path, storable)


def _under(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step
