"""Commands over HTTP: `POST /v1/<command-name>`, the body is the command, the answer is a receipt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.core.access import Ask
from shared.core.clock import Clock
from shared.core.decider import Asked, Command
from shared.core.service import Service
from shared.store.answers import Answering, Receipt, Request
from shared.web import body, headers, problems
from shared.web.access import Relations, rules_for
from shared.web.requests import CORRELATION, HEADERS, ROUTE, TRACEPARENT
from shared.web.tokens import Tokens
from shared.web.views import Once, Views
from shared.web.waiting import After
from shared.web.zones import Zones

MEBIBYTE = 1024 * 1024


def path_of(command: type[Command]) -> str:
    """FormTeam is asked at /v1/form-team."""
    return "/v1/" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", command.__name__).lower()


@dataclass(frozen=True)
class Counter:
    """Where commands are taken: all that a command passes on its way to the desk."""

    service: Service
    desk: Answering
    clock: Clock
    tokens: Tokens
    views: Views
    zones: Zones
    after: After
    body_limit: int = MEBIBYTE

    async def take(self, ask: Ask, scope: Scope, receive: Receive) -> Response:
        """In this order: 401, 403 by role, 415, 413, 422, 403 by relation, then the desk is asked."""
        sent: headers.Headers = scope[HEADERS]
        caller = await self.tokens.caller(sent.get(b"authorization"))
        rules = rules_for(ask, caller)
        body.expect_json(sent)
        command = body.parse(ask.command, await body.read(sent, receive, self.body_limit))
        key, expected, after = headers.idempotency_key(sent), headers.if_match(sent), headers.after(sent)
        if after:
            await self.after.wait(caller.tenant, after, self.service.directory.reads)
        opens = Once(self.views, caller)
        at = await self.zones.local(self.clock.now(), caller, opens, command, fresh=bool(after))
        request = Request(
            tenant=caller.tenant,
            asked=Asked(at=at, actor=caller.person_id),
            command_id=key,
            expected=expected,
            correlation_id=scope[CORRELATION],
            traceparent=None if ask.unsigned else scope[TRACEPARENT],
            unsigned=ask.unsigned,
        )
        try:
            await Relations(self.service.directory, caller, opens, at.date()).require(rules, command)
        except problems.Problem:
            # Repeated, it has its first answer, though the relation has ended since: perhaps by this very command.
            if (receipt := await self.desk.answered(command, request)) is None:
                raise
            return self._receipt(receipt)
        return self._receipt(await self.desk.ask(command, request))

    def _receipt(self, receipt: Receipt) -> Response:
        answer = {
            "stream": receipt.stream,
            "version": receipt.version,
            "position": receipt.position,
            "facts": receipt.facts,
        }
        told = {
            "ETag": f'"{receipt.version}"',
            "Luotsi-Position": headers.position(self.service.name, receipt.position, receipt.stream),
        }
        return Response(orjson.dumps(answer), 200, told, "application/json")


class Commands:
    """All commands are found by their path, before the routes of the application are tried one after the other."""

    def __init__(self, app: ASGIApp, counter: Counter) -> None:
        self._app, self._counter = app, counter
        self._asks: Mapping[str, Ask] = {path_of(ask.command): ask for ask in counter.service.asks}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ask = self._asks.get(scope[ROUTE]) if scope["type"] == "http" else None
        if ask is None:
            return await self._app(scope, receive, send)
        if scope["method"] != "POST":
            raise problems.method_not_allowed("POST")
        response = await self._counter.take(ask, scope, receive)
        return await response(scope, receive, send)
