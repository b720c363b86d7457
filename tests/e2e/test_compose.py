"""The platform in containers: started as the README says, used from outside, taken down with its data."""

from collections.abc import Iterator

import asyncpg
import httpx
import pytest

from tests.e2e.apart import Place
from tests.e2e.compose import Compose, skip_without_docker
from tests.e2e.story import Sight, Teller
from tests.parts.databases import at_once
from tests.shared.ops.processes import SECRET

pytestmark = pytest.mark.xdist_group("stories")

OUR_OWN = ["onboarding", "coaching"]


@pytest.fixture(scope="module")
def compose() -> Iterator[Compose]:
    skip_without_docker()
    compose = Compose()
    try:
        compose.up()
        yield compose
    finally:
        compose.remove()


def teller(compose: Compose) -> Teller:
    return Teller("http://platform", SECRET, [place(compose, service) for service in OUR_OWN])


def place(compose: Compose, service: str) -> Place:
    dsn = f"postgresql://{service}:service@127.0.0.1:{compose.ports['postgres']}/{service}"
    return Place(service, f"http://127.0.0.1:{compose.ports[service]}", dsn)


def test_the_file_is_clean() -> None:
    skip_without_docker()
    checked = Compose().run("config", "--quiet")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_all_containers_are_healthy(compose: Compose) -> None:
    health = {name: one["State"]["Health"]["Status"] for name, one in compose.containers().items()}
    assert health == dict.fromkeys(["postgres", "kafka", *OUR_OWN], "healthy")


@pytest.mark.parametrize("service", OUR_OWN)
def test_an_image_holds_its_service_alone_and_runs_it_without_rights(compose: Compose, service: str) -> None:
    assert compose.containers()[service]["Config"]["User"] == "luotsi"
    assert compose.inside(service, "id", "-un") == ["luotsi"]
    assert compose.inside(service, "sh", "-c", "cd services; ls -d [a-z]*") == [service]
    assert compose.inside(service, "find", ".", "/venv", "-writable") == []


@pytest.mark.parametrize("service", OUR_OWN)
def test_the_tool_is_in_the_image(compose: Compose, service: str) -> None:
    assert compose.inside(service, "luotsi", "status", "--json")
    (token,) = compose.inside(service, "luotsi", "token", "--role", "O", "--tenant", "demo")
    url = f"http://127.0.0.1:{compose.ports[service]}/v1/ops/status"
    assert httpx.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=20).json()["service"] == service


@pytest.mark.parametrize("service", OUR_OWN)
def test_the_login_of_a_service_changes_no_fact_and_reaches_no_other_database(compose: Compose, service: str) -> None:
    server = f"postgresql://{service}:service@127.0.0.1:{compose.ports['postgres']}"
    for statement in ("update facts set name = name", "delete from facts", "truncate facts", "drop table facts"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            at_once(execute(f"{server}/{service}", statement))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        at_once(execute(f"{server}/postgres", "select 1"))


async def execute(dsn: str, statement: str) -> None:
    driver = await asyncpg.connect(dsn)
    try:
        await driver.execute(statement)
    finally:
        await driver.close()


def test_the_story_is_told_and_outlives_its_containers(compose: Compose, embedded_sight: Sight) -> None:
    assert at_once(teller(compose).play()) == embedded_sight
    before = {name: one["Id"] for name, one in compose.containers().items()}
    compose.up()
    assert {name: one["Id"] for name, one in compose.containers().items()} == before
    compose("down")
    compose.up()
    assert at_once(teller(compose).look()) == embedded_sight
