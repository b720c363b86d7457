"""Is this process alive, is it ready, and its measurements. No token is needed and nothing secret is told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.telemetry.metrics import READY

Check = Callable[[], Awaitable[str | None]]

PATIENCE = 3.0  # seconds: whoever asks waits for five


def routes(service: str, checks: Mapping[str, Check]) -> list[Route]:
    """A check answers None, or words for what is missing; one that raises is not ready either."""

    async def live(request: Request) -> Response:
        return _json(200, {"status": "live"})

    async def missing_now() -> dict[str, str]:
        told = dict(zip(checks, await asyncio.gather(*map(_asked, checks.values())), strict=True))
        for name, reason in told.items():
            READY.labels(service, name).set(reason is None)
        return {name: reason for name, reason in told.items() if reason is not None}

    async def ready(request: Request) -> Response:
        if missing := await missing_now():
            return _json(503, {"status": "not ready", "missing": missing}, {"Retry-After": "1"})
        return _json(200, {"status": "ready"})

    async def metrics(request: Request) -> Response:
        await missing_now()
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/livez", live), Route("/readyz", ready), Route("/metrics", metrics)]


async def _asked(check: Check) -> str | None:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception as error:  # an answer too: the reason is told, and the process is not ready
        return f"{type(error).__name__}: {error}"


def _json(status: int, value: object, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(value), status, headers, "application/json")
