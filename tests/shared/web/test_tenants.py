"""One organisation can neither read, count, guess nor conflict with another's data: every route is tried."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from shared.core.access import Caller
from shared.core.clock import SystemClock
from shared.store.database import Database
from shared.store.store import EventStore
from shared.web.commands import path_of as command_path
from shared.web.queries import path_of as query_path
from shared.web.view import Room
from shared.web.views import Views
from tests.shared.web.bank import Crew as CrewRow
from tests.shared.web.bank import bank
from tests.shared.web.conftest import Crew, Meet
from tests.shared.web.folding import Folding

COMMANDS = [command_path(ask.command) for ask in bank.asks]
QUERIES = [query_path(read_model) for read_model in bank.read_models if read_model.query]


def naming(crew: Crew, path: str) -> dict[str, Any]:
    """A command that names everything of ours."""
    fields: dict[str, dict[str, Any]] = {
        "/v1/form-crew": {"team_id": crew.id, "site": "x", "time_zone": "UTC", "leader_id": crew.leader.id},
        "/v1/join-crew": {"person_id": crew.member.id, "team_id": crew.id},
        "/v1/open-account": {"account_id": crew.account, "person_id": crew.member.id, "team_id": crew.id},
        "/v1/pay-in": {"account_id": crew.account, "person_id": crew.member.id, "amount": 1},
        "/v1/blow-whistle": {"account_id": crew.account},
    }
    return fields[path]


async def ours(db: Database, crew: Crew) -> list[Any]:
    return [fact for fact in await EventStore(db, "bank").read(0) if fact.tenant == "org"]


@pytest.mark.parametrize("path", COMMANDS)
async def test_a_command_from_elsewhere_meets_an_empty_world(
    crew: Crew, person: Meet, db: Database, folding: Folding, path: str
) -> None:
    """It gets the answer that ids nobody has would get, and leaves our streams as they were."""
    before, rows = await ours(db, crew), (await crew.hr.read("account-lines")).json()["items"]
    stranger = person("HSAM", tenant="other")
    fields = naming(crew, path)
    unknown = {name: uuid4() if name.endswith("_id") else value for name, value in fields.items()}
    command = path.removeprefix("/v1/")
    answer, expected = await stranger.ask(command, **fields), await stranger.ask(command, **unknown)
    assert answer.status_code == expected.status_code
    told = ("version", "facts", "code", "detail")
    assert [answer.json().get(name) for name in told] == [expected.json().get(name) for name in told]
    assert await ours(db, crew) == before
    await folding.catch_up()
    assert (await crew.hr.read("account-lines")).json()["items"] == rows


@pytest.mark.parametrize("path", COMMANDS)
async def test_a_version_or_key_of_ours_is_no_conflict_elsewhere(crew: Crew, person: Meet, path: str) -> None:
    key, command = {"Idempotency-Key": str(uuid4())}, path.removeprefix("/v1/")
    await crew.hr.ask(command, key, **naming(crew, path))
    answer = await person("HSAM", tenant="other").ask(command, key, **naming(crew, path))
    assert answer.json().get("code") not in ("idempotency-key-reused", "conflict", "version-moved")
    seen = await person("HSAM", tenant="third").ask(command, {"If-Match": '"0"'}, **naming(crew, path))
    assert seen.status_code != 412


@pytest.mark.parametrize("path", QUERIES)
async def test_a_query_from_elsewhere_answers_nothing(crew: Crew, person: Meet, path: str) -> None:
    for roles in ("H", "M", "S", "A", "N", "HSAMNP"):
        stranger = person(roles, tenant="other")
        answer = await stranger.read(path.removeprefix("/v1/"))
        assert (answer.json()["items"], answer.json()["next"]) == ([], None)
        named = await stranger.read(path.removeprefix("/v1/"), account_id=crew.account)
        assert named.status_code == 404


async def test_the_same_ids_in_two_organisations_are_two_things(crew: Crew, person: Meet, folding: Folding) -> None:
    theirs = person("H", tenant="other")
    await theirs.must("open-account", account_id=crew.account, person_id=theirs.id, team_id=crew.id, note="theirs")
    await folding.catch_up()
    for somebody, note in ((crew.hr, "for a boat"), (theirs, "theirs")):
        (line,) = (await somebody.read("account-lines")).json()["items"]
        assert line["note"] == note


async def test_a_leader_is_none_elsewhere(crew: Crew, person: Meet) -> None:
    """The same person, by a token of another organisation."""
    impostor = person("S", tenant="other")
    token = impostor.tokens.issue(str(crew.leader.id), "other", "S")
    impostor.headers = {"Authorization": f"Bearer {token}"}
    assert (await impostor.ask("open-account", **naming(crew, "/v1/open-account"))).status_code == 403
    assert (await impostor.read("account-lines")).json()["items"] == []


async def test_a_cursor_and_an_etag_of_ours_open_nothing_elsewhere(crew: Crew, person: Meet, folding: Folding) -> None:
    for _ in range(2):
        await crew.hr.must("open-account", account_id=uuid4(), person_id=crew.member.id, team_id=crew.id)
    await folding.catch_up()
    first = await crew.hr.read("account-lines", limit=1)
    stranger = person("H", tenant="other")
    seen = {"If-None-Match": first.headers["ETag"]}
    answer = await stranger.client.get(first.json()["next"], headers=stranger.headers | seen)
    assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_no_value_of_a_query_takes_it_elsewhere(crew: Crew, db: Database) -> None:
    views = Views(Room.of(bank, db), SystemClock())
    for tenant, seen in (("org", True), ("other", False)):
        view = await views.open(Caller(tenant, str(crew.leader.id), frozenset("S")))
        found = await view.all(select(view[CrewRow].c.team_id), {"tenant": "org"})
        assert ((crew.id,) in [tuple(each) for each in found]) is seen
