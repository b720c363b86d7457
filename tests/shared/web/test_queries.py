"""Reading over HTTP: pages, what is new, who sees what."""

from uuid import UUID, uuid4

import httpx
import pytest

from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.listen.builds import Build, Builds
from shared.store.database import Database
from tests.shared.web.bank import Line, Roster, account_lines, bank, read_forgotten, read_words, roster
from tests.shared.web.conftest import Api, Crew, Meet, Person, StoppedClock, client_of
from tests.shared.web.folding import Folding


def ids(answer: httpx.Response) -> list[UUID]:
    assert answer.status_code == 200, answer.text
    return [UUID(item["account_id"]) for item in answer.json()["items"]]


@pytest.fixture
async def many(crew: Crew, folding: Folding) -> list[UUID]:
    """Seven more accounts of the crew, four of them paid into."""
    opened = [uuid4() for _ in range(7)]
    for number, account in enumerate(opened):
        await crew.hr.must("open-account", account_id=account, person_id=crew.member.id, team_id=crew.id)
        if number % 2 == 0:
            await crew.hr.must("pay-in", account_id=account, person_id=crew.member.id, amount=number + 1)
    await folding.catch_up()
    return sorted([crew.account, *opened])


async def pages(person: Person, **filters: object) -> list[list[UUID]]:
    answer = await person.read("account-lines", **filters)
    found = [ids(answer)]
    while (address := answer.json()["next"]) is not None:
        assert answer.headers["Link"] == f'<{address}>; rel="next"'
        answer = await person.client.get(address, headers=person.headers)
        found.append(ids(answer))
    assert "Link" not in answer.headers
    return found


async def test_a_row_is_answered_as_it_was_folded(crew: Crew, folding: Folding) -> None:
    await crew.hr.must("pay-in", account_id=crew.account, person_id=crew.member.id, amount=8)
    await folding.catch_up()
    answer = (await crew.hr.read("account-lines")).json()
    assert answer["items"] == [
        {
            "account_id": str(crew.account),
            "person_id": str(crew.member.id),
            "team_id": str(crew.id),
            "note": "for a boat",
            "paid_in": 8,
            "newest": "2027-03-01",
        }
    ]
    assert answer["as_of"] == {"at": "2027-03-01T14:00:00+02:00", "positions": {"bank": 4}}
    assert answer["next"] is None


async def test_pages_follow_each_other_without_holes(crew: Crew, many: list[UUID]) -> None:
    found = await pages(crew.hr, limit=3)
    assert [len(page) for page in found] == [3, 3, 2]
    assert [account for page in found for account in page] == many
    assert await pages(crew.hr, limit=8) == [many]


async def test_pages_keep_filters(crew: Crew, many: list[UUID]) -> None:
    found = await pages(crew.hr, limit=3, paid_in=0)
    assert [len(page) for page in found] == [3, 1]


async def test_an_order_may_turn_and_have_nulls(crew: Crew, many: list[UUID], folding: Folding) -> None:
    found = [account for page in await pages(crew.hr, limit=2, latest=True) for account in page]
    assert sorted(found) == many
    lines = {item["account_id"]: item for item in (await crew.hr.read("account-lines")).json()["items"]}
    newest = [lines[str(account)]["newest"] for account in found]
    assert newest == ["2027-03-01"] * 4 + [None] * 4
    assert found == sorted(found[:4]) + sorted(found[4:])


async def test_a_cursor_of_another_order_is_none_of_this_list(crew: Crew, many: list[UUID]) -> None:
    address = httpx.URL((await crew.hr.read("account-lines", limit=2, latest=True)).json()["next"])
    answer = await crew.hr.read("account-lines", after=address.params["after"])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "after")


async def test_nothing_new_is_304(crew: Crew, folding: Folding, clock: StoppedClock) -> None:
    first = await crew.hr.read("account-lines")
    seen = {"If-None-Match": first.headers["ETag"]}
    again = await crew.hr.read("account-lines", seen)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (await crew.hr.read("account-lines", seen, limit=5)).status_code == 200
    assert (await crew.leader.read("account-lines", seen)).status_code == 200
    await crew.hr.must("pay-in", account_id=crew.account, person_id=crew.member.id, amount=8)
    await folding.catch_up()
    newer = await crew.hr.read("account-lines", seen)
    assert newer.json()["items"][0]["paid_in"] == 8


async def test_what_was_parked_and_put_in_order_is_not_seen_already(crew: Crew, folding: Folding, db: Database) -> None:
    table = (await Builds(db).ensure(account_lines)).table(Line)
    async with db.driver() as driver:
        await driver.execute(f"alter table {table} add constraint poor check (paid_in < 8)")
        await crew.hr.must("pay-in", account_id=crew.account, person_id=crew.member.id, amount=8)
        await folding.catch_up()
        parked = await crew.hr.read("account-lines")
        await driver.execute(f"alter table {table} drop constraint poor")
    assert await folding.retry("org", f"bank.account-{crew.account}") == 1
    newer = await crew.hr.read("account-lines", {"If-None-Match": parked.headers["ETag"]})
    assert (parked.json()["items"][0]["paid_in"], newer.json()["items"][0]["paid_in"]) == (0, 8)


