"""Several services at one address: what each of them has under the same path is asked of none by chance."""

from dataclasses import replace

import pytest
from starlette.types import ASGIApp

from shared.run.front import in_front_of
from shared.web.requests import CHANGES
from tests.shared.web.bank import bank
from tests.shared.web.conftest import Api, client_of


@pytest.fixture
def front(make_api: Api) -> ASGIApp:
    """The bank, and a branch of it that has nothing of its own but its changes."""
    branch = replace(bank, name="branch", asks=(), read_models=())
    return in_front_of([(service, make_api(service=service)) for service in (bank, branch)])


@pytest.mark.parametrize(
    ("method", "path", "bank", "branch"),
    [("POST", "/v1/form-crew", 401, 404), ("GET", "/v1/account-lines", 401, 404), ("GET", CHANGES, 401, 401)],
)
async def test_under_its_name_is_all_that_a_service_has(
    front: ASGIApp, method: str, path: str, bank: int, branch: int
) -> None:
    """Whoever has no token learns whether there is such an address."""
    async with client_of(front) as client:
        assert (await client.request(method, f"/bank{path}")).status_code == bank
        assert (await client.request(method, f"/branch{path}")).status_code == branch


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_where_each_service_tells_its_changes_is_said_where_none_does(front: ASGIApp, method: str) -> None:
    async with client_of(front) as client:
        answer = await client.request(method, CHANGES)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.json()["detail"].endswith("/bank/v1/changes, /branch/v1/changes")
    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['X-Correlation-Id']}"
