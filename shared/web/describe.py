"""The OpenAPI 3.1 description: queries as FastAPI tells them, commands, problems and headers from the same sources
as the routes, enough to generate a client from.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from inspect import getdoc
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from shared.core.access import ROLES, Ask
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.web import queries
from shared.web.commands import path_of
from shared.web.examples import WRITTEN_ON, example_of, told_on
from shared.web.parts import PARAMETERS, REFERENCE, REFUSALS, RESPONSES, SCHEMAS, parameter, problem, refusal, response
from shared.web.requests import CHANGES

Schemas = dict[str, dict[str, Any]]

_ROLES = "Roles in the token: " + ", ".join(f"`{letter}` {name}" for letter, name in ROLES.items()) + "."
_SEEN = "A query shows each of those who may ask it the rows that they may see, and is 404 for everybody else."
_READING = (401, 404, 422, 503)
_SCHEMAS = REFERENCE.format(model="")
_PAGE = re.compile(r"^Page_(\w+)_$")
_FORGOTTEN = ("HTTPValidationError", "ValidationError")


def describe(service: Service, version: str = "1", day: date = WRITTEN_ON) -> dict[str, Any]:
    """The whole document, its examples to be tried on this day. It needs no running service."""
    document = get_openapi(
        title=f"Luotsi {service.name}",
        version=version,
        openapi_version="3.1.0",
        summary=f"Commands and queries of the {service.name} service",
        description=f"{_ROLES}\n\n{_SEEN}",
        routes=queries.routes(service).routes,
    )
    schemas: Schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _FORGOTTEN:
        schemas.pop(name, None)
    for read_model in service.read_models:
        if read_model.query is not None:
            _tell_reading(document["paths"][queries.path_of(read_model)]["get"], read_model)
    pages = {name: _PAGE.sub(r"\1Page", name) for name in schemas}
    schemas = {pages[name]: schema for name, schema in schemas.items()}
    document["paths"] = renamed(document["paths"], pages)
    document["paths"] |= {CHANGES: {"get": _watching(service)}} | _commands(service, schemas, day)
    schemas |= SCHEMAS
    document["components"] |= {
        "schemas": schemas,
        "responses": RESPONSES,
        "parameters": PARAMETERS,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    }
    document["security"] = [{"token": []}]
    document["tags"] = [{"name": "commands"}, {"name": "queries"}]
    return document


def _tell_reading(operation: dict[str, Any], read_model: ReadModel) -> None:
    operation["description"] = f"{operation.get('description', '')}\n\nWho may: {read_model.seen_by}.".strip()
    operation["parameters"] = [
        *operation.get("parameters", []),
        *map(parameter, ("LuotsiAfter", "IfNoneMatch", "CorrelationId")),
    ]
    answered = operation["responses"]["200"]
    answered["headers"] = {"ETag": {"schema": {"type": "string"}}, "Link": {"schema": {"type": "string"}}}
    operation["responses"] = {"200": answered, "304": response("NotModified"), **_problems(_READING)}


def _watching(service: Service) -> dict[str, Any]:
    """Each service tells its own changes: at one address the operation is there once for each."""
    return {
        "operationId": f"watch{service.name.capitalize()}",
        "summary": "Which rows change, as it happens",
        "description": "Open it first, then ask the queries: so nothing is missed in between.",
        "tags": ["queries"],
        "parameters": [*map(parameter, ("LastEventId", "CorrelationId"))],
        "responses": {"200": response("Changes"), **_problems((401, 422, 429, 503))},
    }


def _problems(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {str(status): problem(status) for status in statuses}


def _commands(service: Service, schemas: Schemas, day: date) -> dict[str, Any]:
    asked = [(ask.command, "validation") for ask in service.asks]
    references, found = models_json_schema(asked, ref_template=REFERENCE)  # type: ignore[arg-type]
    definitions = {name: _told_on(day, schema) for name, schema in found.get("$defs", {}).items()}
    names = {name: _free(name, schema, schemas) for name, schema in definitions.items()}
    schemas |= {names[name]: renamed(_closed(schema), names) for name, schema in definitions.items()}
    paths = {}
    for ask in service.asks:
        own = references[ask.command, "validation"]["$ref"].rpartition("/")[2]
        example = example_of(ask.command, definitions[own], definitions)
        paths[path_of(ask.command)] = {"post": _operation(ask, REFERENCE.format(model=names[own]), example)}
    return paths


def _told_on(day: date, schema: dict[str, Any]) -> dict[str, Any]:
    return schema | ({"examples": told_on(day, schema["examples"])} if "examples" in schema else {})


def _operation(ask: Ask, schema: str, example: Mapping[str, Any] | None) -> dict[str, Any]:
    name = ask.command.__name__
    described = (ask.command.__doc__ and getdoc(ask.command)) or ""
    who = f"Who may: {', '.join(rule.words for rule in ask.rules)}."
    content: dict[str, Any] = {"schema": {"$ref": schema}}
    if example is not None:
        content["example"] = example
    return {
        "operationId": name[0].lower() + name[1:],
        "summary": described.splitlines()[0] if described else name,
        "description": f"{described}\n\n{who}".strip(),
        "tags": ["commands"],
        "parameters": [*map(parameter, ("IdempotencyKey", "IfMatch", "LuotsiAfter", "CorrelationId", "Traceparent"))],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {"200": response("Receipt"), **_problems(REFUSALS), "422": refusal(ask.command)},
    }


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """In a command no unknown field is taken at any depth, also where facts would pass over it."""
    return {**schema, "additionalProperties": False} if "properties" in schema else schema


def _free(name: str, schema: dict[str, Any], taken: Schemas) -> str:
    """A shape that queries answer with is open there and closed here: two schemas."""
    return f"{name}Input" if name in taken and taken[name] != _closed(schema) else name


def renamed(schema: Any, names: Mapping[str, str]) -> Any:
    """With references to the schemas' new names, at any depth."""
    again = partial(renamed, names=names)
    if isinstance(schema, list):
        return [again(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(reference := schema.get("$ref"), str) and reference.startswith(_SCHEMAS):
        name = reference.removeprefix(_SCHEMAS)
        return {**schema, "$ref": f"{_SCHEMAS}{names.get(name, name)}"}
    return {key: again(part) for key, part in schema.items()}
