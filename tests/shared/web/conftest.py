"""The bank over HTTP: a real store and desk, its read models folded when a test says so."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp

from shared.core.clock import Clock
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from shared.web.app import create_api
from shared.web.tokens import Tokens
from tests.shared.web.bank import bank
from tests.shared.web.folding import Folding

SECRET = "a secret of the tests, long enough"
WINTER_NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)

Api = Callable[..., FastAPI]
Ask = Callable[..., Any]


class StoppedClock:
    def __init__(self) -> None:
        self.instant = WINTER_NOON

    def now(self) -> datetime:
        return self.instant


@pytest.fixture
async def desk(db: Database) -> AsyncIterator[Desk]:
    desk = Desk(bank, db, Wakeup(db))
    yield desk
    await desk.close()


@pytest.fixture
async def folding(db: Database) -> AsyncIterator[Folding]:
    folding = Folding(bank, db)
    await folding.build()
    yield folding
    await folding.waiter.close()


@pytest.fixture
def clock() -> Clock:
    return StoppedClock()


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(secret=SECRET)


@pytest.fixture
def make_api(desk: Desk, db: Database, clock: Clock, tokens: Tokens, folding: Folding) -> Api:
    def make(**changed: Any) -> FastAPI:
        parts: dict[str, Any] = {"desk": desk, "database": db, "clock": clock, "tokens": tokens, "waiter": folding}
        parts["wait_limit"] = 0.2
        return create_api(changed.pop("service", bank), **(parts | changed))

    return make


@pytest.fixture
def api(make_api: Api) -> FastAPI:
    return make_api()


@pytest.fixture
async def client(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(api) as client:
        yield client


def client_of(api: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://bank")


class Person:
    """Somebody with a token, and what they do over HTTP."""

    def __init__(self, client: httpx.AsyncClient, tokens: Tokens, roles: str, tenant: str, site: str | None) -> None:
        self.id = uuid4()
        self.token = tokens.issue(str(self.id), tenant, roles, site=site)
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.client, self.tokens = client, tokens

    async def ask(self, command: str, headers: dict[str, str] | None = None, /, **fields: Any) -> httpx.Response:
        body = {name: str(value) if isinstance(value, UUID) else value for name, value in fields.items()}
        return await self.client.post(f"/v1/{command}", json=body, headers=self.headers | (headers or {}))

    async def read(self, path: str, headers: dict[str, str] | None = None, /, **filters: Any) -> httpx.Response:
        return await self.client.get(f"/v1/{path}", params=filters, headers=self.headers | (headers or {}))

    async def must(self, command: str, headers: dict[str, str] | None = None, /, **fields: Any) -> httpx.Response:
        answer = await self.ask(command, headers, **fields)
        assert answer.status_code == 200, answer.text
        return answer


Meet = Callable[..., Person]


@pytest.fixture
def person(client: httpx.AsyncClient, tokens: Tokens) -> Meet:
    def meet(roles: str, tenant: str = "org", site: str | None = None) -> Person:
        return Person(client, tokens, roles, tenant, site)

    return meet


@pytest.fixture
async def crew(person: Meet, folding: Folding) -> "Crew":
    """A crew in Tampere with its leader and one member who has an account."""
    hr, leader, member = person("H"), person("S"), person("A")
    crew = Crew(hr, leader, member)
    await hr.must("form-crew", team_id=crew.id, site="tampere", time_zone="Europe/Helsinki", leader_id=leader.id)
    await hr.must("join-crew", person_id=member.id, team_id=crew.id)
    await hr.must("open-account", account_id=crew.account, person_id=member.id, team_id=crew.id, note="for a boat")
    await folding.catch_up()
    return crew


class Crew:
    def __init__(self, hr: Person, leader: Person, member: Person) -> None:
        self.id, self.account = uuid4(), uuid4()
        self.hr, self.leader, self.member = hr, leader, member
