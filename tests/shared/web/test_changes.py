"""Live changes over HTTP: what has changed is told once, to those who may see it, and to nobody who does not read."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.core.access import Caller
from shared.listen.changes import Row
from shared.listen.ring import Change
from shared.run.front import in_front_of
from shared.run.serving import Serving
from shared.store.database import Database
from shared.telemetry.metrics import WATCHERS, WATCHERS_CUT
from shared.web import followers as limits
from shared.web.changes import Pace
from shared.web.followers import Followers
from shared.web.requests import CHANGES
from tests.parts.waiting import becomes
from tests.shared.web.bank import account_lines, bank
from tests.shared.web.conftest import Api, Crew, Meet, Person, StoppedClock
from tests.shared.web.folding import Folding
from tests.shared.web.watching import watching

Serve = Callable[..., Any]


@pytest.fixture
async def followers(db: Database) -> AsyncIterator[Followers]:
    followers = Followers(bank, db)
    yield followers
    await followers.close()


@pytest.fixture
def serve(make_api: Api, followers: Followers) -> Serve:
    """The bank on a real server: its address."""

    @asynccontextmanager
    async def serve(under: str = "", **pace: float) -> AsyncIterator[Serving]:
        api = make_api(followers=followers, pace=Pace(**pace))
        serving = Serving(in_front_of([(bank, api)]) if under else api, "127.0.0.1", 0, [followers.end])
        running = asyncio.create_task(serving.run())
        await serving.started()
        try:
            yield serving
        finally:
            serving.stop()
            await running

    return serve


@pytest.fixture
async def url(serve: Serve) -> AsyncIterator[str]:
    async with serve() as serving:
        yield serving.url


async def opened(crew: Crew, folding: Folding, *, person: UUID | None = None, team: UUID | None = None) -> UUID:
    """Another account, in the crew's read models too."""
    account = uuid4()
    of = {"person_id": person or crew.member.id, "team_id": team or crew.id}
    await crew.hr.must("open-account", account_id=account, **of)
    await folding.catch_up()
    return account


async def test_what_is_told_is_in_the_answer_when_it_is_asked_again(crew: Crew, folding: Folding, url: str) -> None:
    async with watching(url, crew.leader) as eyes:
        paid = await crew.hr.must("pay-in", account_id=crew.account, person_id=crew.member.id, amount=5)
        await folding.catch_up()
        event = await eyes.next()
        (change,) = event.data["changes"]
        assert (event.kind, change["read_model"]) == ("changed", "account_lines")
        assert change["rows"] == [{"account_id": str(crew.account)}]
        assert change["positions"] == {"bank": paid.json()["position"]}
        answer = await crew.leader.read(change["path"].removeprefix("/v1/"))
        assert answer.json()["items"][0]["paid_in"] == 5


async def test_under_a_name_changes_and_pages_tell_addresses_alike(crew: Crew, folding: Folding, serve: Serve) -> None:
    await opened(crew, folding)
    async with serve(under="/bank") as serving, watching(f"{serving.url}/bank", crew.leader) as eyes:
        await opened(crew, folding)
        (change,) = (await eyes.next()).data["changes"]
        async with httpx.AsyncClient(base_url=serving.url, headers=crew.leader.headers) as client:
            page = (await client.get(change["path"], params={"limit": 1})).json()
    assert change["path"] == page["next"].partition("?")[0] == "/bank/v1/account-lines"


async def test_who_comes_again_misses_nothing_and_is_told_nothing_twice(crew: Crew, folding: Folding, url: str) -> None:
    changed: list[UUID] = []
    told: list[UUID] = []
    last = None
    for _ in range(6):
        async with watching(url, crew.leader, last) as eyes:
            changed += [await opened(crew, folding) for _ in range(random.randint(1, 4))]
            while random.random() < 0.8 and len(told) < len(changed):
                told += (await eyes.next()).accounts
            last = eyes.id
        changed += [await opened(crew, folding) for _ in range(random.randint(0, 3))]
    async with watching(url, crew.leader, last) as eyes:
        changed.append(await opened(crew, folding))
        await eyes.told(*changed[len(told) :])
    assert told == changed[: len(told)]


