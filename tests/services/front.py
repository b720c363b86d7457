"""One person's screen: the queries of a service, and what they are told while they watch."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from shared.core.access import Caller
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from shared.web.app import create_api
from shared.web.followers import Followers
from shared.web.queries import path_of
from shared.web.scope import Scope, grants
from shared.web.watching import Told, Watch
from tests.services.reading import TOKENS, Stopped

Item = dict[str, Any]
Asked = Mapping[str, Mapping[str, Any]]


class Front:
    """`asked` are the filters of a query; `beside` columns that move with other rows than the line's."""

    def __init__(self, api: Any, followers: Followers, who: tuple[UUID, str], asked: Asked, beside: set[str]) -> None:
        person, roles = who
        self.caller = Caller("org", str(person), frozenset(roles))
        self.watch = Watch(api.state.readers, followers, self.caller)
        self._asked, self._beside = asked, beside
        headers = {"Authorization": f"Bearer {TOKENS.issue(str(person), 'org', roles)}"}
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://here", headers=headers)
        self._shown: dict[str, list[Item]] = {}

    def is_told_of(self, model: ReadModel) -> bool:
        return model.watched is not None and bool(grants(self.caller, Scope(), model.watched.by))

    async def asks(self, model: ReadModel) -> tuple[list[Item], list[Item]]:
        """The lines that have come, gone or changed since it was last asked; and all, of then and now."""
        answer = await self._client.get(path_of(model), params={"limit": 200, **self._asked.get(model.name, {})})
        before = self._shown.get(model.name, [])
        items = [self._own(item) for item in answer.json().get("items", [])]
        self._shown[model.name] = items
        moved = [item for one, other in ((before, items), (items, before)) for item in one if item not in other]
        return moved, before + items

    @property
    def lines(self) -> list[Item]:
        """Every line of every answer as it was last asked."""
        return [item for items in self._shown.values() for item in items]

    def _own(self, item: Item) -> Item:
        return {name: value for name, value in item.items() if name not in self._beside}

    async def close(self) -> None:
        await self._client.aclose()


def fits(told: Told, item: Item) -> bool:
    """Whether the line was told of."""
    return told.rows is None or any(is_of(key, item) for key in told.rows.values())


def is_of(key: Mapping[str, Any], item: Item) -> bool:
    return all(item.get(name) == str(value) for name, value in key.items())


@asynccontextmanager
async def fronts_of(
    service: Service,
    db: Database,
    now: datetime,
    people: Sequence[tuple[UUID, str]],
    *,
    asked: Asked,
    beside: Sequence[str] = (),
) -> AsyncIterator[list[Front]]:
    desk, followers, clock = Desk(service, db, Wakeup(db)), Followers(service, db), Stopped(now)
    parts: dict[str, Any] = {"desk": desk, "clock": clock, "waiter": clock, "followers": followers}
    api = create_api(service, database=db, tokens=TOKENS, **parts)
    fronts = [Front(api, followers, who, asked, set(beside)) for who in people]
    yield fronts
    for front in fronts:
        await front.close()
    await desk.close()
