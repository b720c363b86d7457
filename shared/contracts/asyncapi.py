"""AsyncAPI 3 of one service: the topic it publishes on, and what it hears of others."""

from typing import Any

from shared.contracts.schemas import fact_schemas
from shared.core.event import Event, event_types, source_of, topic_of
from shared.core.service import Service

_TEXT = {"type": "string"}
_HEADERS: dict[str, dict[str, Any]] = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {**_TEXT, "format": "uuid"},
    "ce_source": {**_TEXT, "description": "/luotsi/<service>"},
    "ce_type": {**_TEXT, "description": "the fact's stored name, which never changes"},
    "ce_subject": {**_TEXT, "description": "the stream"},
    "ce_time": {**_TEXT, "format": "date-time", "description": "when it happened, with the offset of its place"},
    "content-type": {"const": "application/json"},
    "ce_sequence": {**_TEXT, "pattern": r"^\d{20}$", "description": "its position in the store: drop repeats by it"},
    "ce_partitionkey": {**_TEXT, "description": "tenant and stream"},
    "ce_tenant": _TEXT,
    "ce_streamversion": {**_TEXT, "pattern": r"^\d+$"},
    "ce_actor": _TEXT,
    "ce_recordedat": {**_TEXT, "format": "date-time"},
    "ce_correlationid": {**_TEXT, "format": "uuid"},
    "ce_causationid": {**_TEXT, "format": "uuid"},
    "ce_traceparent": _TEXT,
    "ce_previous": {**_TEXT, "pattern": r"^\d+$", "description": "the position before it in its partition"},
    "ce_partitions": {**_TEXT, "pattern": r"^\d+$", "description": "the number of partitions it was spread over"},
}
_OPTIONAL = {"ce_causationid", "ce_traceparent"}


def asyncapi(service: Service, version: str) -> dict[str, Any]:
    heard = {} if service.inbox is None else dict(event_types(service.inbox))
    topics = {source: topic_of(source) for source in sorted({source_of(name) for name in heard})}
    own_topic = topic_of(service.name)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Luotsi {service.name}: facts",
            "version": version,
            "description": "CloudEvents 1.0 in Kafka binary mode. Order holds within a stream. Kept for ever.",
        },
        "defaultContentType": "application/json",
        "channels": {
            own_topic: _channel(own_topic, service.own),
            **{topic: _channel(topic, _of(heard, source)) for source, topic in topics.items()},
        },
        "operations": {
            f"publish-{service.name}": _operation("send", own_topic),
            **{f"hear-{source}": _operation("receive", topic) for source, topic in topics.items()},
        },
        "components": {
            "messages": {name: _message(name, event) for name, event in sorted({**service.own, **heard}.items())},
            "schemas": {
                "envelope": {
                    "type": "object",
                    "properties": _HEADERS,
                    "required": sorted(set(_HEADERS) - _OPTIONAL),
                },
                **_payloads(service, heard),
            },
        },
    }


def _of(heard: dict[str, type[Event]], source: str) -> dict[str, type[Event]]:
    return {name: event for name, event in heard.items() if source_of(name) == source}


def _channel(topic: str, events: Any) -> dict[str, Any]:
    return {
        "address": topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in sorted(events)},
        "bindings": {"kafka": {"bindingVersion": "0.5.0", "topic": topic}},
    }


def _operation(action: str, topic: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}}


def _message(name: str, event: type[Event]) -> dict[str, Any]:
    return {
        "name": name,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip().partition("\n")[0],
        "headers": {"$ref": "#/components/schemas/envelope"},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {"kafka": {"bindingVersion": "0.5.0", "key": {"type": "string"}}},
    }


def _payloads(service: Service, heard: dict[str, type[Event]]) -> dict[str, Any]:
    """Payload schemas with their own definitions inside; `$id` makes the inner references theirs."""
    foreign = {
        name: {"$id": f"urn:luotsi:heard:{service.name}:{name}", **event.model_json_schema(mode="validation")}
        for name, event in sorted(heard.items())
    }
    own = {
        name: {key: value for key, value in schema.items() if key != "$schema"}
        for name, schema in fact_schemas(service).items()
    }
    return {**own, **foreign}
