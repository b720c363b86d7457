"""A store of its own for every test, and what may be heard and asked meanwhile."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog

from shared.replay import dropping
from shared.store.database import Database


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database)
    yield opened
    await opened.close()


@pytest.fixture
def trouble() -> Iterator[list[Any]]:
    """What was logged, of which nothing may be an error."""
    with structlog.testing.capture_logs() as lines:
        yield lines
    assert [line for line in lines if line["log_level"] in ("error", "critical")] == []


@pytest.fixture
def nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """No request is to be answered from a build that was read until now."""
    monkeypatch.setattr(dropping, "ANSWERED", 0.0)
