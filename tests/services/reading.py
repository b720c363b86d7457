"""Facts in, answers out: rows folded in memory, stored in the read models' own tables, read over HTTP."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

import httpx
from pydantic_core import to_jsonable_python
from sqlalchemy import JSON, Table, insert

from shared.core.service import Service
from shared.listen.builds import Builds
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from shared.testing.interleavings import Fact, folded
from shared.web.app import create_api
from shared.web.tokens import Tokens

TOKENS = Tokens(secret="a secret of the tests, long enough")


class Stopped:
    """The clock, and who waits for facts: here all that was told has been folded."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant

    async def reached(self, *place: Any, **limit: Any) -> str:
        return "reached"


class Reading:
    """The queries of a service over a fresh database. Without other words, `person` reads, as H."""

    def __init__(self, service: Service, database: Database, person: UUID, now: datetime) -> None:
        self._service, self._database, self._person, self._clock = service, database, person, Stopped(now)
        self._desk = Desk(service, database, Wakeup(database))
        parts: dict[str, Any] = {"desk": self._desk, "clock": self._clock, "waiter": self._clock}
        app = create_api(service, database=database, tokens=TOKENS, **parts)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{service.name}")

    async def close(self) -> None:
        await self.client.aclose()
        await self._desk.close()
        await self._database.close()

    def it_is(self, instant: datetime) -> None:
        self._clock.instant = instant

    async def told(self, *streams: Sequence[Fact]) -> None:
        """These facts have been told, and folded; what was told before is forgotten."""
        await show(self._service, self._database, streams)

    async def get(
        self, path: str, roles: str = "H", person: UUID | None = None, of_site: str | None = None, **filters: Any
    ) -> httpx.Response:
        token = TOKENS.issue(str(person or self._person), "org", roles, site=of_site)
        return await self.client.get(f"/v1/{path}", params=filters, headers={"Authorization": f"Bearer {token}"})

    async def post(self, path: str, roles: str, body: dict[str, Any]) -> httpx.Response:
        token = TOKENS.issue(str(self._person), "org", roles)
        return await self.client.post(f"/v1/{path}", json=body, headers={"Authorization": f"Bearer {token}"})

    async def items(self, path: str, *by: Any, **filters: Any) -> list[dict[str, Any]]:
        answer = await self.get(path, *by, **filters)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def item(self, path: str, *by: Any, **filters: Any) -> dict[str, Any]:
        (found,) = await self.items(path, *by, **filters)
        return found


async def show(service: Service, database: Database, streams: Sequence[Sequence[Fact]]) -> None:
    """The rows of all read models are those of these facts."""
    for read_model in service.read_models:
        build = await Builds(database).ensure(read_model)
        for row, rows in folded(read_model, chain(*streams)).items():
            await _store(database, build.table(row), rows.values())


async def _store(database: Database, table: Table, rows: Iterable[Any]) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(table.delete())
        for row in rows:
            await connection.execute(insert(table).values(tenant="org", **_columns(table, row)))


def _columns(table: Table, row: Any) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {
        name: to_jsonable_python(value) if isinstance(table.c[name].type, JSON) else value
        for name, value in values.items()
    }
