"""`GET /v1/changes`: which rows have changed, as server-sent events. A screen moves without asking all the time.

An event names read models and keys, no contents: the reader asks the query again, and gets what the query shows him. It
was committed before it was told, so the answer has it. The id of an event is the place after it, with the day and whom
the reader leads; sent back as `Last-Event-ID` it is read on from there, nothing lost, nothing twice. Where that cannot
be, after a long absence, a rebuild or an appointment, a `reset` comes: ask for everything that is shown.
"""

import asyncio
import re
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Final

import orjson
from fastapi import Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Message, Receive, Send
from starlette.types import Scope as Asgi

from shared.core.access import Caller
from shared.listen.ring import ChangeCursor
from shared.telemetry.metrics import WATCHERS_CUT
from shared.web import problems
from shared.web.followers import Follower, Followers, Over
from shared.web.headers import Headers
from shared.web.queries import Readers, caller
from shared.web.requests import CHANGES, HEADERS
from shared.web.watching import RESET, Reset, Told, Watch

ABORT: Final = "luotsi.abort"  # in the scope: how to drop a connection with all that is not sent yet
_START: Final[Message] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}


@dataclass(frozen=True)
class Pace:
    """In seconds. `patience`: how long a reader may not take what is sent."""

    heartbeat: float = 15.0
    patience: float = 5.0


PACE: Final = Pace()
_SIGHT: Final = re.compile(r"\d{4}-\d\d-\d\d\.[0-9a-f]{8}")


def route(followers: Followers, pace: Pace) -> APIRoute:
    async def watch(request: Request, caller: Annotated[Caller, Depends(caller)]) -> Response:
        last, under = EventId.sent(request.scope[HEADERS]), request.scope.get("root_path", "")
        return _Stream(request.app.state.readers, followers, pace, caller, last, under)

    return APIRoute(CHANGES, watch, methods=["GET"])


@dataclass(frozen=True)
class EventId:
    """`sight` is what the reader's answers depend on beside the rows, as `Watch` has it."""

    cursor: ChangeCursor
    sight: str

    def __str__(self) -> str:
        return f"{self.cursor}@{self.sight}"

    @classmethod
    def sent(cls, headers: Headers) -> "EventId | None":
        if not (text := headers.get(b"last-event-id", b"").decode("latin-1")):
            return None
        cursor, _, sight = text.partition("@")
        try:
            if not _SIGHT.fullmatch(sight):
                raise ValueError("nothing that this stream has said")
            return cls(ChangeCursor.parse(cursor), sight)
        except ValueError:
            raise problems.invalid(("Last-Event-ID", "place", "must be the id of an event of this stream")) from None


class _Slow(Exception):
    """The reader does not read."""


class _Stream(Response):
    def __init__(
        self, readers: Readers, followers: Followers, pace: Pace, caller: Caller, last: EventId | None, under: str
    ) -> None:
        self._readers, self._followers, self._pace = readers, followers, pace
        self._caller, self._last, self._under = caller, last, under
        self.background = None

    async def __call__(self, scope: Asgi, receive: Receive, send: Send) -> None:
        watch = Watch(self._readers, self._followers, self._caller)
        await watch.begin()
        async with self._followers.following(self._caller) as follower:
            missed = await self._missed(watch, follower)
            leaving = asyncio.create_task(_left(receive))
            telling = asyncio.create_task(self._tell(watch, follower, missed, scope[HEADERS], send))
            try:
                await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
                if telling.done():
                    telling.result()
            except _Slow:
                await self._cut(scope, leaving)
            finally:
                telling.cancel()
                leaving.cancel()
                await asyncio.gather(telling, leaving, return_exceptions=True)

    async def _missed(self, watch: Watch, follower: Follower) -> list[Told] | Reset:
        if self._last is None:
            return []
        if self._last.sight != watch.sight:
            return RESET
        changes, _ = await self._followers.ring.since(self._last.cursor, upto=follower.cursor)
        return await watch.told([change for change in changes if change.tenant in (None, self._caller.tenant)])

    async def _tell(
        self, watch: Watch, follower: Follower, missed: list[Told] | Reset, headers: Headers, send: Send
    ) -> None:
        await self._send(send, _START)
        await self._send(send, _frame(self._last or EventId(follower.cursor, watch.sight), b"retry: 2000\n"))
        try:
            await self._keep_telling(watch, follower, missed, headers, send)
        except Exception as error:
            if problems.of(error) is None:
                raise
        await self._send(send, {"type": "http.response.body", "body": b""})

    async def _keep_telling(
        self, watch: Watch, follower: Follower, told: list[Told] | Reset, headers: Headers, send: Send
    ) -> None:
        """Until it is over, or the token is. An outage ends it too: who comes again misses nothing."""
        beat = monotonic() + self._pace.heartbeat
        while True:
            await self._readers.tokens.caller(headers.get(b"authorization"))
            due = monotonic() >= beat
            if due:  # however much is told meanwhile: days and appointments begin without a fact
                beat = monotonic() + self._pace.heartbeat
                told = RESET if await watch.looks_elsewhere() else told
            if told or due:
                await self._send(send, _frame(EventId(follower.cursor, watch.sight), _event(told, self._under)))
            try:
                told = await watch.told(await follower.next(max(beat - monotonic(), 0)))
            except Over as over:
                if over.cut:
                    raise _Slow from over
                return

    async def _send(self, send: Send, message: Message) -> None:
        try:
            async with asyncio.timeout(self._pace.patience):
                await send(message)
        except TimeoutError:
            raise _Slow from None

    async def _cut(self, scope: Asgi, leaving: "asyncio.Task[None]") -> None:
        """What waits for this reader is thrown away, the connection with it."""
        WATCHERS_CUT.labels(self._followers.service.name).inc()
        if (abort := scope.get(ABORT)) is not None:
            abort()
            await leaving


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(told: list[Told] | Reset, under: str) -> bytes:
    """A comment, when there is nothing to tell: the place moves on with it all the same."""
    if isinstance(told, Reset):
        return b"event: reset\ndata: {}\n"
    if not told:
        return b": still here\n"
    return b"event: changed\ndata: " + orjson.dumps({"changes": [one.shown(under) for one in told]}) + b"\n"


def _frame(id: EventId, lines: bytes) -> Message:
    return {"type": "http.response.body", "body": b"id: %s\n%s\n" % (str(id).encode(), lines), "more_body": True}
