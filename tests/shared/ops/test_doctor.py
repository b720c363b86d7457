"""The doctor finds what is wrong, says what to do, and never fails itself."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
import yaml
from kafka import KafkaAdminClient
from sqlalchemy import make_url

import shared
from shared.ops.doctor import database as looking
from shared.ops.doctor import machine, work
from shared.ops.doctor import topics as topics_looked
from shared.ops.doctor.finding import Finding
from shared.ops.printing import NotReachable
from shared.ops.settings import Settings, load
from shared.run.standing import Heard, Lag, Parked, Relayed, Standing
from tests.parts.databases import statement
from tests.parts.kafka import Kafka
from tests.shared.ops.commanding import ROOT, answer, luotsi
from tests.shared.ops.conftest import SERVICE, Install


@pytest.fixture
def service_login(database: str) -> Iterator[str]:
    """The address for a login that may do what a service may, on a server of a test run: gone afterwards."""
    name = f"svc_{uuid4().hex[:10]}"
    statement(database, f"create role {name} login password 'pw' in role luotsi_service")
    url = urlsplit(database)
    yield urlunsplit(url._replace(netloc=f"{name}:pw@{url.netloc.rpartition('@')[2]}"))
    statement(database, f"drop owned by {name}; drop role {name}")


def whats(**settings: str) -> list[str]:
    return [one["what"] for one in answer("doctor", **settings) if one["about"] not in ("packages", "python")]


def test_a_service_that_is_well_has_nothing_found(service_login: str, install: Install) -> None:
    install(SERVICE)
    assert whats(dsn=service_login) == []
    assert luotsi("doctor", dsn=service_login).returncode == 0


def test_an_owner_is_no_service(database: str, install: Install) -> None:
    install(SERVICE)
    (found,) = [one for one in answer("doctor", dsn=database) if one["about"] == "bank"]
    assert (found["level"], "superuser" in found["what"], "LUOTSI_DSN" in found["do"]) == ("error", True, True)
    ran = luotsi("doctor", dsn=database)
    assert ran.returncode == 1
    assert "something is wrong" in ran.stderr


@pytest.mark.parametrize(
    ("breaking", "found"),
    [
        ("grant update on facts to {role}", "may update facts"),
        ("grant truncate, delete on receipts to {role}", "may delete receipts"),
        ("revoke insert on facts from luotsi_service", "may not insert into facts"),
        ("revoke create on schema readmodels from luotsi_service", "may not make read models"),
        ("alter table facts disable trigger append_only", "keeps facts append-only is off"),
        ("update kit_migrations set version_num = '0000'", "those of migration 0000"),
        ("drop table facts cascade", "the tables are not there"),
        ("revoke select on kit_migrations from luotsi_service", "could not be looked at: InsufficientPrivilege"),
    ],
)
def test_what_is_broken_in_the_database_is_named(
    database: str, service_login: str, install: Install, breaking: str, found: str
) -> None:
    install(SERVICE)
    statement(database, breaking.format(role=make_url(service_login).username))
    assert any(found in what for what in whats(dsn=service_login))


def test_a_clock_apart_is_a_warning(service_login: str, install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    install(SERVICE)
    monkeypatch.setattr(looking, "time", lambda: time.time() - 5)
    ran = luotsi("doctor", dsn=service_login)
    assert ran.returncode == 0
    assert "5.0 s ahead of this" in ran.stdout


class OldServer:
    async def fetchval(self, sql: str) -> Any:
        return "140011" if "server_version" in sql else False


async def test_an_old_server_is_named() -> None:
    found = [finding.what async for finding in looking.look(OldServer(), "bank")]
    assert found == ["the server is PostgreSQL 14", "the tables are not there"]


def test_what_waits_for_somebody_is_told_with_the_verb_for_it(parked: str) -> None:
    found = {one["what"]: one for one in answer("doctor", dsn=parked)}
    policies = found["policies has parked 6 facts of 2 streams"]
    assert (policies["level"], policies["do"].endswith("parked list policies --service bank")) == ("error", True)


WELL = Standing(
    service="bank",
    head=9,
    newest=None,
    relay=Relayed(1, 9, Lag(0, 0.0)),
    listeners=[Heard("a", "bank", [9], Lag(0, 0.0))],
    parked=[],
    builds=[],
    verified=[],
    deadlines=0,
    next_deadline=None,
    late=0.0,
    set_aside=0,
    refused=0,
)


@pytest.mark.parametrize(
    ("changed", "level", "what"),
    [
        ({}, "", ""),
        ({"parked": [Parked("a", 1, 3)]}, "error", "a has parked 3 facts of 1 streams"),
        ({"set_aside": 2}, "error", "deadlines set aside: 2"),
        ({"late": 90.0}, "error", "the oldest deadline is late by 90 s"),
        ({"refused": 4}, "warning", "commands of policies and deadlines refused: 4"),
        ({"listeners": []}, "warning", "no listener has ever heard a fact"),
        ({"listeners": [], "head": 0}, "", ""),
        ({"listeners": [Heard("a", "post", [1], Lag(8, 61.0))]}, "warning", "a is 8 facts of post behind, 61 s"),
        ({"listeners": [Heard("a", "post", [1], Lag(None, None))]}, "", ""),
        (
            {"listeners": [Heard("a", "post", [9], Lag(0, 0.0, 2))]},
            "error",
            "a has taken post up to 2 facts beyond its end",
        ),
        ({"relay": None}, "error", "no fact has ever been sent to the topic"),
        ({"relay": Relayed(1, 2, Lag(7, 90.0))}, "error", "7 facts wait for the relay, the oldest for 90 s"),
    ],
)
def test_work_that_does_not_go_on_is_found(changed: dict[str, Any], level: str, what: str) -> None:
    found = [(one.level, one.what) for one in work.look(replace(WELL, **changed), over_kafka=True)]
    assert found == ([(level, what)] if what else [])
    assert not list(work.look(replace(WELL, relay=None), over_kafka=False))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    monkeypatch.chdir(tmp_path)
    return lambda **given: load(**({"data_dir": tmp_path} | given))


@pytest.mark.parametrize(
    ("given", "level", "what"),
    [
        ({"token_secret": machine.TRYING_OUT}, "error", "of docker-compose.yml"),
        ({"token_secret": "abcabc" * 8}, "error", "can be guessed"),
        ({"jwks": "http://idp/keys", "token_issuer": "i", "token_audience": "a"}, "error", "without TLS"),
        ({"jwks": "https://idp/keys", "token_issuer": "i"}, "warning", "issuer or the audience"),
        ({"clock": "movable"}, "warning", "movable"),
    ],
)
def test_settings_that_are_not_for_production_are_found(
    settings: Callable[..., Settings], given: dict[str, str], level: str, what: str
) -> None:
    ((found),) = [*machine.tokens(settings(**given)), *machine.clock(settings(**given))]
    assert (found.level, what in found.what) == (level, True)


def test_the_secret_for_trying_out_is_the_one_of_the_compose_file() -> None:
    assert f":-{machine.TRYING_OUT}}}" in (ROOT / "docker-compose.yml").read_text()


def test_a_folder_that_others_can_read_and_a_disk_that_fills(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token.secret").write_text("hush")
    (tmp_path / "token.secret").chmod(0o640)
    (tmp_path / "postgres").mkdir(mode=0o755)
    assert [one.do.partition(" /")[0] for one in machine.folder(settings())] == ["chmod 600", "chmod 700"]
    for path in ("token.secret", "postgres"):
        (tmp_path / path).chmod(0o700)

    class Usage(NamedTuple):
        free: int

    for free, level in ((2**40, []), (2**28, ["warning"]), (2**20, ["error"])):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(free))
        assert [one.level for one in machine.folder(settings())] == level


def test_packages_are_held_against_the_lock(
    settings: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [one.what for one in machine.packages(settings())] == []
    monkeypatch.setattr(shared, "__path__", [str(tmp_path / "shared")])
    assert "there is no" in next(machine.packages(settings())).what
    (tmp_path / "requirements.lock").write_text("typer==0.0.1 ; python_version < '4' \\\n    --hash=sha256:0\n")
    (found,) = machine.packages(settings())
    assert found.what.startswith("typer is ")


def test_a_python_it_was_not_tried_with(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(machine.python(settings())) == []
    monkeypatch.setattr("sys.version_info", (3, 99, 0))
    assert [one.what for one in machine.python(settings())] == ["this is Python 3.99"]


def test_topics_that_are_missing_or_forget(service_login: str, install: Install, kafka: Kafka, topics: str) -> None:
    install(SERVICE)
    where = {"dsn": service_login, "kafka": kafka.bootstrap, "topic_prefix": topics}
    missing = [what for what in whats(**where) if what.startswith("is missing")]
    assert len(missing) == len(SERVICE.sources)
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    plan = yaml.safe_load((ROOT / "deploy" / "topics.yml").read_text())["config"]
    good = {rule: str(value).lower() if isinstance(value, bool) else str(value) for rule, value in plan.items()}
    bad = good | {"retention.ms": "1000", "cleanup.policy": "compact"}
    for source, config in zip(SERVICE.sources, (good, bad), strict=True):
        made = {"num_partitions": 1, "replication_factor": 1, "configs": config}
        admin.create_topics({f"{topics}{source}.events": made}, wait_for_metadata=True)
    admin.close()
    errors = [one["what"] for one in answer("doctor", **where) if one["level"] == "error"]
    assert sorted(what.partition(":")[0] for what in errors) == ["cleanup.policy is compact", "retention.ms is 1000"]


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"data_dir": "nowhere"}, 3, "could be reached"),
        ({"dsn": "postgresql://127.0.0.1:1/x"}, 3, "could be reached"),
        ({"pool": "none"}, 1, "settings are wrong"),
    ],
)
def test_where_nothing_is_there_it_says_so(settings: dict[str, str], code: int, words: str) -> None:
    ran = luotsi("doctor", **settings)
    assert ran.returncode == code
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert answer("doctor", **settings)


def test_one_part_that_is_away_does_not_keep_the_rest_from_being_looked_at(
    service_login: str, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(SERVICE)

    def away(_: Settings) -> Iterator[Finding]:
        raise NotReachable("the broker does not answer")

    monkeypatch.setattr(topics_looked, "look", away)
    found = answer("doctor", dsn=service_login, kafka="127.0.0.1:1")
    assert [one["about"] for one in found if one["level"] == "error"] == ["topics"]
    assert luotsi("doctor", dsn=service_login, kafka="127.0.0.1:1").returncode == 1
