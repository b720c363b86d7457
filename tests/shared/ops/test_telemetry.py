"""Logs are one stream of JSON lines; traces follow a traceparent from process to process."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from shared.core.decider import Rejected
from shared.telemetry import traces

FROM_OUTSIDE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

_PROGRAM = """
import logging, structlog
from uuid import UUID
from shared.telemetry import logs
logs.configure("{level}", "json")
structlog.get_logger().info("ours", correlation_id=UUID(int=1))
structlog.get_logger().debug("too much")
logging.getLogger("uvicorn.error").warning("theirs %s", "too")
logging.getLogger("aiokafka.cluster").info("chatter")
for _ in range(1000):
    logging.getLogger("aiokafka").error("node %d is away", 1)
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger().exception("broken")
"""


def _lines(level: str) -> list[dict[str, object]]:
    program = _PROGRAM.replace("{level}", level)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    return [json.loads(line) for line in ran.stderr.splitlines()]


def test_every_line_is_json_ours_and_the_libraries() -> None:
    ours, theirs, away, broken = _lines("info")
    assert (ours["event"], ours["level"]) == ("ours", "info")
    assert ours["correlation_id"] == "00000000-0000-0000-0000-000000000001"
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("theirs too", "uvicorn.error", "warning")
    assert (away["event"], away["logger"]) == ("node 1 is away", "aiokafka")
    assert "ZeroDivisionError" in str(broken["exception"])


def test_the_level_is_a_threshold() -> None:
    assert [line["event"] for line in _lines("warning")] == ["theirs too", "node 1 is away", "broken"]


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces.use(provider)
    yield exporter
    traces.use(None)


def test_a_trace_goes_on_under_the_traceparent_it_was_given(spans: InMemorySpanExporter) -> None:
    with traces.span("asked", FROM_OUTSIDE, kind="server", route="/v1/x", nothing=None) as stored:
        pass
    with traces.span("heard", stored, kind="consumer"):
        pass
    asked, heard = spans.get_finished_spans()
    assert asked.parent is not None
    assert heard.parent is not None
    assert f"{asked.context.trace_id:032x}" == f"{heard.context.trace_id:032x}" == FROM_OUTSIDE.split("-")[1]
    assert f"{asked.parent.span_id:016x}" == FROM_OUTSIDE.split("-")[2]
    assert heard.parent.span_id == asked.context.span_id
    assert (asked.kind, heard.kind) == (SpanKind.SERVER, SpanKind.CONSUMER)
    assert dict(asked.attributes or {}) == {"route": "/v1/x"}


def test_a_span_within_a_span_is_its_child(spans: InMemorySpanExporter) -> None:
    with traces.span("outer"), traces.span("inner"):
        pass
    inner, outer = spans.get_finished_spans()
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id


def test_an_error_marks_its_span(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ZeroDivisionError), traces.span("broken"):
        raise ZeroDivisionError
    (broken,) = spans.get_finished_spans()
    assert broken.status.status_code is StatusCode.ERROR


def test_without_an_endpoint_a_traceparent_is_passed_on_as_it_is() -> None:
    with traces.sending("parts", None):
        with traces.span("asked", FROM_OUTSIDE) as passed_on:
            assert passed_on == FROM_OUTSIDE
        with traces.span("asked") as passed_on:
            assert passed_on is None
        traces.passed("heard", [FROM_OUTSIDE], began=0)


def test_what_went_through_many_at_once_is_seen_from_each_sampled_trace(spans: InMemorySpanExporter) -> None:
    other = FROM_OUTSIDE.replace("0af", "1af")
    traces.passed("heard", [FROM_OUTSIDE, FROM_OUTSIDE, other, None, f"{other[:-2]}00"], began=5)
    heard = spans.get_finished_spans()
    assert sorted(f"{one.context.trace_id:032x}" for one in heard) == [FROM_OUTSIDE[3:35], other[3:35]]
    assert {(one.name, one.start_time) for one in heard} == {("heard", 5)}


def test_a_refusal_is_an_answer_and_no_error(spans: InMemorySpanExporter) -> None:
    with pytest.raises(Rejected), traces.span("asked"):
        raise Rejected("too-late", "it is over")
    (asked,) = spans.get_finished_spans()
    assert asked.status.status_code is StatusCode.UNSET
    assert dict(asked.attributes or {}) == {"refused": "too-late"}
