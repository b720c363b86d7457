"""The handbook's chapters, followed word for word on a platform that is broken as each of them says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import httpx
import pytest
from kafka import KafkaAdminClient, KafkaConsumer

from services.onboarding.service import service
from shared.listen.builds import Build
from shared.ops import found
from shared.web.tokens import Tokens
from tests.deploy.handbook import CHAPTERS, INSTALLING
from tests.e2e.nursery import Nursery
from tests.e2e.operator import Operator
from tests.e2e.stage import Stage
from tests.parts.databases import fresh, statement
from tests.parts.kafka import Kafka
from tests.parts.postgres import Postgres
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import answer, luotsi

pytestmark = pytest.mark.xdist_group("handbook")

in_the_checkout = found.names
SECRET = "a secret of the handbook's test, long enough"
TENANT = "org"
POISON = """insert into facts
    select (select max(position) from facts) + nth, '{tenant}', 'onboarding.team-{team}', nth, 'onboarding.team-formed',
        gen_random_uuid(), now(), 0, now(), 'somebody', gen_random_uuid(), gen_random_uuid(), null, null, data
    from (values (1, '{{"team_id": "broken"}}'::json), (2, '{{"team_id": "{team}", "name": "One", "site": "tampere",
        "time_zone": "Europe/Helsinki"}}')) as written(nth, data)"""
SET_ASIDE = """insert into deadlines (tenant, deadline, key, fact_id, earliest, due_at, at_offset, command, body,
        correlation_id, error)
    values ('{tenant}', 'stage-overdue', '["{person}"]', gen_random_uuid(), now(), now(), 0, 'MarkStalled',
        '{{"person_id": "{person}", "stage": "basics", "due_on": "2026-01-01"}}', gen_random_uuid(), 'a bug')"""


@dataclass
class Office:
    """People at work, and an operator."""

    stage: Stage
    shell: Path

    def form_team(self) -> str:
        """Its stream."""
        team = {"team_id": str(uuid4()), "name": "One", "site": "tampere", "time_zone": "Europe/Helsinki"}
        token = Tokens(secret=SECRET).issue(str(uuid4()), TENANT, "H")
        headers = {"Authorization": f"Bearer {token}"}
        asked = httpx.post(f"{self.stage.url('api')}/v1/form-team", json=team, headers=headers, timeout=20)
        assert asked.status_code == 200, asked.text
        return str(asked.json()["stream"])

    def operator(self, **words: str) -> Operator:
        return Operator(self.stage, self.shell, words)

    def execute(self, sql: str, **values: str) -> None:
        statement(self.stage.settings["dsn"], sql.format(tenant=TENANT, **values))

    def listed(self, *verb: str) -> Any:
        return answer(*verb, **self.stage.settings)

    def standing(self) -> Any:
        (standing,) = self.listed("status", "--service", "onboarding")
        return standing

    def read(self, group: str) -> list[Any]:
        """What somebody else's consumer has not read yet, up to the end."""
        consumer = KafkaConsumer(
            self.topic,
            bootstrap_servers=self.stage.settings["kafka"],
            group_id=group,
            auto_offset_reset="earliest",
            consumer_timeout_ms=1000,
        )
        read = sorted((record.partition, record.offset) for record in consumer)
        consumer.close()
        return read

    @property
    def topic(self) -> str:
        return f"{self.stage.settings['topic_prefix']}onboarding.events"

    def delete_topic(self) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.stage.settings["kafka"])
        admin.delete_topics([self.topic])
        admin.close()

    def is_in_order(self) -> bool:
        return luotsi("status", "--strict", **self.stage.settings).returncode == 0


@pytest.fixture(scope="module")
def image() -> Iterator[None]:
    """The operator's `luotsi` is that of an image: it holds one service."""
    with patch.object(found, "names", lambda: ["onboarding"]):
        yield


