"""Who may ask: the line beside each route decides, and what it does not allow is asked of nobody."""

from uuid import uuid4

from shared.core.access import Ask
from shared.core.service import Service
from shared.store.database import Database
from shared.store.store import EventStore
from tests.shared.web.bank import Roster, bank
from tests.shared.web.bank_deciders import PayIn, accounts
from tests.shared.web.conftest import Api, Crew, Meet, Person, client_of
from tests.shared.web.folding import Folding


async def asks(person: Person, crew: Crew, command: str, **changed: object) -> int:
    known: dict[str, dict[str, object]] = {
        "pay-in": {"account_id": crew.account, "person_id": crew.member.id, "amount": 1},
        "open-account": {"account_id": crew.account, "person_id": crew.member.id, "team_id": crew.id},
        "join-crew": {"person_id": crew.member.id, "team_id": crew.id},
        "form-crew": {"team_id": crew.id, "site": "x", "time_zone": "UTC", "leader_id": crew.leader.id},
        "blow-whistle": {"account_id": crew.account},
    }
    answer = await person.ask(command, **(known[command] | changed))
    assert answer.status_code in (200, 403), answer.text
    assert answer.status_code == 200 or answer.json()["code"] == "not-allowed"
    return answer.status_code


async def test_roles(crew: Crew, person: Meet) -> None:
    everything = {"form-crew", "join-crew", "open-account", "pay-in", "blow-whistle"}
    allowed = {
        "H": everything,
        "M": {"form-crew", "open-account", "blow-whistle"},
        "A": {"blow-whistle"},
        "T": {"blow-whistle"},
        **{roles: set[str]() for roles in ("C", "O", "CO", "", "X")},
    }
    for roles, expected in allowed.items():
        somebody = person(roles)
        assert {command for command in everything if await asks(somebody, crew, command) == 200} == expected, roles


async def test_what_is_not_allowed_leaves_no_fact(crew: Crew, person: Meet, db: Database) -> None:
    before = await EventStore(db, "bank").head()
    assert await asks(person("C"), crew, "blow-whistle") == 403
    assert await asks(person("A"), crew, "pay-in") == 403
    assert await EventStore(db, "bank").head() == before


async def test_oneself(crew: Crew) -> None:
    assert await asks(crew.member, crew, "pay-in") == 200
    assert await asks(crew.member, crew, "pay-in", person_id=uuid4()) == 403


async def test_own_team_and_its_people(crew: Crew, person: Meet) -> None:
    assert await asks(crew.leader, crew, "open-account") == 200
    assert await asks(crew.leader, crew, "open-account", team_id=uuid4()) == 403
    assert await asks(crew.leader, crew, "pay-in") == 200
    assert await asks(crew.leader, crew, "pay-in", person_id=uuid4()) == 403
    assert await asks(person("S"), crew, "open-account") == 403


async def test_who_leads_a_team_needs_the_role_too(crew: Crew, person: Meet, folding: Folding) -> None:
    agent = person("A")
    await crew.hr.must("form-crew", team_id=uuid4(), site="oulu", time_zone="UTC", leader_id=agent.id)
    await folding.catch_up()
    assert await asks(agent, crew, "open-account") == 403


async def test_a_manager_of_one_site_is_refused_what_belongs_to_another(crew: Crew, person: Meet) -> None:
    assert await asks(person("M", site="tampere"), crew, "open-account") == 200
    assert await asks(person("M", site="oulu"), crew, "open-account") == 403
    assert await asks(person("M", site="oulu"), crew, "form-crew", team_id=uuid4()) == 200, "known to belong nowhere"
    assert await asks(person("M"), crew, "open-account") == 200


async def test_a_route_without_a_line_is_refused_to_everybody(crew: Crew, make_api: Api) -> None:
    unruled = Service("bank", bank.events, [accounts], [Ask(PayIn, ())], Roster(), read_models=bank.read_models)
    async with client_of(make_api(service=unruled)) as client:
        for somebody in (crew.hr, crew.leader, crew.member):
            somebody.client = client
            assert await asks(somebody, crew, "pay-in") == 403


async def test_relations_wait_for_the_facts_that_are_named(crew: Crew, person: Meet, folding: Folding) -> None:
    leader, team = person("S"), uuid4()
    formed = await crew.hr.must("form-crew", team_id=team, site="oulu", time_zone="UTC", leader_id=leader.id)
    position = formed.headers["Luotsi-Position"]
    opening = {"account_id": uuid4(), "person_id": uuid4(), "team_id": team}
    assert (await leader.ask("open-account", **opening)).status_code == 403
    early = await leader.ask("open-account", {"Luotsi-After": position}, **opening)
    assert (early.status_code, early.json()["code"], early.headers["Retry-After"]) == (503, "not-yet", "1")
    await folding.catch_up()
    assert (await leader.ask("open-account", {"Luotsi-After": position}, **opening)).status_code == 200
    assert {listener.partition(".")[0] for listener, *_ in folding.asked} == {"roster"}
