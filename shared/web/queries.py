"""Queries over HTTP: `GET /v1/<read-model>`, typed filters, pages, and 304 while nothing has changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from shared.core.access import Caller
from shared.core.clock import Clock
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.web import headers, problems
from shared.web.live import of
from shared.web.paging import DEFAULT, MOST, Asking, Page
from shared.web.requests import HEADERS
from shared.web.tokens import Tokens
from shared.web.view import View
from shared.web.views import Views
from shared.web.waiting import After
from shared.web.zones import Zones

__all__ = ["Page", "Reads", "View", "routes"]


class NotModified(Exception):
    """The caller has seen this answer already."""

    def __init__(self, told: Mapping[str, str]) -> None:
        super().__init__("not modified")
        self.told = dict(told)


@dataclass(frozen=True)
class Readers:
    """What every query passes before its own function is called."""

    service: Service
    clock: Clock
    tokens: Tokens
    views: Views
    zones: Zones
    after: After

    async def open(self, caller: Caller, request: Request, response: Response, asking: Asking) -> View:
        read_model: ReadModel = self._asked[request.scope["route"].path]
        sent: headers.Headers = request.scope[HEADERS]
        _refuse_unusable(request)
        if after := headers.after(sent):
            await self.after.wait(caller.tenant, after, (read_model, *self.service.directory.reads))
        view = await self.look(caller)
        live = of(view.live, read_model)
        told = {"ETag": _etag(request, view), "Cache-Control": "private, no-cache", "Vary": "Authorization"}
        if _has(sent.get(b"if-none-match", b"").decode("latin-1"), told["ETag"]):
            raise NotModified(told)
        response.headers.update(told)
        await view.scope()
        view.answering(live, asking, response)
        return view

    async def look(self, caller: Caller) -> View:
        """A view where and when the caller is."""
        view = await self.views.open(caller)
        view.now = await self.zones.local(view.now, caller, _already(view))
        return view

    @cached_property
    def _asked(self) -> Mapping[str, ReadModel]:
        return {path_of(read_model): read_model for read_model in self.service.read_models}


def path_of(read_model: ReadModel) -> str:
    return f"/v1/{read_model.name.replace('_', '-')}"


def routes(service: Service) -> APIRouter:
    router = APIRouter()
    for read_model in service.read_models:
        if read_model.query is not None:
            operation = "read" + read_model.name.title().replace("_", "")
            summary = read_model.name.replace("_", " ").capitalize()
            router.add_api_route(
                path_of(read_model), read_model.query, operation_id=operation, summary=summary, tags=["queries"]
            )
    return router


async def caller(request: Request) -> Caller:
    found: Caller = await request.app.state.readers.tokens.caller(request.scope[HEADERS].get(b"authorization"))
    return found


async def view(
    request: Request,
    response: Response,
    caller: Annotated[Caller, Depends(caller)],
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows on a page")] = DEFAULT,
    after: Annotated[str | None, Query(max_length=4000, description="The cursor in the link to the next page")] = None,
) -> View:
    readers: Readers = request.app.state.readers
    return await readers.open(caller, request, response, Asking(request.url, limit, after))


Reads = Annotated[View, Depends(view)]


def _already(view: View) -> Any:
    async def opens() -> View:
        return view

    return opens


def _refuse_unusable(request: Request) -> None:
    """A misspelt filter would show more than was asked for, and NUL is no text for the database."""
    route: APIRoute = request.scope["route"]
    known = {parameter.alias for parameter in get_flat_params(route.dependant)}
    asked = request.query_params
    unknown = [(name, "extra_forbidden", "there is no such filter") for name in asked if name not in known]
    nul = [(name, "text", "NUL cannot be looked for") for name, value in asked.items() if "\0" in value]
    if broken := unknown + nul:
        raise problems.invalid(*broken)


def _etag(request: Request, view: View) -> str:
    """Weak: the same caller, question, facts and minute have the same answer, for what concerns the reader."""
    caller = view.caller
    parts = [
        str(request.url.path), str(request.url.query), caller.tenant, caller.person_id, *sorted(caller.roles),
        str(caller.site), view.now.isoformat(timespec="minutes"),
        *(f"{live.build.listener}={live.progress}" for live in view.live.values()),
    ]  # fmt: skip
    return f'W/"{hashlib.blake2b(chr(31).join(parts).encode(), digest_size=12).hexdigest()}"'


def _has(if_none_match: str, etag: str) -> bool:
    seen = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return bool(seen & {"*", etag.removeprefix("W/")})