@pytest.fixture(scope="module")
def office(
    postgres: Postgres, template: str, kafka: Kafka, image: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    room = tmp_path_factory.mktemp("handbook")
    nursery = Nursery("onboarding")
    try:
        with fresh(postgres.dsn, template) as dsn:
            settings = {
                "dsn": dsn,
                "kafka": kafka.bootstrap,
                "topic_prefix": f"h{uuid4().hex[:10]}.",
                "token_secret": SECRET,
            }
            assert luotsi("topics", "create", partitions="3", **settings).returncode == 0
            stage = Stage(nursery, settings, room)
            stage.recover()
            office = Office(stage, room)
            office.form_team()
            yield office
            stage.stop_all()
    finally:
        nursery.close()


@pytest.fixture(autouse=True)
def well(office: Office) -> Iterator[None]:
    """A chapter begins and ends with a platform on which nothing is behind, parked or away."""
    office.stage.recover()
    wait_until(office.is_in_order, "the platform to be in order")
    yield
    office.stage.wait_ready()
    office.form_team()
    wait_until(office.is_in_order, "the platform to be in order")


def test_every_chapter_with_commands_is_followed_here_or_where_it_is_installed() -> None:
    followed = {name.removeprefix("test_").replace("_", "-") for name in globals() if name.startswith("test_")}
    assert {chapter for chapter, steps in CHAPTERS.items() if steps} - followed == set(INSTALLING)


def test_asking(office: Office) -> None:
    office.operator().follow("asking")


def test_the_lag_grows(office: Office) -> None:
    office.stage.stop("worker")
    office.form_team()
    wait_until(lambda: office.standing()["relay"]["lag"]["facts"] == 0, "the relay to send it")
    office.operator().follow("the-lag-grows")


def test_a_topic_is_lost(office: Office) -> None:
    office.delete_topic()
    wait_until(lambda: not office.stage.is_ready("worker"), "the worker to miss it")
    office.form_team()
    office.operator().follow("a-topic-is-lost")


def test_the_database_is_yesterdays(office: Office, postgres: Postgres) -> None:
    """A copy of it takes its place, after facts that were heard already."""
    database = office.stage.settings["dsn"].rpartition("/")[2]
    office.stage.stop_all()
    statement(postgres.dsn, f"create database {database}_copy template {database}")
    office.stage.recover()
    office.form_team()
    wait_until(office.is_in_order, "the facts to be heard")
    had = office.standing()["head"]
    office.stage.stop_all()
    statement(postgres.dsn, f"drop database {database}")
    statement(postgres.dsn, f"alter database {database}_copy rename to {database}")
    office.stage.start("relay")
    wait_until(lambda: "relay.stopped" in office.stage.log("relay").read_text(), "the relay to refuse")
    office.operator().follow("the-database-is-yesterdays")
    assert office.standing()["head"] == had


def test_a_bad_fold_was_deployed(office: Office) -> None:
    office.stage.restart("worker", "wrong fold")
    office.form_team()
    wait_until(office.is_in_order, "a team to be folded wrongly")
    office.stage.restart("worker", "broken fold")
    streams = {office.form_team() for _ in range(3)}
    wait_until(lambda: {one["stream"] for one in office.listed("parked", "list")} == streams, "all to be parked")
    (listener,) = {one["listener"] for one in office.listed("parked", "list")}
    office.operator(LISTENER=listener, BUILD=listener.rpartition(".b")[2]).follow("a-bad-fold-was-deployed")


def test_the_data_of_one_tenant_is_wrong(office: Office) -> None:
    stream = office.form_team()
    wait_until(office.is_in_order, "the team to be folded")
    (teams,) = (model for model in service.read_models if model.name == "teams")
    (listener,) = {one["listener"] for one in office.standing()["listeners"] if one["listener"].startswith("teams.")}
    office.execute(f"update {Build(teams, int(listener.rpartition('.b')[2])).tables[0].qualified_name} set name = null")
    office.operator(STREAM=stream, TENANT=TENANT).follow("the-data-of-one-tenant-is-wrong")


def test_the_disk_is_full(office: Office) -> None:
    office.operator(CLAIM="data-postgres-0").follow("the-disk-is-full")


def test_kafka_has_moved(office: Office) -> None:
    """Under another prefix there is nothing yet, as on another cluster."""
    office.stage.overlay["topic_prefix"] = f"h{uuid4().hex[:10]}."
    office.operator().follow("kafka-has-moved")


def test_a_consumer_lost_its_data(office: Office, tmp_path: Path) -> None:
    group = f"analysts-{uuid4()}"
    had = office.read(group)
    assert had
    assert office.read(group) == []
    office.operator(GROUP=group, FOLDER=str(tmp_path / "facts")).follow("a-consumer-lost-its-data")
    assert office.read(group) == had
    assert list((tmp_path / "facts").rglob("*.parquet"))


def test_the_shape_of_a_fact_changes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contracts are written in a checkout, where all services are."""
    monkeypatch.setattr(found, "names", in_the_checkout)
    office.operator().follow("the-shape-of-a-fact-changes")


def test_a_process_is_not_ready(office: Office) -> None:
    office.stage.restart("worker", kafka="127.0.0.1:1")
    wait_until(lambda: "feed.begins_again" in office.stage.log("worker").read_text(), "the worker to complain")
    office.operator().follow("a-process-is-not-ready")


def test_commands_are_slow_or_fail(office: Office) -> None:
    office.operator().follow("commands-are-slow-or-fail")


def test_policies_or_deadlines_are_refused(office: Office) -> None:
    office.execute(SET_ASIDE, person=str(uuid4()))
    office.operator().follow("policies-or-deadlines-are-refused")
    wait_until(lambda: office.listed("deadlines", "list") == [], "the deadline to be asked")


def test_a_key_is_parked(office: Office) -> None:
    """The last, for a build that is made later tries what was given up here again."""
    office.execute(POISON, team=str(uuid4()))
    wait_until(lambda: office.listed("parked", "list") != [], "the fact to be parked")
    (one,) = office.listed("parked", "list")
    office.operator(LISTENER=one["listener"], STREAM=one["stream"]).follow("a-key-is-parked")
