"""Alive, ready, measured; and what operators ask of a running process."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.core.clock import MovableClock
from shared.web import health
from tests.shared.web.conftest import Api, Crew, Meet, client_of


async def test_a_process_that_answers_is_alive(make_api: Api) -> None:
    async with client_of(make_api()) as client:
        answer = await client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


async def test_ready_means_that_every_check_is_content(make_api: Api) -> None:
    missing: dict[str, Any] = {"database": None, "listeners": None}

    def check(name: str) -> Any:
        async def asked() -> str | None:
            if isinstance(missing[name], Exception):
                raise missing[name]
            answer: str | None = missing[name]
            return answer

        return asked

    async with client_of(make_api(checks={name: check(name) for name in missing})) as client:
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        missing["listeners"] = "far behind"
        missing["database"] = OSError("gone")
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["missing"] == {"database": "OSError: gone", "listeners": "far behind"}
        missing["listeners"] = None
        measured = (await client.get("/metrics")).text
    assert 'luotsi_ready{check="database",service="bank"} 0.0' in measured
    assert 'luotsi_ready{check="listeners",service="bank"} 1.0' in measured


async def test_a_check_that_gives_no_answer_does_not_keep_the_answer(
    make_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.01)

    async def hangs() -> str | None:
        await asyncio.Event().wait()
        return None

    async with client_of(make_api(checks={"database": hangs})) as client:
        assert "TimeoutError" in (await client.get("/readyz")).json()["missing"]["database"]


async def test_requests_are_measured_by_route_and_status(crew: Crew) -> None:
    await crew.hr.ask("pay-in")
    await crew.hr.client.get("/v1/any-address-somebody-thought-of")
    text = (await crew.hr.client.get("/metrics")).text
    assert 'luotsi_request_seconds_count{route="/v1/pay-in",service="bank",status="422"}' in text
    assert 'route="unknown",service="bank",status="404"' in text
    assert "any-address" not in text


async def test_only_operators_ask_where_a_process_stands(make_api: Api, person: Meet) -> None:
    async def status() -> dict[str, Any]:
        return {"listeners": [{"listener": "policies", "lag": 3}]}

    operator, hr = person("O"), person("H")
    async with client_of(make_api(status=status)) as client:
        answer = await client.get("/v1/ops/status", headers=operator.headers)
        assert answer.json()["listeners"][0]["lag"] == 3
        assert (await client.get("/v1/ops/status", headers=hr.headers)).status_code == 403
        assert (await client.get("/v1/ops/status")).status_code == 401
        assert (await client.post("/v1/ops/clock", headers=operator.headers)).status_code == 404


async def test_a_movable_clock_is_moved_by_operators(make_api: Api, person: Meet) -> None:
    clock = MovableClock()
    moved: list[datetime] = []

    async def move(instant: datetime) -> datetime:
        clock.set(instant)
        moved.append(instant)
        return clock.now()

    operator, hr = person("O"), person("H")
    async with client_of(make_api(move_clock=move, clock=clock)) as client:
        leap = {"to": "2027-03-08T08:00:00+02:00"}
        assert (await client.post("/v1/ops/clock", json=leap, headers=hr.headers)).status_code == 403
        answer = await client.post("/v1/ops/clock", json=leap, headers=operator.headers)
        told = datetime.fromisoformat(answer.json()["now"])
        assert told - datetime.fromisoformat(leap["to"]) < timedelta(seconds=5)
        bad = await client.post("/v1/ops/clock", json={"to": "tomorrow"}, headers=operator.headers)
        assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "to")
    assert moved == [datetime.fromisoformat(leap["to"])]
