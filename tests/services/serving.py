"""A service on a real server, in a thread of its own: the fuzzer is not asynchronous."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

from shared.core.clock import Clock, SystemClock
from shared.core.service import Service
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from shared.web.app import create_api
from shared.web.tokens import Tokens
from tests.shared.web.folding import Folding

Prepare = Callable[[Database], Awaitable[None]]


class Serving:
    """What was told before, `prepare` tells; nothing is folded while the server runs."""

    def __init__(
        self, service: Service, tokens: Tokens, dsn: str, port: int, *, prepare: Prepare, clock: Clock | None = None
    ) -> None:
        self._service, self._tokens, self._dsn, self._port = service, tokens, dsn, port
        self._prepare, self._clock = prepare, clock or SystemClock()
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> str:
        self._thread.start()
        assert self._up.wait(60)
        return f"http://127.0.0.1:{self._port}"

    def __exit__(self, *_: Any) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(30)

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        db = Database(self._dsn)
        folding = Folding(self._service, db)
        await folding.build()
        await self._prepare(db)
        desk = Desk(self._service, db, Wakeup(db))
        parts: dict[str, Any] = {"desk": desk, "database": db, "tokens": self._tokens, "waiter": folding}
        api = create_api(self._service, clock=self._clock, wait_limit=0.01, **parts)
        config = uvicorn.Config(api, port=self._port, log_config=None, lifespan="off")
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        self._up.set()
        await self._done.wait()
        await server.shutdown()
        await folding.waiter.close()
        await desk.close()
        await db.close()