async def test_only_rows_that_the_caller_may_see(
    crew: Crew, person: Meet, folding: Folding, serve: Serve, followers: Followers
) -> None:
    team, leader, elsewhere = uuid4(), person("S"), person("H", tenant="elsewhere")
    await crew.hr.must("form-crew", team_id=team, site="oulu", time_zone="UTC", leader_id=leader.id)
    await folding.catch_up()
    all_see = [crew.hr, person("M"), person("N")]
    crews_see = [crew.leader, crew.member, person("M", site="tampere")]
    others_see = [leader, person("M", site="oulu")]
    none_see = [person("A"), person("T"), person("S"), person("P"), person("CO"), elsewhere]
    async with serve(heartbeat=0.05) as serving, AsyncExitStack() as stack:
        watchers = [*all_see, *crews_see, *others_see, *none_see]
        eyes = {who: await stack.enter_async_context(watching(serving.url, who)) for who in watchers}
        ours, theirs = await opened(crew, folding), await opened(crew, folding, person=leader.id, team=team)
        await elsewhere.must("open-account", account_id=(foreign := uuid4()), person_id=leader.id, team_id=crew.id)
        await folding.catch_up()
        await eyes[elsewhere].told(foreign)
        told = {who: await eyes[who].upto(str(followers.cursor)) for who in watchers}
    assert [told[who] for who in all_see] == [[ours, theirs]] * len(all_see)
    assert [told[who] for who in crews_see] == [[ours]] * len(crews_see)
    assert [told[who] for who in others_see] == [[theirs]] * len(others_see)
    assert [told[who] for who in none_see] == [[]] * len(none_see)


async def test_when_somebody_leads_another_team_all_begin_anew(crew: Crew, folding: Folding, url: str) -> None:
    async with watching(url, crew.leader) as leader, watching(url, crew.member) as member:
        team = uuid4()
        await crew.hr.must("form-crew", team_id=team, site="oulu", time_zone="UTC", leader_id=crew.leader.id)
        await folding.catch_up()
        assert [(await each.next()).kind for each in (leader, member)] == ["reset", "reset"]
        account = await opened(crew, folding, team=team)
        await leader.told(account)
        await member.told(account)


async def test_who_was_away_when_the_team_or_the_day_changed_begins_anew(
    crew: Crew, folding: Folding, url: str, clock: StoppedClock
) -> None:
    async with watching(url, crew.hr) as there:
        async with watching(url, crew.leader) as eyes:
            last = eyes.id
        await crew.hr.must("form-crew", team_id=uuid4(), site="oulu", time_zone="UTC", leader_id=crew.leader.id)
        await folding.catch_up()
        assert (await there.next()).kind == "reset"
        async with watching(url, crew.leader, last) as eyes:
            assert (await eyes.next()).kind == "reset"
            last = eyes.id
        clock.instant += timedelta(days=1)
        async with watching(url, crew.leader, last) as eyes:
            assert (await eyes.next()).kind == "reset"
            await eyes.told(await opened(crew, folding))


async def test_who_comes_again_before_a_move_is_heard_of_or_after_it_begins_anew(
    crew: Crew, folding: Folding, url: str
) -> None:
    async with watching(url, crew.hr) as there:
        async with watching(url, crew.leader) as eyes:
            last = eyes.id
        await crew.hr.must("form-crew", team_id=uuid4(), site="oulu", time_zone="UTC", leader_id=crew.leader.id)
        async with watching(url, crew.leader, last) as eyes:
            await folding.catch_up()
            assert (await eyes.next()).kind == (await there.next()).kind == "reset"
            last = eyes.id
        await crew.hr.must("join-crew", person_id=uuid4(), team_id=crew.id)
        await folding.catch_up()
        assert (await there.next()).kind == "reset"
        async with watching(url, crew.leader, last) as eyes:
            assert (await eyes.next()).kind == "reset"
            await eyes.told(await opened(crew, folding))


@pytest.mark.parametrize("loss", ["delete from changes", "truncate changes", "update changes set stamp = 7"])
async def test_a_cursor_that_is_gone_is_a_reset(
    crew: Crew, folding: Folding, url: str, db: Database, followers: Followers, loss: str
) -> None:
    """Forgotten, lost in a crash, or from before a restore: both for who comes again and for who is there.

    The loss may be seen before the next turn is: that is told after the reset, to who is there by then.
    """
    async with watching(url, crew.leader) as eyes, watching(url, crew.hr) as there:
        await eyes.told(await opened(crew, folding))
        last = eyes.id
        await there.next()
        async with db.driver() as driver:
            await driver.execute(loss)
        await opened(crew, folding)
        assert (await there.next()).kind == "reset"
        newest = await followers.ring.now()
        await becomes(lambda: followers.cursor == newest)
    async with watching(url, crew.leader, last) as eyes:
        assert (await eyes.next()).kind == "reset"
        await eyes.told(await opened(crew, folding))


async def test_more_than_can_be_named(crew: Crew, folding: Folding, url: str) -> None:
    async with watching(url, crew.leader) as eyes:
        for _ in range(201):
            await crew.hr.must("open-account", account_id=uuid4(), person_id=crew.member.id, team_id=crew.id)
        await folding.catch_up()
        (change,) = (await eyes.next()).data["changes"]
        assert change["rows"] is None
        await eyes.told(await opened(crew, folding))


