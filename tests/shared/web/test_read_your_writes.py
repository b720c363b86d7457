"""Luotsi-After: a read that names a receipt's position has its fact, or says that it has not."""

import asyncio

from tests.shared.web.conftest import Api, Crew, client_of
from tests.shared.web.folding import Folding


async def test_a_read_waits_for_the_fact_in_the_read_model_and_in_the_directory(crew: Crew, folding: Folding) -> None:
    paid = await crew.member.must("pay-in", account_id=crew.account, person_id=crew.member.id, amount=5)
    position = paid.headers["Luotsi-Position"]
    early = await crew.member.read("account-lines", {"Luotsi-After": position})
    assert (early.status_code, early.json()["code"], early.headers["Retry-After"]) == (503, "not-yet", "1")
    await folding.catch_up()
    answer = await crew.member.read("account-lines", {"Luotsi-After": position})
    assert answer.json()["items"][0]["paid_in"] == 5
    listeners = {listener.partition(".b")[0] for listener, *_ in folding.asked}
    assert listeners == {"account_lines.v1", "roster.v1"}
    assert {tuple(fact) for _, *fact in folding.asked} == {("bank", f"bank.account-{crew.account}", 4)}


async def test_a_parked_stream_is_told_at_once(crew: Crew, folding: Folding) -> None:
    stream = f"bank.account-{crew.account}"
    await folding.park("account_lines.v1.b2", stream, 3)
    answer = await crew.hr.read("account-lines", {"Luotsi-After": f"bank@3 {stream}"})
    assert (answer.status_code, answer.json()["code"]) == (503, "parked")
    assert answer.headers["Retry-After"] == "60"
    earlier = await crew.hr.read("account-lines", {"Luotsi-After": "bank@2 bank.member-x"})
    assert earlier.status_code == 200


async def test_a_source_that_is_not_heard_is_not_waited_for(crew: Crew, folding: Folding) -> None:
    answer = await crew.hr.read("account-lines", {"Luotsi-After": "post-office@99 post-office.letter-1"})
    assert answer.status_code == 200
    assert folding.asked == []


async def test_several_are_waited_for_by_comma(crew: Crew, folding: Folding) -> None:
    answer = await crew.hr.read("account-lines", {"Luotsi-After": "bank@1 bank.a-1, bank@2 bank.a-2,x@3 x.y"})
    assert answer.status_code == 200
    assert {(stream, position) for _, _, stream, position in folding.asked} == {("bank.a-1", 1), ("bank.a-2", 2)}


async def test_it_is_answered_when_the_fact_arrives(crew: Crew, folding: Folding, make_api: Api) -> None:
    async with client_of(make_api(wait_limit=30)) as client:
        crew.hr.client = client
        paid = await crew.hr.must("pay-in", account_id=crew.account, person_id=crew.member.id, amount=5)
        after = {"Luotsi-After": paid.headers["Luotsi-Position"]}
        waiting = asyncio.create_task(crew.hr.read("account-lines", after))
        await folding.was_asked.wait()
        await folding.catch_up()
        answer = await waiting
    assert answer.json()["items"][0]["paid_in"] == 5
