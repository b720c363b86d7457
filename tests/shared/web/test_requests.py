"""What is told of a request: one line, one span, no person beside a stream; and what is told when things break."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.core.decider import Command
from shared.store.answers import Conflict, FactTooLarge, OutcomeUnknown, Receipt, Request
from shared.store.database import Database
from shared.store.store import EventStore
from shared.telemetry import traces
from tests.shared.web.conftest import Api, Crew, Person, client_of

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"

Lines = list[Any]


@pytest.fixture
def lines() -> Iterator[Lines]:
    with structlog.testing.capture_logs() as captured:
        yield captured


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    traces.use(provider)
    yield exporter
    traces.use(None)


async def pay(crew: Crew, person: Person | None = None, **headers: str) -> Any:
    payer = person or crew.member
    return await payer.ask("pay-in", headers, account_id=crew.account, person_id=crew.member.id, amount=1)


async def test_a_request_is_one_line(crew: Crew, lines: Lines) -> None:
    answer = await pay(crew)
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["ms"] > 0
    told = {name: line[name] for name in ("service", "method", "route", "status", "correlation_id")}
    assert told == {
        "service": "bank",
        "method": "POST",
        "route": "/v1/pay-in",
        "status": 200,
        "correlation_id": answer.headers["X-Correlation-Id"],
    }


async def test_the_servers_span_goes_on_with_the_callers_trace(
    crew: Crew, spans: InMemorySpanExporter, db: Database
) -> None:
    await pay(crew, traceparent=TRACEPARENT)
    span = next(span for span in spans.get_finished_spans() if span.name == "POST /v1/pay-in")
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.parent is not None
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 200
    (paid,) = await EventStore(db, "bank").stream("org", f"bank.account-{crew.account}", after_version=1)
    assert paid.traceparent == f"00-{TRACE}-{span.context.span_id:016x}-01"


async def test_of_an_unsigned_command_nothing_tells_person_and_stream(
    crew: Crew, lines: Lines, spans: InMemorySpanExporter
) -> None:
    headers = {"traceparent": TRACEPARENT}
    assert (await crew.member.ask("blow-whistle", headers, account_id=crew.account)).status_code == 200
    person, stream = str(crew.member.id), str(crew.account)
    told = [str(line) for line in lines] + [span.to_json() for span in spans.get_finished_spans()]
    assert told
    assert not [one for one in told if person in one]
    linked = [line for line in lines if stream in str(line)]
    assert not [line for line in linked if "correlation_id" in line or "trace_id" in line]


class BrokenDesk:
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def ask(self, command: Command, request: Request) -> Receipt:
        raise self._error

    async def answered(self, command: Command, request: Request) -> Receipt | None:
        return None


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        (Conflict("bank.account-1"), 409, "conflict", None),
        (FactTooLarge("too large"), 413, "too-large", None),
        (OutcomeUnknown("gone"), 503, "outcome-unknown", "1"),
        (ConnectionRefusedError("secret address"), 503, "unavailable", "1"),
        (RuntimeError("secret words"), 500, "internal", None),
    ],
)
async def test_what_the_desk_says_is_a_problem(
    crew: Crew, make_api: Api, lines: Lines, error: Exception, status: int, code: str, retry: str | None
) -> None:
    async with client_of(make_api(desk=BrokenDesk(error))) as client:
        crew.member.client = client
        answer = await pay(crew)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("Retry-After") == retry
    assert "secret" not in answer.text
    failures = [line for line in lines if line["event"] == "request.failed"]
    assert len(failures) == (status == 500)
    assert all(line["exc_info"] is error for line in failures)


async def test_without_a_database_reading_is_503(crew: Crew, make_api: Api, unused_tcp_port: int) -> None:
    away = Database(f"postgresql://nobody@127.0.0.1:{unused_tcp_port}/none")
    async with client_of(make_api(database=away)) as client:
        crew.hr.client = client
        answer = await crew.hr.read("account-lines")
    await away.close()
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "1")


async def test_a_caller_who_goes_away_in_the_middle_of_the_body_is_no_error(
    make_api: Api, crew: Crew, lines: Lines
) -> None:
    messages = asyncio.Queue[dict[str, Any]]()
    messages.put_nowait({"type": "http.request", "body": b"{", "more_body": True})
    messages.put_nowait({"type": "http.disconnect"})
    answered: list[Any] = []

    async def send(message: Any) -> None:
        answered.append(message)

    headers = [(b"authorization", crew.hr.headers["Authorization"].encode()), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/v1/pay-in", "headers": headers, "query_string": b""}
    await make_api()(scope, messages.get, send)
    assert answered == []
    assert [line["status"] for line in lines if line["event"] == "request"] == [499]
