"""Which server is away, and where it was looked for: in the same words whichever verb was said."""

import json
import subprocess

import pytest
from sqlalchemy import make_url

from shared.listen.marks import Marks
from shared.ops.found import service as named
from shared.ops.histories import reading
from shared.ops.printing import NotReachable
from shared.ops.settings import Settings, load
from tests.parts.databases import statement
from tests.parts.kafka import Kafka
from tests.shared.ops.commanding import PROGRAM, environment, luotsi
from tests.shared.ops.test_verbs import BOTH_ENDS, BROKER, DATABASE

NOWHERE = "127.0.0.1:1"
SECRET = "luotsi_of_the_night"
DSN = f"postgresql://onboarding:{SECRET}@{NOWHERE}/{{service}}"
SILENT = f"luotsi: the broker at {NOWHERE} does not answer\n"


@pytest.mark.parametrize("path", BOTH_ENDS)
def test_a_database_that_is_away_is_not_blamed_on_a_broker_that_answers(path: str, kafka: Kafka) -> None:
    ran = luotsi(*path.split(), *BOTH_ENDS[path].split(), dsn=DSN, kafka=kafka.bootstrap)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith(f"luotsi: the database of onboarding at {NOWHERE}/onboarding: ")
    assert SECRET not in ran.stderr


@pytest.mark.parametrize("path", sorted(DATABASE))
def test_a_database_is_named_with_its_address_and_without_its_password(path: str) -> None:
    ran = luotsi(*path.split(), *DATABASE[path].split(), "--service", "onboarding", dsn=DSN, kafka=NOWHERE)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith(f"luotsi: the database of onboarding at {NOWHERE}/onboarding: ")
    assert SECRET not in ran.stderr


@pytest.mark.parametrize("path", sorted(DATABASE.keys() - {"migrate"}))
def test_a_database_without_tables_is_told_of_with_how_they_come(path: str, empty_database: str) -> None:
    words = (*path.split(), *DATABASE[path].split(), "--service", "onboarding")
    ran = luotsi(*words, dsn=empty_database, kafka=NOWHERE)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "the tables are not there: `luotsi migrate` makes them" in ran.stderr


def test_who_may_make_no_tables_is_told_of_the_setting(empty_database: str) -> None:
    statement(empty_database, "drop role if exists reads_only; create role reads_only login password 'x'")
    of_another = make_url(empty_database).set(username="reads_only", password="x")
    ran = luotsi("migrate", "--service", "onboarding", dsn=of_another.render_as_string(hide_password=False))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("luotsi: LUOTSI_MIGRATE_DSN: reads_only may make no tables (permission denied")


def test_a_server_that_refuses_says_why_in_its_own_words(database: str) -> None:
    ran = luotsi("status", "--service", "onboarding", dsn=f"{database}_mistyped")
    assert ran.returncode == 3
    assert ran.stderr.endswith(f': database "{database.rpartition("/")[2]}_mistyped" does not exist\n')
    assert ran.stderr.count("\n") == 1


def test_status_tells_who_has_taken_more_than_there_is(database: str) -> None:
    marks = "insert into marks (listener, source, era, partitions, partition, position) values "
    statement(database, marks + "('policies', 'onboarding', 0, 1, 0, 7)")
    asked = ("status", "--service", "onboarding")
    (told,) = json.loads(luotsi(*asked, "--json", dsn=database).stdout)
    assert [one["lag"] for one in told["listeners"]] == [{"facts": 0, "seconds": 0.0, "ahead": 7}]
    ran = luotsi(*asked, "--strict", dsn=database)
    assert ran.returncode == 1
    assert "policies: 7 facts beyond the end of onboarding" in ran.stdout


@pytest.mark.parametrize(("here", "away"), [("onboarding", "coaching"), ("coaching", "onboarding")])
def test_status_tells_what_it_can_reach_and_names_the_rest(
    database: str, monkeypatch: pytest.MonkeyPatch, here: str, away: str
) -> None:
    """A listener has marks of both services; how far it is behind the other one cannot be told."""
    marks = "insert into marks (listener, source, era, partitions, partition, position) values "
    statement(database, marks + "('policies', 'onboarding', 0, 1, 0, 0), ('policies', 'coaching', 0, 1, 0, 0)")
    monkeypatch.setattr(Settings, "dsn_of", lambda _, name: database if name == here else DSN)
    ran = luotsi("status", "--json", dsn=DSN)
    assert ran.returncode == 3
    assert ran.stderr.startswith(f"luotsi: the database of {away} at ")
    (told,) = json.loads(ran.stdout)
    assert {one["source"]: one["lag"]["facts"] for one in told["listeners"]} == {here: 0, away: None}
    assert f"{here}: 0 facts" in luotsi("status", dsn=DSN).stdout


def test_the_doctor_finds_each_database_at_its_own_address() -> None:
    shown = " ".join(luotsi("doctor", "--json", dsn=DSN).stdout.split())
    for service in ("coaching", "onboarding"):
        assert f'"about": "{service}", "what": "the database of {service} at {NOWHERE}/{service}: ' in shown


@pytest.mark.parametrize("path", ["groups list", *BOTH_ENDS])
def test_a_broker_that_is_away_is_named_with_its_address_alone(path: str) -> None:
    """Beside pytest the client's own lines would go to stderr."""
    words = [*path.split(), *{**BROKER, **BOTH_ENDS}[path].split()]
    ran = subprocess.run(
        [PROGRAM, *words], env=environment(dsn=DSN, kafka=NOWHERE), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "", SILENT)


async def test_history_on_a_topic_that_is_away_is_not_blamed_on_the_database(database: str) -> None:
    """Which `verify` and `rebuild` read."""
    with pytest.raises(NotReachable, match=f"^the broker at {NOWHERE} does not answer$"):
        async with reading(load(dsn=database, kafka=NOWHERE), named("coaching")) as (_, histories):
            await histories["onboarding"].left([Marks("onboarding")])
