"""An example of a command, made from its JSON schema, so that the description cannot show one that does not fit.

Examples are written as on one day. Where they are to be tried, they are told as on the day of trying.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shared.core.decider import Command

Schema = Mapping[str, Any]

WRITTEN_ON = date(2027, 3, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

_FORMATS = {
    "uuid": "0198c0de-0000-7000-8000-000000000001",
    "date": "2027-03-01",
    "date-time": "2027-03-01T09:00:00+02:00",
    "time": "09:00:00",
    "duration": "PT1H",
    "decimal": "12.50",
}
_PATTERNS = {r"^[a-z0-9]+(-[a-z0-9]+)*$": "billing", "W": "2027-W09", ":": "09:00"}


def example_of(command: type[Command], schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Any] | None:
    """None for a command with rules that no schema tells: better no example than one that is refused."""
    example: dict[str, Any] = _example(schema, definitions)
    try:
        command.model_validate_json(TypeAdapter(Any).dump_json(example), strict=True, extra="forbid")
    except ValidationError:
        return None
    return example


def told_on(day: date, example: Any) -> Any:
    """With every day and instant in it as far from this day as it was from the one it was written on."""
    match example:
        case dict():
            return {name: told_on(day, value) for name, value in example.items()}
        case list():
            return [told_on(day, value) for value in example]
        case str() if found := _DAY.match(example):
            return f"{date.fromisoformat(found[0]) + (day - WRITTEN_ON)}{example[found.end() :]}"
    return example


def _example(schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    if "$ref" in schema:
        return _example(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema:
        return schema["const"]
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return _example(schema[key][0], definitions)
    return _of_type(schema, definitions)


def _of_type(schema: Schema, definitions: Mapping[str, Schema]) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, definitions)
        case "array":
            items = schema.get("prefixItems") or [schema.get("items", {})] * max(1, schema.get("minItems", 0))
            return [_example(item, definitions) for item in items]
        case "string":
            return _text(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return True
    return None


def _object(schema: Schema, definitions: Mapping[str, Schema]) -> dict[str, Any]:
    if properties := schema.get("properties"):
        return {name: _example(field, definitions) for name, field in properties.items()}
    values = schema.get("additionalProperties")
    if not isinstance(values, Mapping):
        return {}
    names = schema.get("propertyNames", {"type": "string"})
    return {str(_example(names, definitions)): _example(values, definitions)}


def _text(schema: Schema) -> str:
    if "format" in schema:
        return _FORMATS.get(schema["format"], "text")
    if pattern := schema.get("pattern"):
        return next((text for part, text in _PATTERNS.items() if part in pattern), "text")
    return "Words that say what is meant"[: schema.get("maxLength", 40)]


def _number(schema: Schema) -> int:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
    return int(max(least, min(1, schema.get("maximum", 1))))
