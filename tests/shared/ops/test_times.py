"""Times on the command line: typed without an offset they mean the same for every verb, printed they have theirs."""

import json
import re
from datetime import datetime

import pytest

from tests.parts.kafka import Kafka
from tests.shared.listen.bank import Deposited
from tests.shared.listen.facts import Log
from tests.shared.ops.commanding import luotsi
from tests.shared.ops.conftest import ADA, SERVICE, Install, take
from tests.shared.ops.test_verbs import VERBS

FAR = {"time_zone": "Pacific/Kiritimati"}  # fourteen hours ahead: noon there is another day here


def test_every_option_that_takes_a_time_says_what_it_means_without_an_offset() -> None:
    options = {(path, one.opts[0]): one for path, verb in VERBS.items() for one in verb.params if one.metavar == "TIME"}
    assert set(options) == {
        *((f"parked {verb}", "--before") for verb in ("list", "show", "retry", "discard")),
        ("state", "--at"),
        ("rebuild", "--at"),
        ("groups reset", "--to-time"),
        ("replay", "--since"),
        ("replay", "--until"),
    }
    assert [where for where, one in options.items() if "LUOTSI_TIME_ZONE" not in one.help] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2027-03-01T12:00", "2027-03-01T12:00:00+14:00"),
        ("2027-03-01T12:00Z", "2027-03-01T12:00:00+00:00"),
        ("2027-03-01", "2027-03-02T00:00:00+14:00"),
    ],
)
def test_a_build_to_look_at_is_of_a_time_where_the_platform_is(
    database: str, kafka: Kafka, topics: str, install: Install, typed: str, meant: str
) -> None:
    install(SERVICE)
    settings = {"dsn": database, "kafka": kafka.bootstrap, "topic_prefix": topics, **FAR}
    luotsi("topics", "create", partitions="1", **settings)
    ran = luotsi("rebuild", "accounts", "--service", "bank", "--at", typed, "--json", **settings)
    assert ran.returncode == 0, ran.stderr
    aim = json.loads(ran.stdout.splitlines()[-1])["aim"]
    assert datetime.fromisoformat(aim["at"]) == datetime.fromisoformat(meant)


def test_what_is_no_time_is_wrong_use_everywhere() -> None:
    for words in (
        "rebuild teams --service onboarding --at noon",
        "rebuild teams --service onboarding --at 9999-12-31",
        "groups reset x --service onboarding --to-time noon",
        "replay --service onboarding --to elsewhere --since noon",
        "replay --service onboarding --to elsewhere --until noon",
    ):
        ran = luotsi(*words.split(), dsn="postgresql://127.0.0.1:1/{service}", kafka="127.0.0.1:1")
        assert (ran.returncode, ran.stdout) == (2, "")
        option, text = words.split()[-2:]
        assert f"luotsi: {option}: {text} is no time: write 2027-03-01T09:30" in ran.stderr


def test_tables_tell_times_to_the_second_with_their_offset(database: str, install: Install) -> None:
    install(SERVICE)
    log = Log()
    log.add(Deposited(account_id=ADA, cents=100, note="poison"))
    take(SERVICE, database, log.batch())
    assert re.search(r" \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 ", luotsi("parked", "list", dsn=database).stdout)
