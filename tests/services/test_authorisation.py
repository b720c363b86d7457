"""Every route, asked by everybody, here and from another organisation: each service's authorisation.toml says who may.

The tables are written by hand from the domain description, never from the code.
"""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.core.access import ROLES
from shared.ops.found import names
from shared.store.database import Database
from shared.store.store import EventStore
from shared.web.queries import path_of
from tests.coaching.authorisation import coaching
from tests.onboarding.authorisation import onboarding
from tests.services.authorised import Organisation, differing
from tests.services.reading import Reading

ORGANISATIONS = {organisation.service.name: organisation for organisation in (onboarding, coaching)}
each_service = pytest.mark.parametrize("organisation", ORGANISATIONS.values(), ids=ORGANISATIONS)


@pytest.fixture
async def client(organisation: Organisation, database: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service, where all of the organisation has been told."""
    reading = Reading(organisation.service, Database(database), organisation.callers["H"].person, organisation.now)
    await reading.told(*organisation.streams)
    yield reading.client
    await reading.close()


def test_every_service_has_a_table() -> None:
    assert sorted(ORGANISATIONS) == names()


@each_service
def test_the_table_names_callers_there_are_and_every_role_is_one(organisation: Organisation) -> None:
    table = organisation.table
    lists = [*(group[field] for group in table["commands"] for field in ("who", "elsewhere") if field in group)]
    lists += [names for seen in table["queries"].values() for names in seen.values()]
    named = set[str]().union(*map(organisation.callers_in, lists))
    assert named <= organisation.callers.keys()
    assert {caller.roles for caller in organisation.callers.values()} - {""} == set(ROLES)


@each_service
async def test_who_may_ask_what(organisation: Organisation, client: httpx.AsyncClient) -> None:
    assert differing(await organisation.getting_through(client, "org"), organisation.promised("who")) == {}


@each_service
async def test_from_another_organisation_nothing_here_is_reached(
    organisation: Organisation, client: httpx.AsyncClient, database: str
) -> None:
    through = await organisation.getting_through(client, "elsewhere")
    assert differing(through, organisation.promised("elsewhere")) == {}
    opened = Database(database)
    facts = await EventStore(opened, organisation.service.name).read(0)
    await opened.close()
    assert {fact.tenant for fact in facts} == {"elsewhere"}


@each_service
async def test_who_sees_what(organisation: Organisation, client: httpx.AsyncClient) -> None:
    assert differing(await organisation.seeing(client, "org"), organisation.promised_to_see()) == {}


@each_service
async def test_from_another_organisation_nothing_here_is_seen(
    organisation: Organisation, client: httpx.AsyncClient
) -> None:
    matrix = await organisation.seeing(client, "elsewhere")
    assert {answer for answers in matrix.values() for answer in answers.values()} == {None}


@each_service
async def test_nobody_gets_anywhere_without_a_token(organisation: Organisation, client: httpx.AsyncClient) -> None:
    asked = [await client.post(path, json=body) for path, body in organisation.bodies().items()]
    read = [await client.get(path_of(read_model)) for read_model in organisation.queries]
    assert {answer.status_code for answer in (*asked, *read)} == {401}
