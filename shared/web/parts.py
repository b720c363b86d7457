"""The parts of the description that all services share: receipt, problem, headers."""

from collections.abc import Mapping
from typing import Any

from shared.core.decider import NOBODY, Command
from shared.web.problems import CODES, KEY_REUSED, MEDIA_TYPE, TITLES, TYPE

REFERENCE = "#/components/schemas/{model}"
REFUSALS = (401, 403, 409, 412, 413, 415, 422, 503)

_TEXT: dict[str, Any] = {"type": "string"}
_UUID: dict[str, Any] = {"type": "string", "format": "uuid"}


def _object(described: str, required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": described, "required": required, "properties": properties}


SCHEMAS: dict[str, dict[str, Any]] = {
    "Receipt": _object(
        "Where the stream stands after the command. No facts: it was so already.",
        ["stream", "version", "position", "facts"],
        stream=_TEXT,
        version={"type": "integer", "minimum": 0, "description": "To be sent as If-Match"},
        position={"type": "integer", "minimum": 0, "description": "Of the newest fact of the stream"},
        facts={"type": "array", "items": _TEXT, "description": "Names of the facts this command has added, in order"},
    ),
    "Problem": _object(
        "RFC 9457. `code` is stable, and each answer lists those it has; `detail` is for people.",
        ["type", "title", "status", "detail", "code", "instance"],
        type={"type": "string", "format": "uri", "examples": [f"{TYPE}invalid"]},
        title=_TEXT,
        status={"type": "integer"},
        detail=_TEXT,
        code=_TEXT,
        instance={"type": "string", "format": "uri", "description": "The correlation id, as urn:uuid:…"},
        version={"type": "integer", "description": "With 412: the version the stream is at"},
        errors={"type": "array", "items": {"$ref": REFERENCE.format(model="BrokenRule")}},
    ),
    "Changed": _object(
        "The data of an event `changed`. It was committed before it was told: a query that is asked now has it.",
        ["changes"],
        changes={"type": "array", "items": {"$ref": REFERENCE.format(model="Change")}},
    ),
    "Change": _object(
        "Rows of one read model that have changed, come or gone. Only rows that the caller may see, or could before.",
        ["read_model", "path", "rows", "positions"],
        read_model=_TEXT,
        path={"type": "string", "description": "The query to be asked again, at the same host: as in `next` of a page"},
        rows={
            "type": ["array", "null"],
            "items": {"type": "object"},
            "description": "The columns that tell which row it is; null: more than can be named, ask for all",
        },
        positions={
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "description": "By service: the newest fact of the change",
        },
    ),
    "BrokenRule": _object(
        "One field that does not fit.",
        ["field", "rule", "message"],
        field={"type": "string", "description": "Its path, by dots; `body` for the whole of it"},
        rule=_TEXT,
        message=_TEXT,
    ),
}

_RETRY = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
_CHALLENGE = {"WWW-Authenticate": {"schema": _TEXT}}
_SPECIAL = {401: _CHALLENGE, 503: _RETRY, 412: {"ETag": {"schema": _TEXT}}}


def _problem(status: int, codes: Mapping[str, str]) -> dict[str, Any]:
    listed = "\n".join(f"- `{code}`: {when}" for code, when in codes.items())
    told = {"properties": {"code": {"enum": list(codes)}}}
    schema = {"allOf": [{"$ref": REFERENCE.format(model="Problem")}, told]}
    described = {
        "description": f"{TITLES[status]}. By `code`:\n\n{listed}",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    return described | ({"headers": _SPECIAL[status]} if status in _SPECIAL else {})


def refusal(command: type[Command]) -> dict[str, Any]:
    """Why this command is refused: for the reasons of its decider, then for those that hold for every one."""
    return _problem(422, {**command.refused, **CODES[422], **KEY_REUSED, **NOBODY})


_CHANGED = (
    "id: 3.12.4711@2027-03-01.0f3c9a51\n"
    "event: changed\n"
    'data: {"changes":[{"read_model":"action_list","path":"/v1/action-list",'
    '"rows":[{"action_id":"00000000-0000-0000-0000-000000000041"}],"positions":{"coaching":312}}]}\n\n'
)

RESPONSES: dict[str, Any] = {
    "Receipt": {
        "description": "Done, or so already",
        "content": {"application/json": {"schema": {"$ref": REFERENCE.format(model="Receipt")}}},
        "headers": {
            "ETag": {"description": "The stream's version, in quotes", "schema": _TEXT},
            "Luotsi-Position": {"description": "To be sent as Luotsi-After by who wants to see it", "schema": _TEXT},
        },
    },
    "Changes": {
        "description": (
            "Server-sent events. `changed`: its data is a Changed. `reset`: all that is shown is to be asked again,"
            " for a place too old to go on from, or because what the caller may see has changed. Comments keep the"
            " connection open. Whoever does not read is cut off."
        ),
        "content": {"text/event-stream": {"schema": _TEXT, "example": _CHANGED}},
    },
    "NotModified": {"description": "What was answered under this ETag is still so"},
    **{f"Problem{status}": _problem(status, codes) for status, codes in CODES.items()},
}


_PLACE = r"[a-z][a-z0-9-]{0,39}@[0-9]{1,18} [!-+\--~]{1,300}"


def _header(name: str, described: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": described, "schema": schema}


PARAMETERS: dict[str, Any] = {
    "IdempotencyKey": _header(
        "Idempotency-Key", "The same key has one effect and gets the same answer. Any UUID but of version 5", _UUID
    ),
    "IfMatch": _header(
        "If-Match", "The version that was seen: 412 when it has moved", {**_TEXT, "pattern": r'^"\d{1,9}"$'}
    ),
    "IfNoneMatch": _header("If-None-Match", "The ETag that was seen: 304 while it is the same", _TEXT),
    "LuotsiAfter": _header(
        "Luotsi-After",
        "Luotsi-Position of receipts, by comma. A query waits until its answer has these facts, a command until it is"
        " known with them who leads whom. What policies make of them is not waited for",
        {**_TEXT, "pattern": rf"^{_PLACE}(, ?{_PLACE}){{0,19}}$"},
    ),
    "LastEventId": _header(
        "Last-Event-ID", "The id of the last event that was seen: what came after it follows", _TEXT
    ),
    "CorrelationId": _header("X-Correlation-Id", "Kept with everything that follows from this request", _UUID),
    "Traceparent": _header("traceparent", "W3C trace context", _TEXT),
}


def parameter(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def response(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name}"}


def problem(status: int) -> dict[str, str]:
    return response(f"Problem{status}")