async def test_what_is_relative_to_now_is_not_seen_already_tomorrow(crew: Crew, clock: StoppedClock) -> None:
    seen = {"If-None-Match": (await crew.hr.read("account-lines")).headers["ETag"]}
    clock.instant = clock.instant.replace(day=2)
    assert (await crew.hr.read("account-lines", seen)).status_code == 200


async def test_who_sees_what(crew: Crew, person: Meet, folding: Folding) -> None:
    other_leader, elsewhere, colleague = person("S"), uuid4(), person("A")
    await crew.hr.must("form-crew", team_id=elsewhere, site="oulu", time_zone="UTC", leader_id=other_leader.id)
    account = uuid4()
    await crew.hr.must("open-account", account_id=account, person_id=colleague.id, team_id=elsewhere)
    await folding.catch_up()
    both = sorted([crew.account, account])
    expected = [
        (crew.hr, both),
        (crew.leader, [crew.account]),
        (other_leader, [account]),
        (crew.member, [crew.account]),
        (colleague, [account]),
        (person("A"), []),
        (person("M"), both),
        (person("M", site="oulu"), [account]),
        (person("M", site="nowhere"), []),
        (person("N"), both),
    ]
    for somebody, seen in expected:
        assert ids(await somebody.read("account-lines")) == seen


async def test_guests_and_operators_see_nothing_there(crew: Crew, person: Meet) -> None:
    for roles in ("C", "O", ""):
        answer = await person(roles).read("account-lines")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_what_is_outside_is_like_what_is_not_there(crew: Crew, person: Meet) -> None:
    outside = await person("A").read("account-lines", account_id=crew.account)
    missing = await crew.hr.read("account-lines", account_id=uuid4())
    assert (outside.status_code, missing.status_code) == (404, 404)
    assert outside.json()["detail"] == missing.json()["detail"]
    assert ids(await crew.member.read("account-lines", account_id=crew.account)) == [crew.account]


async def test_an_analyst_sees_no_marked_column(crew: Crew, person: Meet) -> None:
    for roles, note in (("N", None), ("NA", None), ("NH", "for a boat")):
        answer = await person(roles).read("account-lines")
        assert [item["note"] for item in answer.json()["items"]] == [note]


async def test_a_marked_column_stays_marked_under_another_name(crew: Crew, person: Meet, make_api: Api) -> None:
    lines = ReadModel("account_lines", 1, account_lines.rows, read_words)
    service = Service("bank", bank.events, bank.deciders, bank.asks, Roster(), read_models=[roster, lines])
    async with client_of(make_api(service=service)) as client:
        for somebody, words in ((person("N"), None), (crew.hr, "for a boat")):
            somebody.client = client
            answer = await somebody.read("account-lines")
            assert [item["words"] for item in answer.json()["items"]] == [words]


async def test_a_query_that_does_not_say_who_may_see_it_answers_nobody(crew: Crew, make_api: Api) -> None:
    lines = ReadModel("account_lines", 1, account_lines.rows, read_forgotten)
    forgetful = Service("bank", bank.events, bank.deciders, bank.asks, Roster(), read_models=[roster, lines])
    async with client_of(make_api(service=forgetful)) as client:
        crew.hr.client = client
        answer = await crew.hr.read("account-lines")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "items" not in answer.text


async def test_a_read_model_that_is_not_built_is_503(crew: Crew, make_api: Api) -> None:
    newer = ReadModel("account_lines", 2, account_lines.rows, account_lines.query)
    rolled_out = Service("bank", bank.events, bank.deciders, bank.asks, Roster(), read_models=[roster, newer])
    async with client_of(make_api(service=rolled_out)) as client:
        crew.hr.client = client
        answer = await crew.hr.read("account-lines")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "not-live", "5")


async def test_another_build_is_read_as_soon_as_it_is_live(crew: Crew, db: Database) -> None:
    assert ids(await crew.hr.read("account-lines")) == [crew.account]
    build = Build(account_lines, 77)
    async with db.engine.begin() as connection:
        await connection.run_sync(build.create)
        await connection.execute(build.table(Line).insert().values(tenant="org", account_id=crew.id, paid_in=1))
    async with db.driver() as driver:
        await driver.execute(
            "insert into builds (build, read_model, version, shape, fed) overriding system value"
            " values (77, $1, 1, '', true)",
            account_lines.name,
        )
        await driver.execute("update live set build = 77 where read_model = $1", account_lines.name)
    assert ids(await crew.hr.read("account-lines")) == [crew.id]


async def test_a_build_that_was_dropped_meanwhile_is_asked_again(crew: Crew, db: Database) -> None:
    """Between the look at which builds are live and the question there may be a wait for a connection."""
    table = (await Builds(db).ensure(account_lines)).table(Line)
    async with db.driver() as driver:
        await driver.execute(f"alter table {table} rename to gone")
    answer = await crew.hr.read("account-lines")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "not-live", "1")
