"""A store of its own for every test."""

from collections.abc import AsyncIterator

import pytest

from shared.store.database import Database


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database)
    yield opened
    await opened.close()
