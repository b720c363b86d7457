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

from services.onboarding.service import service
from shared.listen.builds import Builds
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from shared.testing.interleavings import Fact, folded
from shared.web.app import create_api
from shared.web.tokens import Tokens
from tests.onboarding.plan import HANNA, at

TOKENS = Tokens(secret="a secret of the tests, long enough")


class Stopped:
    """The clock, and who waits for facts: here all that was told has been folded."""

    def __init__(self) -> None:
        self.instant = at(8)

    def now(self) -> datetime:
        return self.instant

    async def reached(self, *place: Any, **limit: Any) -> str:
        return "reached"


class Reading:
    def __init__(self, database: Database) -> None:
        self._database, self._clock = database, Stopped()
        self._desk = Desk(service, database, Wakeup(database))
        parts: dict[str, Any] = {"desk": self._desk, "clock": self._clock, "waiter": self._clock}
        app = create_api(service, database=database, tokens=TOKENS, **parts)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://onboarding")

    async def close(self) -> None:
        await self.client.aclose()
        await self._desk.close()
        await self._database.close()

    def it_is(self, instant: datetime) -> None:
        self._clock.instant = instant

    async def told(self, *streams: Sequence[Fact]) -> None:
        """These facts have been told, and folded; what was told before is forgotten."""
        for read_model in service.read_models:
            build = await Builds(self._database).ensure(read_model)
            for row, rows in folded(read_model, chain(*streams)).items():
                await self._store(build.table(row), rows.values())

    async def _store(self, table: Table, rows: Iterable[Any]) -> None:
        async with self._database.engine.begin() as connection:
            await connection.execute(table.delete())
            for row in rows:
                await connection.execute(insert(table).values(tenant="org", **_columns(table, row)))

    async def get(
        self, path: str, roles: str = "H", person: UUID = HANNA, of_site: str | None = None, **filters: Any
    ) -> httpx.Response:
        token = TOKENS.issue(str(person), "org", roles, site=of_site)
        return await self.client.get(f"/v1/{path}", params=filters, headers={"Authorization": f"Bearer {token}"})

    async def items(self, path: str, *by: Any, **filters: Any) -> list[dict[str, Any]]:
        answer = await self.get(path, *by, **filters)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def item(self, path: str, *by: Any, **filters: Any) -> dict[str, Any]:
        (found,) = await self.items(path, *by, **filters)
        return found


def _columns(table: Table, row: Any) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {
        name: to_jsonable_python(value) if isinstance(table.c[name].type, JSON) else value
        for name, value in values.items()
    }
