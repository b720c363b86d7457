"""Every route, asked by everybody, here and from another organisation: authorisation.toml says who gets through."""

import asyncio
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from services.onboarding.events import PersonJoinedTeam, SupervisorAppointed
from services.onboarding.service import service
from shared.core.access import ROLES
from shared.store.database import Database
from shared.store.store import EventStore
from shared.testing.interleavings import history
from shared.web.commands import path_of as command_path
from shared.web.queries import path_of as query_path
from tests.onboarding.aino import IN_FIRST_RESPONSE
from tests.onboarding.histories import WELCOME_EVENTS, WELCOME_STREAM, of_onni, onni_failed
from tests.onboarding.organisation import (
    MATERIAL,
    ONNI,
    TEMPLATE_STREAM,
    aino_joined,
    material_published,
    onni_joined,
    other_formed,
    preview_shown,
    team_formed,
)
from tests.onboarding.plan import AINO, CANDIDATE, HANNA, MONDAY, OTHER_TEAM, SANNA, TEAM, TUULA
from tests.services.reading import TOKENS, Reading

TABLE = tomllib.loads(Path(__file__).with_name("authorisation.toml").read_text())
KIM, NEWCOMER, STRANGER = UUID(int=6), UUID(int=7), UUID(int=99)
NAMED = {"team_id": TEAM, "person_id": AINO, "candidate_id": CANDIDATE}


class Caller(NamedTuple):
    person: UUID
    roles: str
    site: str | None = None


CALLERS = {
    "H": Caller(STRANGER, "H"),
    "M": Caller(STRANGER, "M"),
    "M here": Caller(STRANGER, "M", "tampere"),
    "M there": Caller(STRANGER, "M", "turku"),
    "S here": Caller(SANNA, "S"),
    "deputy here": Caller(TUULA, "S"),
    "S there": Caller(HANNA, "S"),
    "A aino": Caller(AINO, "A"),
    "A colleague": Caller(KIM, "A"),
    "A onni": Caller(ONNI, "A"),
    "T": Caller(STRANGER, "T"),
    "P": Caller(STRANGER, "P"),
    "N": Caller(STRANGER, "N"),
    "O": Caller(STRANGER, "O"),
    "C candidate": Caller(CANDIDATE, "C"),
    "C somebody": Caller(NEWCOMER, "C"),
    "leader without the role": Caller(SANNA, "A"),
    "aino without a role": Caller(AINO, ""),
}
HERE_AND_THERE = {str(AINO): "here", str(KIM): "here", str(ONNI): "there"}

Matrix = dict[str, dict[str, Any]]


def headers(name: str, tenant: str) -> dict[str, str]:
    person, roles, site = CALLERS[name]
    return {"Authorization": f"Bearer {TOKENS.issue(str(person), tenant, roles, site=site)}"}


@pytest.fixture
async def organisation(reading: Reading) -> Reading:
    """Two teams and their supervisors, three people, two journeys, a preview and a template."""
    led = (SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=TUULA, since=date(2027, 3, 1)),)
    led_there = (SupervisorAppointed(team_id=OTHER_TEAM, supervisor_id=HANNA, since=date(2027, 3, 1)),)
    kim = PersonJoinedTeam(person_id=KIM, team_id=TEAM, display_name="Kim", role_code="agent", joined_on=MONDAY)
    await reading.told(
        history(f"onboarding.team-{TEAM}", team_formed, *led),
        history(f"onboarding.team-{OTHER_TEAM}", other_formed, *led_there),
        history(f"onboarding.person-{AINO}", aino_joined),
        history(f"onboarding.person-{KIM}", kim),
        history(f"onboarding.person-{ONNI}", onni_joined.model_copy(update={"team_id": OTHER_TEAM})),
        WELCOME_STREAM,
        history(f"onboarding.welcome-{ONNI}", *of_onni(*WELCOME_EVENTS)),
        history(f"onboarding.journey-{AINO}", *IN_FIRST_RESPONSE),
        history(f"onboarding.journey-{ONNI}", *of_onni(*IN_FIRST_RESPONSE), onni_failed),
        history(f"onboarding.material-{MATERIAL}", material_published),
        history(f"onboarding.preview-{CANDIDATE}", preview_shown),
        TEMPLATE_STREAM,
    )
    return reading


