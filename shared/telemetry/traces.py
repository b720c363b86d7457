"""Traces that follow a fact: HTTP, store, Kafka, listener. The thread between processes is the envelope's traceparent.

Without an endpoint no span is made, and a traceparent that came in is passed on as it is.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Literal

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.core.decider import Rejected

Kind = Literal["server", "internal", "producer", "consumer"]

_propagator = TraceContextTextMapPropagator()
_kinds = {
    "server": SpanKind.SERVER,
    "internal": SpanKind.INTERNAL,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
_tracer: trace.Tracer | None = None


@contextmanager
def sending(service: str, endpoint: str | None) -> Iterator[None]:
    """`endpoint` is an OTLP collector's HTTP address, http://host:4318. What is left is sent at the end."""
    if endpoint is None:
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"luotsi-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    use(provider)
    try:
        yield
    finally:
        use(None)
        provider.shutdown()


def use(provider: trace.TracerProvider | None) -> None:
    """Makes spans with this provider from now on; with None, no more."""
    global _tracer
    _tracer = provider.get_tracer("luotsi") if provider is not None else None


def span(
    name: str, traceparent: str | None = None, kind: Kind = "internal", **about: Any
) -> AbstractContextManager[str | None]:
    """A span under the given parent, or under the current one. Gives the traceparent to pass on."""
    return nullcontext(traceparent) if _tracer is None else _span(_tracer, name, traceparent, kind, about)


@contextmanager
def _span(
    tracer: trace.Tracer, name: str, traceparent: str | None, kind: Kind, about: dict[str, Any]
) -> Iterator[str | None]:
    known = {key: value for key, value in about.items() if value is not None}
    with tracer.start_as_current_span(
        name, _parent(traceparent), _kinds[kind], known, set_status_on_exception=False
    ) as current:
        try:
            yield _traceparent()
        except Rejected as refusal:
            current.set_attribute("refused", refusal.code)
            raise
        except Exception as error:
            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def ids() -> dict[str, str]:
    """Of the span that is under way, for lines of the log; none where no span is made."""
    span = trace.get_current_span().get_span_context() if _tracer is not None else None
    if span is None or not span.is_valid:
        return {}
    return {"trace_id": f"{span.trace_id:032x}", "span_id": f"{span.span_id:016x}"}


def passed(name: str, traceparents: Iterable[str | None], began: int, kind: Kind = "consumer") -> None:
    """What went through many at once, seen from each of their traces: a span from `began` (time_ns) until now.

    Only traces that are sampled get one.
    """
    if _tracer is None:
        return
    for traceparent in {one for one in traceparents if one is not None and one.endswith("01")}:
        _tracer.start_span(name, _parent(traceparent), _kinds[kind], start_time=began).end()


def _parent(traceparent: str | None) -> Context | None:
    return _propagator.extract({"traceparent": traceparent}) if traceparent else None


def _traceparent() -> str | None:
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")
