"""JSON Schema of every fact, as it stands on the topic."""

from typing import Any

from shared.core.event import Event
from shared.core.service import Service

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def fact_schema(name: str, event: type[Event]) -> dict[str, Any]:
    """`x-personal` names the field whose person owns a value: such a value may be null in any old fact."""
    schema = event.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": f"urn:luotsi:fact:{name}", **schema, "title": name}


def fact_schemas(service: Service) -> dict[str, dict[str, Any]]:
    return {name: fact_schema(name, event) for name, event in sorted(service.own.items())}
