"""One address for all services of a process: each request goes to the service that has the path.

`/openapi.json` describes them all, `/<service>/openapi.json` one, and all that one has is under `/<service>` too. Its
changes are nowhere else. The rest that is nobody's alone is about the whole process: the first answers.
"""

from collections.abc import Iterable, Sequence

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.core.service import Service
from shared.web import commands, problems, queries
from shared.web.app import DESCRIPTION, create_description
from shared.web.requests import CHANGES, Requests


def in_front_of(apps: Sequence[tuple[Service, FastAPI]]) -> ASGIApp:
    by_path: dict[str, ASGIApp] = {path: app for service, app in apps for path in paths_of(service)}
    by_name = {service.name: app for service, app in apps}
    _, first = apps[0]
    by_path[DESCRIPTION] = create_description([service for service, _ in apps], first.state.today)
    by_path[CHANGES] = Requests(_elsewhere(f"/{name}{CHANGES}" for name in by_name), "platform", {CHANGES})

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        name = scope.get("path", "").split("/")[1:2]
        if name and name[0] in by_name:
            scope = {**scope, "root_path": f"/{name[0]}"}
            return await by_name[name[0]](scope, receive, send)
        return await by_path.get(scope.get("path", ""), first)(scope, receive, send)

    return front


def _elsewhere(addresses: Iterable[str]) -> ASGIApp:
    """What one service would answer here is half, and a client that was made for one would take it for all."""
    detail = f"each service has its own: {', '.join(addresses)}"

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        raise problems.not_found(detail)

    return elsewhere


def paths_of(service: Service) -> list[str]:
    """What is answered by this service and by no other."""
    asked = [commands.path_of(ask.command) for ask in service.asks]
    return [*asked, *(queries.path_of(read_model) for read_model in service.read_models)]
