"""A collector of traces, as OTLP has them sent."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@contextmanager
def collector() -> Iterator[tuple[str, Callable[[str], list[str]]]]:
    """An OTLP collector: its address, and the names of the spans it got of a trace."""
    got: list[Span] = []

    class Collecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    got.extend(scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collecting) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        try:
            yield (
                f"http://127.0.0.1:{server.server_port}",
                lambda trace: [s.name for s in got if s.trace_id.hex() == trace],
            )
        finally:
            server.shutdown()
            serving.join()
