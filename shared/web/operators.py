"""What operators ask of a running process: where it stands, what is being built, and to go on in time."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import orjson
from pydantic import AwareDatetime, BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.web import body, problems
from shared.web.requests import HEADERS
from shared.web.tokens import Tokens

OPERATOR = "O"
LIMIT = 4096

Status = Callable[[], Awaitable[Any]]
MoveClock = Callable[[datetime], Awaitable[datetime]]


class Leap(BaseModel):
    to: AwareDatetime


def routes(tokens: Tokens, status: Status | None, rebuilds: Status | None, move_clock: MoveClock | None) -> list[Route]:
    """Only what the process can do has an address. `move_clock` answers the time it has got to."""

    def telling(ask: Status) -> Callable[[Request], Awaitable[Response]]:
        async def tell(request: Request) -> Response:
            await _require_operator(tokens, request)
            return Response(orjson.dumps(await ask(), default=str), media_type="application/json")

        return tell

    async def leap(request: Request) -> Response:
        await _require_operator(tokens, request)
        assert move_clock is not None
        headers = request.scope[HEADERS]
        body.expect_json(headers)
        leap = Leap.model_validate_json(await body.read(headers, request.receive, LIMIT))
        return Response(orjson.dumps({"now": await move_clock(leap.to)}), media_type="application/json")

    asked = {"status": status, "rebuilds": rebuilds}
    found = [Route(f"/v1/ops/{name}", telling(ask), methods=["GET"]) for name, ask in asked.items() if ask is not None]
    if move_clock is not None:
        found.append(Route("/v1/ops/clock", leap, methods=["POST"]))
    return found


async def _require_operator(tokens: Tokens, request: Request) -> None:
    caller = await tokens.caller(request.scope[HEADERS].get(b"authorization"))
    if OPERATOR not in caller.roles:
        raise problems.not_allowed()
