"""A desk on a fresh store, and what is asked of it."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.core.decider import Asked
from shared.store.answers import Request
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.store import EventStore
from shared.store.wakeup import Wakeup
from tests.shared.store.till import shop

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def make_desk(db: Database) -> AsyncIterator[Callable[[], Desk]]:
    """Desks that share a database and nothing else, as in several processes."""
    desks: list[Desk] = []

    def make() -> Desk:
        desks.append(Desk(shop, db, Wakeup(db)))
        return desks[-1]

    yield make
    for desk in desks:
        await desk.close()


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def store(db: Database) -> EventStore:
    return EventStore(db, "shop")


def request(tenant: str = "org", **fields: Any) -> Request:
    asked = fields.pop("asked", Asked(NOON, "ada"))
    return Request(tenant, asked, **fields)
