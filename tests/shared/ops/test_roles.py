"""The roles of a service, as processes over real PostgreSQL and Kafka."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from kafka import KafkaAdminClient

from shared.ops import roles
from shared.web.tokens import Tokens
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres
from tests.parts.waiting import wait_until
from tests.shared.ops.collecting import collector
from tests.shared.ops.commanding import luotsi
from tests.shared.ops.processes import SECRET, Running, bank, running
from tests.shared.web.bank import bank as bank_service

Settings = dict[str, str]


@pytest.fixture
def settings(database: str, kafka: Kafka, topics: str) -> Settings:
    create_topic(kafka, f"{topics}bank.events")
    return {"dsn": database, "kafka": kafka.bootstrap, "topic_prefix": topics}


@pytest.fixture
def process(settings: Settings, tmp_path: Path) -> Iterator[Running]:
    with running(bank("run"), tmp_path / "run.log", clock="movable", **settings) as process:
        process.wait_ready()
        yield process


def headers(letters: str = "H") -> dict[str, str]:
    token = Tokens(secret=SECRET).issue(str(uuid4()), "org", letters)
    return {"Authorization": f"Bearer {token}"}


def account() -> dict[str, str]:
    return {"account_id": str(uuid4()), "person_id": str(uuid4()), "team_id": str(uuid4())}


def test_run_has_the_whole_road(process: Running) -> None:
    """A command, over the store and Kafka into a read model, waited for by its position."""
    opened = account()
    asked = httpx.post(f"{process.url}/v1/open-account", json=opened, headers=headers())
    assert asked.status_code == 200, asked.text
    seen = {**headers(), "Luotsi-After": asked.headers["Luotsi-Position"]}
    shown = httpx.get(f"{process.url}/v1/account-lines", headers=seen, timeout=10)
    assert [item["account_id"] for item in shown.json()["items"]] == [opened["account_id"]]


def test_what_a_worker_changes_is_told_by_another_process_until_that_stops(
    process: Running, settings: Settings, tmp_path: Path
) -> None:
    opened = account()
    with running(bank("api"), tmp_path / "api.log", **settings) as api:
        api.wait_ready()
        with httpx.stream("GET", f"{api.url}/v1/changes", headers=headers(), timeout=30) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("id: ")
            asked = httpx.post(f"{process.url}/v1/open-account", json=opened, headers=headers())
            assert asked.status_code == 200, asked.text
            changed = next(line for line in lines if line.startswith("data: "))
            assert opened["account_id"] in changed
            assert api.terminate() == 0
            assert list(lines)[-1:] in ([], [""])
        assert not [line for line in api.lines() if line["level"] in ("warning", "error", "critical")]


def test_an_operator_sees_where_it_stands_and_moves_its_clock(process: Running) -> None:
    httpx.post(f"{process.url}/v1/open-account", json=account(), headers=headers()).raise_for_status()
    leap = httpx.post(
        f"{process.url}/v1/ops/clock", json={"to": "2031-05-01T09:00:00+03:00"}, headers=headers("O"), timeout=60
    )
    assert leap.json()["now"].startswith("2031-05-01T06:00")
    standing = httpx.get(f"{process.url}/v1/ops/status", headers=headers("O")).json()
    assert standing["head"] == 1
    assert standing["relay"]["mark"] == 1
    assert {one["lag"]["facts"] for one in standing["listeners"]} == {0}


def test_told_to_stop_it_answers_what_was_asked_and_lets_everything_go(process: Running, settings: Settings) -> None:
    async def ask(client: httpx.AsyncClient) -> int | None:
        try:
            return (await client.post(f"{process.url}/v1/open-account", json=account(), headers=headers())).status_code
        except (httpx.ConnectError, httpx.ReadError):
            return None  # it no longer listens, or closed a connection unread: then nothing of it is stored

    async def ask_while_it_stops() -> tuple[list[int | None], int]:
        async with httpx.AsyncClient(timeout=30) as client:
            asks = [asyncio.create_task(ask(client)) for _ in range(200)]
            await asyncio.wait(asks, return_when=asyncio.FIRST_COMPLETED)
            code = await asyncio.to_thread(process.terminate)
            return [await one for one in asks], code

    answers, code = asyncio.run(ask_while_it_stops())
    assert code == 0, process.log.read_text()
    assert answers.count(200) > 0
    assert set(answers) <= {200, None}
    assert asyncio.run(_facts_and_locks(settings["dsn"])) == (answers.count(200), 0)
    assert process.lines()[-1]["event"] == "process.stopped"
    assert not [line for line in process.lines() if line["level"] in ("error", "critical")]


async def _facts_and_locks(dsn: str) -> tuple[int, int]:
    connection = await asyncpg.connect(dsn)
    try:
        facts = await connection.fetchval("select count(*) from facts")
        locks = await connection.fetchval(
            "select count(*) from pg_locks join pg_database d on d.oid = database"
            " where locktype = 'advisory' and d.datname = current_database()"
        )
        return facts, locks
    finally:
        await connection.close()


def test_one_trace_leads_from_the_request_to_the_read_model(settings: Settings, tmp_path: Path) -> None:
    trace = uuid4().hex
    with (
        collector() as (endpoint, names_of),
        running(bank("run"), tmp_path / "run.log", otlp_endpoint=endpoint, **settings) as process,
    ):
        process.wait_ready()
        sent = {**headers(), "traceparent": f"00-{trace}-b7ad6b7169203331-01"}
        asked = httpx.post(f"{process.url}/v1/open-account", json=account(), headers=sent)
        seen = {**headers(), "Luotsi-After": asked.headers["Luotsi-Position"]}
        httpx.get(f"{process.url}/v1/account-lines", headers=seen, timeout=10).raise_for_status()
        assert process.terminate() == 0
        names = {name.rpartition(".b")[0] or name for name in names_of(trace)}
    assert names == {"POST /v1/open-account", "ask OpenAccount", "listen account_lines.v1"}


def test_roles_apart_are_the_same_road(settings: Settings, tmp_path: Path) -> None:
    with (
        running(bank("api"), tmp_path / "api.log", **settings) as api,
        running(bank("relay"), tmp_path / "relay.log", **settings) as relay,
        running(bank("worker"), tmp_path / "worker.log", **settings) as worker,
    ):
        for process in (worker, relay, api):
            process.wait_ready()
        asked = httpx.post(f"{api.url}/v1/open-account", json=account(), headers=headers())
        seen = {**headers(), "Luotsi-After": asked.headers["Luotsi-Position"]}
        assert len(httpx.get(f"{api.url}/v1/account-lines", headers=seen, timeout=10).json()["items"]) == 1
        assert httpx.get(f"{worker.url}/v1/account-lines", headers=headers()).status_code == 404
        measured = worker.get("/metrics")
        assert measured is not None
        assert 'luotsi_listener_facts_total{listener="account_lines.v1.b' in measured.text
        assert [process.terminate() for process in (api, relay, worker)] == [0, 0, 0]


def test_servers_that_are_away_at_the_start_are_waited_for(
    own_postgres: Postgres, own_database: str, kafka: Kafka, topics: str, tmp_path: Path
) -> None:
    own_postgres.stop()
    settings = {"dsn": own_database, "kafka": kafka.bootstrap, "topic_prefix": topics}
    with running(bank("run"), tmp_path / "run.log", **settings) as process:
        wait_until(lambda: process.says("waiting"), "the process to wait")
        alive, ready = process.get("/livez"), process.get("/readyz")
        assert alive is not None
        assert alive.status_code == 200
        assert ready is not None
        assert ready.status_code == 503
        assert "database" in ready.json()["missing"]
        own_postgres.start()
        wait_until(lambda: any("luotsi migrate" in str(line.get("reason")) for line in process.lines()), "the hint")
        migrated = luotsi("migrate", "--service", "onboarding", dsn=own_database)
        assert migrated.returncode == 0, migrated.stderr
        create_topic(kafka, f"{topics}bank.events")
        process.wait_ready()
        assert process.terminate() == 0


def create_topic(kafka: Kafka, name: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.create_topics({name: {"num_partitions": 3, "replication_factor": 1}})
    admin.close()


@pytest.mark.parametrize(
    ("role", "settings", "words"),
    [
        ("", {}, "api|relay|worker|run"),
        ("sing", {}, "api|relay|worker|run"),
        ("run", {}, "LUOTSI_DSN"),
        ("worker", {"dsn": "postgresql://nowhere/x"}, "LUOTSI_KAFKA"),
        ("api", {"dsn": "postgresql://nowhere/x"}, "LUOTSI_TOKEN_SECRET"),
        ("relay", {"dsn": "postgresql://nowhere/x", "kafka": "h:1", "clock": "movable"}, "LUOTSI_CLOCK"),
    ],
)
def test_a_start_that_cannot_be_right_is_refused(
    role: str, settings: Settings, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("LUOTSI_")]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(f"LUOTSI_{name.upper()}", value)
    with pytest.raises(SystemExit) as ended:
        roles.main(bank_service, role.split())
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert (told.out, words in told.err) == ("", True)
