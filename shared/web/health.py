"""Is this process alive, is it ready, and its measurements. No token is needed and nothing secret is told."""

from collections.abc import Awaitable, Callable, Mapping

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Check = Callable[[], Awaitable[str | None]]


def routes(checks: Mapping[str, Check]) -> list[Route]:
    """A check answers None, or words for what is missing; one that raises is not ready either."""

    async def live(request: Request) -> Response:
        return _json(200, {"status": "live"})

    async def ready(request: Request) -> Response:
        missing = {name: reason for name, check in checks.items() if (reason := await _asked(check)) is not None}
        if missing:
            return _json(503, {"status": "not ready", "missing": missing}, {"Retry-After": "1"})
        return _json(200, {"status": "ready"})

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/livez", live), Route("/readyz", ready), Route("/metrics", metrics)]


async def _asked(check: Check) -> str | None:
    try:
        return await check()
    except Exception as error:  # an answer too: the reason is told, and the process is not ready
        return f"{type(error).__name__}: {error}"


def _json(status: int, value: object, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(value), status, headers, "application/json")
