from collections.abc import AsyncIterator

import pytest

from shared.store.database import Database
from tests.onboarding.reading import Reading


@pytest.fixture
async def reading(database: str) -> AsyncIterator[Reading]:
    """Onboarding's queries over a fresh database."""
    reading = Reading(Database(database))
    yield reading
    await reading.close()
