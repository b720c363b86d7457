"""The HTTP server of a process: uvicorn, started and stopped by us."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.web.changes import ABORT

GRACE_SECONDS = 20


class AddressTaken(Exception):
    """Another process listens there."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"{host}:{port} is in use: stop what listens there, or set LUOTSI_HTTP_PORT (--port of `luotsi up`)"
        )


class _Server(uvicorn.Server):
    """Signals belong to the process, which stops more than its server."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(HttpToolsProtocol):
    """Lets an answer drop its connection: closing it would wait for a reader who doesn't read."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[ABORT] = self.transport.abort  # type: ignore[typeddict-unknown-key]


class Serving:
    """`ending` are told when it stops: they bring to an end what would be answered for ever."""

    def __init__(self, app: ASGIApp, host: str, port: int, ending: Sequence[Callable[[], None]] = ()) -> None:
        self._ending = ending
        self._socket = _bind(host, port)
        self.host, self.port = host, int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            app,
            http=_Protocol,
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=65,
        )
        self._server = _Server(config)

    @property
    def url(self) -> str:
        return url_of(self.host, self.port)

    async def run(self) -> None:
        """Serves until stopped; what is being answered then is answered to the end."""
        await self._server.serve(sockets=[self._socket])

    async def started(self) -> None:
        await self._server.up.wait()

    def stop(self) -> None:
        for end in self._ending:
            end()
        self._server.should_exit = True


def url_of(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"


def _bind(host: str, port: int) -> socket.socket:
    """Not inherited: a rebuild that outlives its killed worker would keep the next from listening there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise AddressTaken(host, port) from error
    return bound
