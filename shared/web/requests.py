"""What every request gets, whatever it asks: a correlation id, a span, a log line, a measurement, no bare error.

No line and no span names a person or a stream, so those of an unsigned command cannot be put together.
"""

from collections.abc import Collection
from contextlib import nullcontext
from time import perf_counter
from uuid import UUID

import structlog
from opentelemetry import trace
from prometheus_client import Histogram
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.core.ids import new_id
from shared.telemetry.metrics import REQUEST_SECONDS
from shared.telemetry.traces import span
from shared.web import headers, problems

CORRELATION, HEADERS = "luotsi.correlation_id", "luotsi.headers"
ROUTE, TRACEPARENT = "luotsi.route", "luotsi.traceparent"
UNKNOWN = "unknown"
QUIET = frozenset({"/livez", "/readyz", "/metrics"})
CHANGES = "/v1/changes"  # answered for hours: no span lasts so long, and no histogram is about it
GONE = 499


class Exchange:
    """One request and what has been sent of its answer."""

    __slots__ = ("_send", "correlation", "method", "route", "started", "status")

    def __init__(self, method: str, route: str, send: Send) -> None:
        self.method, self.route = method, route
        self.correlation = ""
        self.status = 0
        self.started = perf_counter()
        self._send = send

    def correlate(self, scope: Scope, correlation_id: UUID) -> None:
        scope[CORRELATION], self.correlation = correlation_id, str(correlation_id)

    async def send(self, message: Message) -> None:
        """The message stays as it is: it may be what others are sent too."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], (b"x-correlation-id", self.correlation.encode())]}
        await self._send(message)

    @property
    def seconds(self) -> float:
        return perf_counter() - self.started


class Requests:
    def __init__(self, app: ASGIApp, service: str, routes: Collection[str]) -> None:
        """`routes` are all paths there are: any other is not worth a label of its own."""
        self._app, self._service, self._routes = app, service, routes
        self._log = structlog.get_logger().bind(service=service)
        self._seconds: dict[tuple[str, int], Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        found = scope[HEADERS] = dict(scope["headers"])
        route = scope["path"].removeprefix(scope.get("root_path", ""))
        scope[ROUTE] = route = route if route in self._routes else UNKNOWN
        exchange = Exchange(scope["method"], route, send)
        incoming = headers.traceparent(found)
        spanning = (
            nullcontext()
            if route in QUIET or route == CHANGES
            else span(f"{exchange.method} {route}", incoming, "server")
        )
        with spanning as scope[TRACEPARENT]:
            await self._answer(exchange, scope, receive)
            trace.get_current_span().set_attribute("http.response.status_code", exchange.status)
        self._tell(exchange)
        return None

    async def _answer(self, exchange: Exchange, scope: Scope, receive: Receive) -> None:
        exchange.correlate(scope, new_id())
        try:
            if (given := headers.correlation_id(scope[HEADERS])) is not None:
                exchange.correlate(scope, given)
            await self._app(scope, receive, exchange.send)
        except ClientDisconnect:
            exchange.status = GONE
        except Exception as error:
            if exchange.status:
                raise
            await self._excuse(exchange, error, scope, receive)

    async def _excuse(self, exchange: Exchange, error: Exception, scope: Scope, receive: Receive) -> None:
        problem = problems.of(error)
        if problem is None:
            self._log.error("request.failed", route=exchange.route, correlation_id=exchange.correlation, exc_info=error)
            problem = problems.internal()
        await problems.response(problem, exchange.correlation)(scope, receive, exchange.send)

    def _tell(self, exchange: Exchange) -> None:
        seconds = exchange.seconds
        if exchange.route != CHANGES:
            self._histogram(exchange).observe(seconds)
        if exchange.route not in QUIET:
            self._log.info(
                "request",
                method=exchange.method,
                route=exchange.route,
                status=exchange.status,
                ms=round(seconds * 1000, 2),
                correlation_id=exchange.correlation,
            )

    def _histogram(self, exchange: Exchange) -> Histogram:
        """Kept, for looking one up by its labels takes as long as the rest of the line."""
        key = exchange.route, exchange.status
        if key not in self._seconds:
            self._seconds[key] = REQUEST_SECONDS.labels(self._service, exchange.route, str(exchange.status))
        return self._seconds[key]
