"""A service as a web application."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Lifespan

from shared.core.clock import Clock
from shared.core.service import Service
from shared.store.answers import Answering
from shared.store.codec import Codec
from shared.store.database import Database
from shared.web import changes, health, operators, problems, queries
from shared.web.commands import MEBIBYTE, Commands, Counter
from shared.web.commands import path_of as command_path
from shared.web.describe import describe
from shared.web.describe_all import describe_all
from shared.web.followers import Followers
from shared.web.health import Check
from shared.web.operators import MoveClock, Status
from shared.web.queries import NotModified, Readers
from shared.web.requests import CORRELATION, Requests
from shared.web.tokens import Tokens
from shared.web.view import Room
from shared.web.views import Views
from shared.web.waiting import LIMIT, After, Waiter
from shared.web.zones import Zones

DESCRIPTION = "/openapi.json"
Today = Callable[[], date]
_NONE: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}  # ours do it


def create_api(
    service: Service,
    *,
    desk: Answering,
    database: Database,
    clock: Clock,
    tokens: Tokens,
    waiter: Waiter,
    followers: Followers | None = None,
    codec: Codec | None = None,
    time_zone: str = "Europe/Helsinki",
    body_limit: int = MEBIBYTE,
    wait_limit: float = LIMIT,
    pace: changes.Pace = changes.PACE,
    checks: Mapping[str, Check] | None = None,
    status: Status | None = None,
    rebuilds: Status | None = None,
    move_clock: MoveClock | None = None,
    lifespan: Lifespan[Any] | None = None,
) -> FastAPI:
    """`time_zone` holds while a team's is unknown. `status`, `rebuilds` and `move_clock` open the routes of operators;
    a clock that is not given to be moved has no address.
    """
    room = Room.of(service, database, codec)
    views, zones = Views(room, clock), Zones(service.directory, time_zone)
    after = After(waiter, room.builds, wait_limit)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan, telemetry=_NONE)
    app.state.readers = Readers(service, clock, tokens, views, zones, after)
    app.openapi = lambda: describe(service)  # type: ignore[method-assign]
    app.router.redirect_slashes = False
    app.router.routes.extend(queries.routes(service).routes)
    app.router.routes.append(changes.route(followers or Followers(service, database), pace))
    app.router.routes.extend(health.routes(service.name, checks or {}))
    app.router.routes.extend(operators.routes(tokens, status, rebuilds, move_clock))
    app.state.today = lambda: clock.now().astimezone(ZoneInfo(time_zone)).date()
    app.add_route(DESCRIPTION, _description(lambda day: describe(service, day=day), app.state.today))
    _wrap(app, Counter(service, desk, clock, tokens, views, zones, after, body_limit))
    return app


def _wrap(app: FastAPI, counter: Counter) -> None:
    """What stands before the routes: the last that is added is the first to be passed."""
    app.add_exception_handler(HTTPException, _excuse)
    app.add_exception_handler(RequestValidationError, _excuse)
    app.add_exception_handler(NotModified, _not_modified)
    paths = {route.path for route in app.routes if hasattr(route, "path")}
    asked = {command_path(ask.command) for ask in counter.service.asks}
    app.add_middleware(Commands, counter)
    app.add_middleware(Requests, counter.service.name, paths | asked)


def create_description(services: Sequence[Service], today: Today) -> Starlette:
    """What describes all services that answer at one address."""
    app = Starlette(routes=[Route(DESCRIPTION, _description(lambda day: describe_all(services, day), today))])
    app.add_exception_handler(HTTPException, _excuse)
    app.add_middleware(Requests, "platform", {DESCRIPTION})
    return app


def _description(describing: Callable[[date], dict[str, Any]], today: Today) -> Any:
    described = lru_cache(1)(describing)

    async def description(request: Request) -> Response:
        return health._json(200, described(today()))

    return description


async def _excuse(request: Request, error: Exception) -> Response:
    problem = problems.of(error) or problems.internal()
    return problems.response(problem, request.scope[CORRELATION])


async def _not_modified(request: Request, seen: Exception) -> Response:
    assert isinstance(seen, NotModified)
    return Response(status_code=304, headers=seen.told)
