"""What is logged meanwhile, and who asks: nothing wrong, and nobody."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from shared.replay import dropping


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