async def test_an_outage_of_the_database_is_a_pause(
    crew: Crew, folding: Folding, url: str, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OUTAGE", 0.05)
    async with watching(url, crew.hr) as eyes:
        async with db.driver() as driver:
            await driver.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        account = await opened(crew, folding)
        await eyes.told(account)


async def test_it_beats_and_its_cursor_moves_on(crew: Crew, folding: Folding, serve: Serve, person: Meet) -> None:
    async with serve(heartbeat=0.05) as serving, watching(serving.url, person("A")) as eyes:
        before = (await eyes.next(comments=True)).id
        await opened(crew, folding)
        while (await eyes.next(comments=True)).id == before:
            pass
        assert eyes.id != before


async def test_a_new_day_begins_for_who_is_told_things_all_the_time(
    crew: Crew, folding: Folding, serve: Serve, clock: StoppedClock
) -> None:
    async def busy() -> None:
        while True:
            await opened(crew, folding)

    async with serve(heartbeat=0.5) as serving, watching(serving.url, crew.hr) as eyes:
        opening = asyncio.create_task(busy())
        await eyes.next()
        clock.instant += timedelta(days=1)
        while (event := await eyes.next()).kind != "reset":
            assert event.kind == "changed"
        opening.cancel()
        await asyncio.wait({opening})


async def test_it_ends_with_the_token(crew: Crew, serve: Serve) -> None:
    crew.member.headers["Authorization"] = "Bearer " + crew.member.tokens.issue(
        str(crew.member.id), "org", "A", lifetime=timedelta(seconds=3)
    )
    async with serve(heartbeat=0.1) as serving:
        async with watching(serving.url, crew.member) as eyes:
            assert await eyes.ends()
        assert (await _get(serving.url, crew.member)).status_code == 401


async def test_who_does_not_read_is_cut_off_and_others_are_told(
    crew: Crew, folding: Folding, serve: Serve, followers: Followers
) -> None:
    cut, much = WATCHERS_CUT.labels("bank")._value, Row({"account_id": "x" * 500_000}, [], [str(crew.id)], [])
    before = cut.get()
    async with serve(heartbeat=0.05, patience=0.1) as serving, watching(serving.url, crew.hr) as eyes:
        connections = serving._server.server_state.connections
        with _never_reading(serving, crew.leader):
            slow = await becomes(lambda: next((f for f in followers._followers if f.caller.roles == {"S"}), None))
            slow.give([Change(account_lines, "org", {}, [much])])
            await becomes(lambda: cut.get() == before + 1 and slow not in followers._followers)
            await becomes(lambda: len(connections) == 1)
            await eyes.told(await opened(crew, folding))


@contextmanager
def _never_reading(serving: Serving, person: Person) -> Iterator[None]:
    """Buffers as small as they come, so that little is on its way."""
    serving._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", serving.port))
        headers = "".join(f"{name}: {value}\r\n" for name, value in person.headers.items())
        connection.sendall(f"GET {CHANGES} HTTP/1.1\r\nHost: bank\r\n{headers}\r\n".encode())
        yield


async def test_what_waits_for_a_slow_reader_is_bounded(crew: Crew, followers: Followers) -> None:
    async with followers.following(_caller(crew.hr)) as follower:
        for _ in range(limits.WAITING + 1):
            follower.give([Change(account_lines, "org", {}, None)])
        with pytest.raises(limits.Over, match="cut off"):
            await follower.next(1)


async def test_there_are_so_many_and_no_more(
    crew: Crew, person: Meet, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_EACH", 1)
    monkeypatch.setattr(limits, "MOST", 2)
    async with watching(url, crew.hr), watching(url, crew.leader):
        for who, status in ((crew.member, 503), (person("H"), 503)):
            refused = await _get(url, who)
            assert (refused.status_code, refused.json()["code"]) == (status, "too-many-watchers")
        monkeypatch.setattr(limits, "MOST", 3)
        assert (await _get(url, crew.hr)).status_code == 429
        assert WATCHERS.labels("bank")._value.get() == 2
    await becomes(lambda: WATCHERS.labels("bank")._value.get() == 0)


async def test_each_stream_has_a_correlation_id_of_its_own_and_no_others(crew: Crew, url: str) -> None:
    given = [str(uuid4()), str(uuid4())]
    for one in given:
        crew.hr.headers["X-Correlation-Id"] = one
        async with watching(url, crew.hr) as eyes:
            assert eyes.answer.headers.get_list("X-Correlation-Id") == [one]


async def test_bad_input(crew: Crew, url: str) -> None:
    for sent in ("yesterday", "1.2.3", "1.2.3@yesterday", "1.2.3@2027-03-01", "@2027-03-01.00000000"):
        refused = await _get(url, crew.hr, **{"Last-Event-ID": sent})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "Last-Event-ID")
    crew.hr.headers.clear()
    assert (await _get(url, crew.hr)).status_code == 401


async def test_streams_end_when_the_server_stops(crew: Crew, serve: Serve) -> None:
    async with serve() as serving, watching(serving.url, crew.hr) as eyes:
        serving.stop()
        assert await eyes.ends()


async def _get(url: str, person: Person, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.get(url + CHANGES, headers=person.headers | headers)


def _caller(person: Person) -> Caller:
    return Caller("org", str(person.id), frozenset("H"))
