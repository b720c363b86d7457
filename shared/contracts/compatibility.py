"""The gate: what may change in the schema of a fact that has been written. What it does not understand, it refuses."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.core.event import event_types
from shared.core.service import Service

Schema = Mapping[str, Any]

_WORDS = {"title", "description", "examples", "$id", "$schema", "default"}
_PARTS = {"properties", "required", "$defs"}


def breaks(name: str, old: Schema, new: Schema) -> list[str]:
    """Why old facts could no longer be read, or readers of today not read new ones; empty when neither can happen."""
    return list(_object(name, "", old, new, old.get("$defs", {}), new.get("$defs", {})))


def _object(name: str, path: str, old: Schema, new: Schema, old_defs: Schema, new_defs: Schema) -> Iterator[str]:
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    for field in sorted(old_fields.keys() - new_fields.keys()):
        yield f"{name}: {path}{field} is removed"
    added = new_fields.keys() - old_fields.keys()
    for field in sorted(new.get("required", [])):
        if field in added and "default" not in new_fields[field]:
            yield f"{name}: {path}{field} is new and has no default, so older facts could not be read"
        elif field in old_fields and field not in old.get("required", []) and "default" not in new_fields[field]:
            yield f"{name}: {path}{field} was optional and is required now"
    for field in sorted(old_fields.keys() & new_fields.keys()):
        yield from _value(name, f"{path}{field}", old_fields[field], new_fields[field], old_defs, new_defs)
    yield from _rest(name, path, old, new)


def _value(name: str, path: str, old: Any, new: Any, old_defs: Schema, new_defs: Schema) -> Iterator[str]:
    old, new = _resolved(old, old_defs), _resolved(new, new_defs)
    if "properties" in old and "properties" in new:
        yield from _object(name, f"{path}.", old, new, old_defs, new_defs)
    elif "items" in old and "items" in new:
        yield from _value(name, f"{path}[]", old["items"], new["items"], old_defs, new_defs)
        yield from _rest(name, path, _without(old, "items"), _without(new, "items"))
    elif _is_choice(old) and _is_choice(new) and len(old["anyOf"]) == len(new["anyOf"]):
        for before, after in zip(old["anyOf"], new["anyOf"], strict=True):
            yield from _value(name, path, before, after, old_defs, new_defs)
    else:
        yield from _rest(name, path, old, new)


def _rest(name: str, path: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = _without(old, *_WORDS, *_PARTS), _without(new, *_WORDS, *_PARTS)
    if before != after:
        yield f"{name}: {path or 'the fact'} changed from {before} to {after}"


def _resolved(schema: Any, defs: Schema) -> Schema:
    reference = schema.get("$ref", "")
    resolved: Schema = defs[reference.rpartition("/")[2]] if reference.startswith("#/$defs/") else schema
    return resolved


def _is_choice(schema: Schema) -> bool:
    return "anyOf" in schema and not _without(schema, "anyOf", *_WORDS)


def _without(schema: Schema, *names: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in names}


def readers(services: Iterable[Service], name: str, field: str) -> list[str]:
    """The inboxes that read this field, or the fact at all when `field` is ''."""
    return [
        f"services/{service.name}/inbox.py"
        for service in services
        if service.inbox is not None
        and (event := event_types(service.inbox).get(name)) is not None
        and (not field or field in event.model_fields)
    ]


def refusals(services: Iterable[Service], written: Mapping[str, Schema], now: Mapping[str, Schema]) -> list[str]:
    """Every incompatible change from the contracts as written to those of now, with the inboxes it would break."""
    services = list(services)
    found = []
    for name in sorted(written):
        why = breaks(name, written[name], now[name]) if name in now else [f"{name}: is not told any more"]
        for line in why:
            field = line.removeprefix(f"{name}: ").partition(" ")[0].partition(".")[0].partition("[")[0]
            harmed = readers(services, name, field if name in now else "")
            found.append(line + (f"; would break {', '.join(harmed)}" if harmed else ""))
    return found