def bodies() -> Mapping[str, dict[str, Any]]:
    """The example of each command, about those whom the table is about."""
    found = {}
    for ask in service.asks:
        (example,) = ask.command.model_json_schema()["examples"]
        found[command_path(ask.command)] = {
            name: str(NAMED[name]) if name in NAMED else value for name, value in example.items()
        }
    return found


async def getting_through(client: httpx.AsyncClient, tenant: str) -> Matrix:
    """By command, who was not refused. What the decider says of it is no matter here."""

    async def gets_through(path: str, body: dict[str, Any], name: str) -> bool:
        answer = await client.post(path, json=body, headers=headers(name, tenant))
        assert answer.status_code in (200, 403, 422), answer.text
        assert "errors" not in answer.json(), f"{path} was no command: {answer.text}"
        assert answer.status_code != 403 or answer.json()["code"] == "not-allowed"
        return answer.status_code != 403

    matrix: Matrix = {}
    for path, body in bodies().items():
        through = await asyncio.gather(*(gets_through(path, body, name) for name in CALLERS))
        matrix[path.removeprefix("/v1/")] = dict(zip(CALLERS, through, strict=True))
    return matrix


def promised(field: str) -> Matrix:
    return {
        route: {name: name in group.get(field, group["who"]) for name in CALLERS}
        for group in TABLE["commands"]
        for route in group["routes"]
    }


async def seeing(client: httpx.AsyncClient, tenant: str) -> Matrix:
    """By query, whose rows each caller sees."""

    async def sees(path: str, name: str) -> str | None:
        answer = await client.get(path, params={"limit": 500}, headers=headers(name, tenant))
        assert answer.status_code in (200, 404), answer.text
        items = answer.json().get("items", [])
        seen = {HERE_AND_THERE.get(str(item.get("person_id")), "all") for item in items}
        return "all" if len(seen) > 1 else next(iter(seen), None)

    return {
        path.removeprefix("/v1/"): {name: await sees(path, name) for name in CALLERS}
        for path in (query_path(read_model) for read_model in service.read_models)
    }


def promised_to_see() -> Matrix:
    return {
        query: {name: next((rows for rows, names in seen.items() if name in names), None) for name in CALLERS}
        for query, seen in TABLE["queries"].items()
    }


def differing(there: Matrix, promised: Matrix) -> Matrix:
    """What to look at, of hundreds of answers that are as they should be."""
    assert there.keys() == promised.keys()
    return {
        route: {name: answer for name, answer in answers.items() if answer != promised[route][name]}
        for route, answers in there.items()
        if answers != promised[route]
    }


def test_the_table_names_callers_there_are_and_every_role_is_one() -> None:
    lists = [*(group[field] for group in TABLE["commands"] for field in ("who", "elsewhere") if field in group)]
    lists += [names for seen in TABLE["queries"].values() for names in seen.values()]
    assert {name for names in lists for name in names} <= CALLERS.keys()
    assert {caller.roles for caller in CALLERS.values()} - {""} == ROLES


async def test_who_may_ask_what(organisation: Reading) -> None:
    assert differing(await getting_through(organisation.client, "org"), promised("who")) == {}


async def test_from_another_organisation_nothing_here_is_reached(organisation: Reading, database: str) -> None:
    assert differing(await getting_through(organisation.client, "elsewhere"), promised("elsewhere")) == {}
    opened = Database(database)
    facts = await EventStore(opened, "onboarding").read(0)
    await opened.close()
    assert {fact.tenant for fact in facts} == {"elsewhere"}


async def test_who_sees_what(organisation: Reading) -> None:
    assert differing(await seeing(organisation.client, "org"), promised_to_see()) == {}


async def test_from_another_organisation_nothing_here_is_seen(organisation: Reading) -> None:
    matrix = await seeing(organisation.client, "elsewhere")
    assert {answer for answers in matrix.values() for answer in answers.values()} == {None}


async def test_nobody_gets_anywhere_without_a_token(organisation: Reading) -> None:
    client = organisation.client
    asked = [await client.post(path, json=body) for path, body in bodies().items()]
    read = [await client.get(query_path(read_model)) for read_model in service.read_models]
    assert {answer.status_code for answer in (*asked, *read)} == {401}
