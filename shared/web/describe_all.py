"""One OpenAPI description of several services that answer at one address, to generate one client from."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shared.core.service import Service
from shared.web.describe import Schemas, describe, renamed
from shared.web.examples import WRITTEN_ON
from shared.web.requests import CHANGES

Document = dict[str, Any]


def describe_all(services: Sequence[Service], day: date = WRITTEN_ON) -> Document:
    """All paths; what has its service's name too: the changes, and a schema of one name that means two things."""
    documents = {service.name: describe(service, day=day) for service in services}
    clashing = _clashing([_schemas(document) for document in documents.values()])
    whole = dict(next(iter(documents.values())))
    whole["info"] = {**whole["info"], "title": "Luotsi", "summary": f"Commands and queries of {', '.join(documents)}"}
    whole["paths"], whole["tags"] = {}, []
    whole["components"] = {**whole["components"], "schemas": {}}
    for service, document in documents.items():
        _add(whole, service, document, {name: f"{service.capitalize()}{name}" for name in clashing})
    return whole


def _add(whole: Document, service: str, document: Document, names: Mapping[str, str]) -> None:
    whole["tags"] += [{"name": f"{service} {tag['name']}"} for tag in document["tags"]]
    schemas = _schemas(document)
    whole["components"]["schemas"] |= {names.get(name, name): renamed(one, names) for name, one in schemas.items()}
    for path, methods in renamed(document["paths"], names).items():
        path = f"/{service}{path}" if path == CHANGES else path
        if path in whole["paths"]:
            raise ValueError(f"{path} is answered by two services")
        whole["paths"][path] = {method: _of(service, operation) for method, operation in methods.items()}


def _of(service: str, operation: Document) -> Document:
    return {**operation, "tags": [f"{service} {tag}" for tag in operation["tags"]]}


def _clashing(all_schemas: Sequence[Schemas]) -> frozenset[str]:
    """Names that stand for different things, or for things that lead to such."""
    found: frozenset[str] = frozenset()
    while True:
        names = dict.fromkeys(found, "")
        told: dict[str, list[Any]] = {}
        for schemas in all_schemas:
            for name, schema in schemas.items():
                told.setdefault(name, []).append((schema, renamed(schema, names) != schema))
        more = {name for name, each in told.items() if len(each) > 1 and _differ(each)}
        if more <= found:
            return found
        found |= more


def _differ(each: Sequence[tuple[Any, bool]]) -> bool:
    (first, _), *_ = each
    return any(leads or schema != first for schema, leads in each)


def _schemas(document: Document) -> Schemas:
    schemas: Schemas = document["components"]["schemas"]
    return schemas
