"""A command over HTTP, from the request to the receipt."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from shared.store.database import Database
from shared.store.store import EventStore
from tests.shared.web.conftest import Crew, Meet
from tests.shared.web.folding import Folding

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def test_the_answer_is_a_receipt(crew: Crew) -> None:
    answer = await crew.member.must("pay-in", account_id=crew.account, person_id=crew.member.id, amount=5)
    stream = f"bank.account-{crew.account}"
    assert answer.json() == {"stream": stream, "version": 2, "position": 4, "facts": ["bank.money-paid-in"]}
    assert answer.headers["ETag"] == '"2"'
    assert answer.headers["Luotsi-Position"] == f"bank@4 {stream}"


async def test_what_is_so_already_is_a_receipt_without_facts(crew: Crew) -> None:
    again = {"account_id": crew.account, "person_id": crew.member.id, "team_id": crew.id}
    answer = await crew.hr.must("open-account", **again)
    assert (answer.json()["version"], answer.json()["facts"]) == (1, [])
    assert answer.headers["Luotsi-Position"] == f"bank@3 bank.account-{crew.account}"


async def test_a_refusal_is_a_problem_with_the_code_and_the_words_of_the_domain(crew: Crew) -> None:
    answer = await crew.member.ask("pay-in", account_id=crew.account, person_id=crew.member.id, amount=13)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:luotsi:problem:unlucky-amount"
    assert (problem["code"], problem["detail"]) == ("unlucky-amount", "thirteen is not taken here")
    assert problem["instance"] == f"urn:uuid:{answer.headers['X-Correlation-Id']}"


async def test_an_unknown_id_is_refused(crew: Crew) -> None:
    answer = await crew.member.ask("pay-in", account_id=uuid4(), person_id=crew.member.id, amount=1)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-account")


async def test_the_same_key_has_one_effect_and_gets_the_same_answer(crew: Crew) -> None:
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 5}
    key = {"Idempotency-Key": str(uuid4())}
    first, second = await asyncio.gather(*(crew.member.ask("pay-in", key, **paying) for _ in range(2)))
    assert first.json() == second.json()
    assert first.json()["version"] == 2
    reused = await crew.member.ask("pay-in", key, **(paying | {"amount": 6}))
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")


async def test_one_key_of_two_organisations_is_two_keys(crew: Crew, person: Meet) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    forming = {"team_id": uuid4(), "site": "oulu", "time_zone": "Europe/Helsinki", "leader_id": uuid4()}
    ours = await crew.hr.ask("form-crew", key, **forming)
    theirs = await person("H", tenant="other").ask("form-crew", key, **(forming | {"site": "vaasa"}))
    assert (ours.status_code, theirs.status_code) == (200, 200)
    assert theirs.json()["facts"] == ["bank.crew-formed"]


async def test_who_saw_another_version_is_told_the_present_one(crew: Crew) -> None:
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 5}
    assert (await crew.member.ask("pay-in", {"If-Match": '"1"'}, **paying)).status_code == 200
    late = await crew.member.ask("pay-in", {"If-Match": '"1"'}, **paying)
    assert (late.status_code, late.json()["code"], late.json()["version"]) == (412, "version-moved", 2)
    assert late.headers["ETag"] == '"2"'


async def test_two_front_ends_that_saw_the_same_do_not_both_succeed(crew: Crew) -> None:
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 5}
    asked = [crew.member.ask("pay-in", {"If-Match": '"1"'}, **paying) for _ in range(5)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*asked)) == [200, 412, 412, 412, 412]


async def test_two_front_ends_that_race_without_a_version_both_succeed(crew: Crew) -> None:
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 5}
    answers = await asyncio.gather(*(crew.member.must("pay-in", **paying) for _ in range(5)))
    assert sorted(answer.json()["version"] for answer in answers) == [2, 3, 4, 5, 6]


async def test_a_fact_is_stamped_where_the_team_is(crew: Crew, db: Database) -> None:
    forming = {"team_id": uuid4(), "site": "funchal", "time_zone": "Atlantic/Madeira", "leader_id": uuid4()}
    await crew.hr.must("form-crew", **forming)
    (unknown_yet,) = await EventStore(db, "bank").stream("org", f"bank.crew-{forming['team_id']}")
    assert unknown_yet.at.utcoffset() == timedelta(hours=2), "the organisation's, while the team is unknown"
    (opened,) = await EventStore(db, "bank").stream("org", f"bank.account-{crew.account}")
    assert opened.actor == str(crew.hr.id)
    assert opened.at.isoformat() == "2027-03-01T14:00:00+02:00"


async def test_who_names_facts_has_their_zone_too(crew: Crew, folding: Folding, db: Database) -> None:
    team, person_id, account = uuid4(), uuid4(), uuid4()
    await crew.hr.must("form-crew", team_id=team, site="funchal", time_zone="Atlantic/Madeira", leader_id=uuid4())
    joined = await crew.hr.must("join-crew", person_id=person_id, team_id=team)
    await folding.catch_up()
    after = {"Luotsi-After": joined.headers["Luotsi-Position"]}
    await crew.hr.must("open-account", after, account_id=account, person_id=person_id, team_id=team)
    await crew.hr.must("pay-in", account_id=account, person_id=person_id, amount=3)
    opened, paid = await EventStore(db, "bank").stream("org", f"bank.account-{account}")
    assert (opened.at.isoformat(), paid.at.isoformat()) == ("2027-03-01T12:00:00+00:00",) * 2


async def test_correlation_and_trace_travel_into_the_envelope(crew: Crew, db: Database) -> None:
    correlation = uuid4()
    headers = {"X-Correlation-Id": str(correlation), "traceparent": TRACEPARENT}
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 5}
    answer = await crew.member.ask("pay-in", headers, **paying)
    assert answer.headers["X-Correlation-Id"] == str(correlation)
    (paid,) = await EventStore(db, "bank").stream("org", f"bank.account-{crew.account}", after_version=1)
    assert (paid.correlation_id, paid.traceparent) == (correlation, TRACEPARENT)


async def test_an_unsigned_command_leaves_nobody_in_the_envelope(crew: Crew, db: Database) -> None:
    correlation = uuid4()
    headers = {"X-Correlation-Id": str(correlation), "traceparent": TRACEPARENT}
    answer = await crew.member.ask("blow-whistle", headers, account_id=crew.account)
    assert answer.status_code == 200
    (blown,) = await EventStore(db, "bank").stream("org", f"bank.account-{crew.account}", after_version=1)
    assert (blown.actor, blown.traceparent) == ("unsigned", None)
    assert blown.correlation_id != correlation
    assert isinstance(blown.correlation_id, UUID)


async def test_a_repeat_has_its_answer_when_the_relation_has_ended_since(crew: Crew, folding: Folding) -> None:
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 5}
    key = {"Idempotency-Key": str(uuid4())}
    first = await crew.leader.must("pay-in", key, **paying)
    other = uuid4()
    await crew.hr.must("form-crew", team_id=other, site="oulu", time_zone="UTC", leader_id=uuid4())
    await crew.hr.must("join-crew", person_id=crew.member.id, team_id=other)
    await folding.catch_up()
    assert (await crew.leader.must("pay-in", key, **paying)).json() == first.json()
    for headers, body in (({}, paying), (key, paying | {"amount": 6}), ({"Idempotency-Key": str(uuid4())}, paying)):
        assert (await crew.leader.ask("pay-in", headers, **body)).status_code == 403


async def test_a_key_cannot_be_used_by_another_person(crew: Crew) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    paying = {"account_id": crew.account, "person_id": crew.member.id, "amount": 5}
    assert (await crew.member.ask("pay-in", key, **paying)).status_code == 200
    assert (await crew.hr.ask("pay-in", key, **paying)).json()["code"] == "idempotency-key-reused"
