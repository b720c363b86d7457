"""What ops puts in order: parked streams, unreadable records, deadlines set aside; and what it looks at: refusals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from shared.core.decider import Asked
from shared.feed.batch import Batch, Broken
from shared.store.answers import Request
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from tests.parts.databases import at_once
from tests.shared.listen.bank import NOON, Look, accounts, bank
from tests.shared.ops.commanding import answer, luotsi
from tests.shared.ops.conftest import ADA, BEN, SERVICE, Install, take


def ask(dsn: str, *asks: tuple[Look, Request]) -> None:
    async def asked() -> None:
        database = Database(dsn)
        desk = Desk(SERVICE, database, Wakeup(database))
        for command, request in asks:
            await desk.ask(command, request)
        await desk.close()
        await database.close()

    at_once(asked())


def listed(dsn: str, *words: str) -> set[tuple[str, str, int]]:
    rows = answer("parked", "list", *words, dsn=dsn)
    return {(row["listener"].partition(".")[0], row["stream"][-1], row["behind"]) for row in rows}


FOLDED = {("accounts", "1", 2), ("accounts", "3", 2), ("accounts", "2", 1)}
ASKED = {("policies", "1", 2), ("policies", "3", 2)}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ((), FOLDED | ASKED),
        (("policies",), ASKED),
        (("accounts.v1.b1", f"bank.account-{ADA}"), {("accounts", "1", 2)}),
        (("--tenant", "else"), {("accounts", "3", 2), ("policies", "3", 2)}),
        (("--source", "bank", "--error", "No Policy"), ASKED),
        (("--source", "post"), set()),
        (("--before", "2020-03-01T00:00Z", "--error", "no policy"), set()),
        (("--before", "9999-01-01"), FOLDED | ASKED),
    ],
)
def test_blocked_streams_are_found_by_what_is_known_of_them(
    parked: str, filters: Sequence[str], found: set[Any]
) -> None:
    assert listed(parked, *filters) == found


def test_all_that_match_are_handled_again_and_one_that_fails_does_not_stop_the_next(
    parked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.shared.listen.bank.POISON", "another word")
    ran = luotsi("parked", "retry", "accounts.v1.b1", dsn=parked)
    assert ran.returncode == 1
    assert "streams: 3, facts handled: 6, left: 2" in ran.stdout
    assert f"bank.account-{BEN} in accounts.v1.b1: " in ran.stderr
    assert listed(parked) == {("accounts", "2", 1)} | ASKED
    assert answer("parked", "retry", "--tenant", "else", dsn=parked) == {
        "streams": 1,
        "handled": 3,
        "left": 0,
        "failed": [],
    }
    (failed,) = answer("parked", "retry", "accounts.v1.b1", dsn=parked)["failed"]
    assert (failed["stream"], failed["left"]) == (f"bank.account-{BEN}", 2)
    (row,) = answer("parked", "list", "accounts.v1.b1", dsn=parked)
    assert row["attempts"] == 2


def test_one_fact_can_be_tried_by_itself(parked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.shared.listen.bank.POISON", "another word")
    (first, *_) = answer("parked", "show", "policies", "--tenant", "org", dsn=parked)
    once = answer("parked", "retry", "policies", "--position", str(first["position"]), dsn=parked)
    assert (once["handled"], once["left"], once["failed"]) == (1, 2, [])
    assert listed(parked, "policies", "--tenant", "org") == {("policies", "1", 1)}


def test_giving_up_more_than_one_is_asked_back(parked: str) -> None:
    words = ("parked", "discard", "--error", "no policy", "--why", "of the old system")
    refused = luotsi(*words, dsn=parked)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "2 streams match" in refused.stderr
    gone = answer(*words, "--yes", "--who", "eve", dsn=parked)
    assert [one["envelope"]["tenant"] for one in gone] == ["else", "org"]
    assert listed(parked, "policies") == {("policies", "1", 1), ("policies", "3", 1)}
    assert answer("parked", "retry", "policies", dsn=parked)["handled"] == 4


def test_a_record_that_cannot_be_read_stands_alone_and_can_only_be_given_up(database: str, install: Install) -> None:
    install(SERVICE)
    broken = [Broken(offset, b"\xff", '[["ce_type", null]]', f"not {offset}") for offset in (17, 18)]
    take(SERVICE, database, Batch("bank", 0, 1, [], 0, 0, broken))
    rows = answer("parked", "list", "unreadable", dsn=database)
    assert [(row["stream"], row["position"], row["behind"], row["error"]) for row in rows] == [
        ("", 17, 0, "not 17"),
        ("", 18, 0, "not 18"),
    ]
    assert "can only be discarded" in luotsi("parked", "retry", "unreadable", dsn=database).stderr
    assert "unreadable" in luotsi("parked", "show", "unreadable", dsn=database).stdout
    assert len(answer("parked", "discard", "--error", "not 17", "--why", "noise", dsn=database)) == 1
    assert [row["position"] for row in answer("parked", "list", dsn=database)] == [18]


def test_what_is_discarded_has_its_reason_in_words(database: str) -> None:
    ran = luotsi("parked", "discard", "teams.v1.b1", "--why", " ", dsn=database)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("luotsi: --why: ")


@pytest.mark.parametrize("verb", [("show",), ("retry",), ("discard", "--why", "x")])
def test_what_matches_nothing_is_said(parked: str, verb: Sequence[str]) -> None:
    ran = luotsi("parked", *verb, "policies", "--error", "of nobody", dsn=parked)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "nothing that is parked matches" in ran.stderr


@pytest.mark.parametrize("verb", [("list",), ("show",), ("retry",), ("discard", "--why", "x")])
def test_a_misspelt_listener_is_told_from_one_that_has_nothing_parked(parked: str, verb: Sequence[str]) -> None:
    ran = luotsi("parked", *verb, "policy", dsn=parked)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("luotsi: there is no listener policy here; there is: accounts.v1.b1, deadlines, ")
    assert luotsi("parked", "list", "unreadable", dsn=parked).returncode == 0


def test_a_listener_of_another_release_is_named(parked: str, install: Install) -> None:
    install(bank(read_models=[accounts]))
    ran = luotsi("parked", "retry", "policies", dsn=parked)
    assert ran.returncode == 1
    assert "no listener policies in this release" in ran.stderr


def test_deadlines_set_aside_are_listed_counted_and_freed(set_aside: str) -> None:
    rows = answer("deadlines", "list", dsn=set_aside)
    assert {(row["tenant"], row["due"], row["command"]) for row in rows} == {
        ("org", "2027-03-01 18:00:00 local", "Look"),
        ("else", "2027-03-01T10:00:00+00:00", "Look"),
    }
    assert answer("status", dsn=set_aside)[0]["set_aside"] == 2
    assert luotsi("status", "--strict", dsn=set_aside).returncode == 1
    assert answer("deadlines", "retry", "reminder", "--error", "valueerror: org", dsn=set_aside) == {"freed": 1}
    (left,) = answer("deadlines", "list", dsn=set_aside)
    assert answer("deadlines", "retry", left["deadline"], left["key"], "--tenant", "else", dsn=set_aside) == {
        "freed": 1
    }
    assert answer("status", dsn=set_aside)[0]["set_aside"] == 0
    assert luotsi("deadlines", "retry", "reminder", dsn=set_aside).returncode == 1


@pytest.mark.parametrize("verb", ["list", "retry"])
def test_a_misspelt_deadline_is_told_from_one_of_which_none_is_set_aside(set_aside: str, verb: str) -> None:
    ran = luotsi("deadlines", verb, "reminders", dsn=set_aside)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "luotsi: there is no deadline reminders here; there is: reminder\n"


def test_refusals_are_paged_the_newest_first(database: str, install: Install) -> None:
    install(SERVICE)

    def refused(n: int, tenant: str, hour: int) -> tuple[Look, Request]:
        asked = Asked(NOON.replace(hour=hour), "policy:look-at-deposit", "policy")
        return Look(account_id=ADA, why="refused"), Request(tenant, asked, command_id=UUID(int=n))

    ask(database, refused(1, "org", 8), refused(2, "org", 9), refused(3, "else", 9), refused(4, "org", 10))
    seen: list[int] = []
    after: tuple[str, ...] = ()
    while True:
        page = answer("refused", "list", "--limit", "3", *after, dsn=database)
        seen += [UUID(one["command_id"]).int for one in page["items"]]
        if page["next"] is None:
            break
        after = ("--after", page["next"])
    assert seen == [4, 2, 3, 1]
    (newest, *_) = page["items"]
    assert (newest["asked_by"], newest["command"], newest["code"], newest["reason"]) == (
        "policy:look-at-deposit",
        "Look",
        "not-today",
        "nobody looks today",
    )
    assert datetime.fromisoformat(newest["at"]) == NOON.replace(hour=8)
    shown = luotsi("refused", "list", "--limit", "1", dsn=database).stdout
    assert "refused list --after" in shown
    assert [one["tenant"] for one in answer("refused", "list", "--tenant", "else", dsn=database)["items"]] == ["else"]
    assert answer("refused", "list", "--code", "else", dsn=database) == {"items": [], "next": None}
    assert luotsi("refused", "list", "--after", "???", dsn=database).returncode == 2
