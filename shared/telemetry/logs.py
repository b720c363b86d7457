"""One stream of log lines on stderr, ours and the libraries': JSON for machines, readable on a terminal."""

import logging
import sys
import time
from collections.abc import MutableMapping
from typing import Any, Literal

import orjson
import structlog

from shared.telemetry import traces

Line = MutableMapping[str, Any]

_LIBRARIES = ("uvicorn", "uvicorn.error", "uvicorn.access", "faststream", "aiokafka", "kafka", "alembic")
_ONLY_WARNINGS = ("aiokafka", "kafka", "alembic", "uvicorn.access", "opentelemetry")


class _Seldom(logging.Filter):
    """Passes each message of the Kafka client once in a while: of a broker that is away it speaks without a pause."""

    PAUSE = 10.0  # seconds

    def __init__(self) -> None:
        super().__init__()
        self._passed: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("aiokafka"):
            return True
        now, message = time.monotonic(), record.getMessage()
        if now - self._passed.get(message, -self.PAUSE) < self.PAUSE:
            return False
        self._passed = {said: at for said, at in self._passed.items() if now - at < self.PAUSE} | {message: now}
        return True


def configure(level: str = "info", form: Literal["auto", "json", "console"] = "auto") -> None:
    """Sets up structlog and sends everything of the standard library's logging the same way."""
    readable = sys.stderr.isatty() if form == "auto" else form == "console"
    threshold = getattr(logging, level.upper())
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _span_ids,
    ]
    structlog.configure(
        processors=[*shared, *_rendering(readable)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Seldom())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(readable)],
        )
    )
    _route_standard_logging(handler, threshold)


def only_warnings() -> None:
    """For a verb that uses what a service uses: its answer goes to stdout, and nothing but trouble to stderr."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _rendering(readable: bool) -> list[Any]:
    if readable:
        return [structlog.dev.ConsoleRenderer()]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(_json)]


def _json(line: Line, **_: Any) -> str:
    return orjson.dumps(line, default=str).decode()


def _span_ids(_: Any, __: str, line: Line) -> Line:
    line.update(traces.ids())
    return line


def _route_standard_logging(handler: logging.Handler, threshold: int) -> None:
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(threshold)
    for name in _LIBRARIES:
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], True
    for name in _ONLY_WARNINGS:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    logging.captureWarnings(True)
