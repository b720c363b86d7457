"""The lightest of HTTP clients: connections that stay open, and of an answer only what a benchmark asks for."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httptools
import orjson


class Wire(asyncio.Protocol):
    """One connection, one request at a time. Of the last answer: `status`, `position` (Luotsi-Position) and `body`."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: Any = None
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.status, self.position, self.body = 0, b"", b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if not self._answered.done():
            self._answered.set_exception(error or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"luotsi-position":
            self.position = value

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self._answered.set_result(None)

    async def ask(self, request: bytes) -> None:
        self._begin()
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answered
        assert self.status == 200, self.body

    def close(self) -> None:
        self._answered.cancel()
        self._transport.close()


async def connected(url: str, wires: int) -> Sequence[Wire]:
    loop, (host, port) = asyncio.get_running_loop(), urlsplit(url).netloc.split(":")
    made = [await loop.create_connection(Wire, host, int(port)) for _ in range(wires)]
    return [wire for _, wire in made]


def post(path: str, token: str, key: str, body: dict[str, str]) -> bytes:
    text = orjson.dumps(body)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text


def get(path: str, token: str, after: str | None = None) -> bytes:
    waiting = f"Luotsi-After: {after}\r\n" if after else ""
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n{waiting}\r\n".encode()
