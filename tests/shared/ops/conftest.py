"""The verbs over a service of the tests, as if it were the one that is installed here."""

from collections.abc import Callable

import pytest

from shared.core.service import Service
from shared.ops import found

Install = Callable[[Service], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    def installed(service: Service) -> None:
        monkeypatch.setattr(found, "names", lambda: [service.name])
        monkeypatch.setattr(found, "service", {service.name: service}.__getitem__)

    return installed
