"""Whatever is sent, the answer is one of those described."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from shared.core.clock import SystemClock
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from shared.web.app import create_api
from shared.web.describe import describe
from shared.web.requests import CHANGES
from shared.web.tokens import Tokens
from tests.shared.web.bank import bank
from tests.shared.web.conftest import SECRET
from tests.shared.web.folding import Folding

SCHEMA = schemathesis.openapi.from_dict(describe(bank))
ALL = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
OPERATIONS = [
    operation for operation in ALL if operation.path != CHANGES
]  # that one answers for as long as one listens
DESCRIBED = (
    checks.not_a_server_error,
    checks.CHECKS.get_one("status_code_conformance"),
    checks.CHECKS.get_one("content_type_conformance"),
    checks.CHECKS.get_one("response_schema_conformance"),
)


class Serving:
    """The bank on a real server, in a thread of its own: the fuzzer is not asynchronous."""

    def __init__(self, dsn: str, port: int) -> None:
        self._dsn, self._port = dsn, port
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> str:
        self._thread.start()
        assert self._up.wait(30)
        return f"http://127.0.0.1:{self._port}"

    def __exit__(self, *_: Any) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(30)

    async def _serve(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        db = Database(self._dsn)
        folding = Folding(bank, db)
        await folding.build()
        desk, tokens = Desk(bank, db, Wakeup(db)), Tokens(secret=SECRET)
        api = create_api(
            bank, desk=desk, database=db, clock=SystemClock(), tokens=tokens, waiter=folding, wait_limit=0.01
        )
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


@pytest.fixture
def url(database: str, unused_tcp_port: int) -> Iterator[str]:
    with Serving(database, unused_tcp_port) as url:
        yield url


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_described(url: str, operation: Any) -> None:
    token = Tokens(secret=SECRET).issue(str(uuid4()), "org", "HSMA")

    @given(case=st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)))
    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        answer = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=DESCRIBED)

    ask()
