from collections.abc import AsyncIterator

import pytest

from services.onboarding.service import service
from shared.store.database import Database
from tests.onboarding.plan import HANNA, at
from tests.services.reading import Reading


@pytest.fixture
async def reading(database: str) -> AsyncIterator[Reading]:
    """Onboarding's queries over a fresh database."""
    reading = Reading(service, Database(database), HANNA, at(8))
    yield reading
    await reading.close()
