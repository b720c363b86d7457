"""`luotsi state`: a stream as it stood at any time, and what each fact changed, readable for who supports it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel

from shared.core.decider import Asked, Command
from shared.ops.printing import table
from shared.ops.situations import Change, changes, in_words, leaves, situation_of
from shared.store.answers import Request
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from tests.parts.databases import at_once, statement
from tests.shared.listen.bank import NOON
from tests.shared.ops.commanding import answer, luotsi
from tests.shared.ops.conftest import Install
from tests.shared.web.bank import bank
from tests.shared.web.bank_deciders import BlowWhistle, Label, OpenAccount, PayIn

ADA, TEAM = UUID(int=1), UUID(int=2)


def ask(dsn: str, *commands: Command, tenant: str = "org") -> None:
    """One a minute from noon on."""

    async def asked() -> None:
        database = Database(dsn)
        desk = Desk(bank, database, Wakeup(database))
        for minute, command in enumerate(commands):
            await desk.ask(command, Request(tenant, Asked(NOON.replace(minute=minute), "eve")))
        await desk.close()
        await database.close()

    at_once(asked())


@pytest.fixture
def stream(database: str, install: Install) -> str:
    """An account that is opened at noon, paid into a minute later, and told of a minute after that."""
    install(bank)
    account = uuid4()
    opening = OpenAccount(account_id=account, person_id=ADA, team_id=TEAM, labels=(Label(code="calm"),))
    paying = PayIn(account_id=account, person_id=ADA, amount=5)
    ask(database, opening, paying, BlowWhistle(account_id=account))
    return f"account-{account}"


def test_what_each_fact_changed_and_how_it_stands(stream: str, database: str) -> None:
    told = answer("state", "--service", "bank", stream, dsn=database)
    assert (told["stream"], told["tenant"], told["version"], told["newest"]) == (f"bank.{stream}", "org", 3, 3)
    assert [fact["name"] for fact in told["facts"]] == [
        "bank.account-opened",
        "bank.money-paid-in",
        "bank.whistle-blown",
    ]
    opened, paid, blown = (fact["changed"] for fact in told["facts"])
    assert {"field": "opened.labels", "before": [], "after": [{"code": "calm", "words": None}]} in opened
    assert (paid, blown) == ([], [{"field": "blown", "before": False, "after": True}])
    assert told["situation"]["situation"] == "Account"
    assert told["situation"]["opened"]["person_id"] == str(ADA)


@pytest.mark.parametrize(
    ("when", "version", "blown"),
    [
        (("--at", "2027-03-01T11:59+02:00"), 0, False),
        (("--at", "2027-03-01T12:01:59"), 2, False),
        (("--at", "2027-03-01T10:02Z"), 3, True),
        (("--at", "2027-03-01"), 3, True),
        (("--at", "2027-02-28"), 0, False),
        (("--version", "1"), 1, False),
    ],
)
def test_any_time_can_be_asked_for(
    stream: str, database: str, when: tuple[str, str], version: int, blown: bool
) -> None:
    told = answer("state", "--service", "bank", f"bank.{stream}", *when, dsn=database)
    assert (told["version"], len(told["facts"]), told["situation"]["blown"]) == (version, version, blown)


def test_people_read_it_as_a_table(stream: str, database: str) -> None:
    shown = luotsi("state", "--service", "bank", stream, "--version", "3", dsn=database).stdout
    assert "blown: no → yes" in shown
    assert " 2027-03-01T12:01:00+02:00 " in shown
    assert "opened.labels: + code calm" in shown
    assert "after 3 of 3 facts" in shown


def test_a_whole_name_says_the_service(stream: str, database: str) -> None:
    named = answer("state", f"bank.{stream}", dsn=database)
    assert named == answer("state", stream, "--service", "bank", dsn=database)
    shown = answer("facts", "show", stream, "--service", "bank", "--tenant", "org", dsn=database)
    assert shown == answer("facts", "show", f"bank.{stream}", "--tenant", "org", dsn=database)
    assert [fact["version"] for fact in shown] == [1, 2, 3]


@pytest.mark.parametrize("verb", [("state",), ("facts", "show")])
@pytest.mark.parametrize("name", ["nope", "bank", "post.card-1"])
def test_what_is_no_name_of_a_stream_is_told_how_they_are_called(
    install: Install, verb: tuple[str, ...], name: str
) -> None:
    install(bank)
    ran = luotsi(*verb, name)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"luotsi: {name}: streams are called <service>.<kind>-<id>, of the services here: bank\n"


def test_a_title_is_never_broken(capsys: pytest.CaptureFixture[str]) -> None:
    title = f"bank.account-{ADA} of org"
    table(("a", "b"), [(1, 2)], title)
    assert capsys.readouterr().out.splitlines()[0] == title


def test_the_organisation_is_asked_for_only_where_several_have_it(stream: str, database: str) -> None:
    opening = OpenAccount(account_id=UUID(stream.removeprefix("account-")), person_id=ADA, team_id=TEAM)
    ask(database, opening, tenant="other")
    unsaid = luotsi("state", "--service", "bank", stream, dsn=database)
    assert (unsaid.returncode, unsaid.stdout) == (2, "")
    assert "org or other" in unsaid.stderr
    assert answer("state", "--service", "bank", stream, "--tenant", "other", dsn=database)["version"] == 1


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("account-nobody",), 1, "there is no stream bank.account-nobody"),
        (("card-1",), 2, "the kinds are crew, account"),
        (("{stream}", "--version", "9"), 1, "the newest is 3"),
        (("{stream}", "--tenant", "else"), 1, "of else"),
        (("{stream}", "--at", "yesterday"), 2, "--at: yesterday is no time"),
        (("{stream}", "--at", "2027-03-01", "--version", "1"), 2, "give one of them"),
    ],
)
def test_what_cannot_be_told_is_said(stream: str, database: str, words: tuple[str, ...], code: int, why: str) -> None:
    ran = luotsi("state", "--service", "bank", *(word.format(stream=stream) for word in words), dsn=database)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert why in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(("name", "why"), [("bank.money-paid-in", "account_id"), ("bank.x", "does not know")])
def test_a_fact_that_cannot_be_folded_is_named(stream: str, database: str, name: str, why: str) -> None:
    rest = "id, at, at_offset, recorded_at, actor, command_id, correlation_id, null, null, '{}'"
    copied = f"select position + 1, tenant, stream, version + 1, '{name}', {rest} from facts"
    statement(database, f"insert into facts {copied} order by position desc limit 1")
    ran = luotsi("state", "--service", "bank", stream, dsn=database)
    assert ran.returncode == 1
    assert f"version 4 is {name}" in ran.stderr or f"version 4, {name}" in ran.stderr
    assert why in ran.stderr


def test_a_stream_belongs_to_the_decider_whose_kind_it_names() -> None:
    assert [bank.decider_of_stream(name) for name in ("bank.crew-1", "bank.account-1", "post.crew-1", "bank.crew")] == [
        *bank.deciders,
        None,
        None,
    ]


class Leaf(BaseModel):
    code: str
    since: date | None = None


@dataclass(frozen=True)
class Empty:
    pass


@dataclass(frozen=True)
class Tree:
    name: str
    leaves: tuple[Leaf, ...] = ()
    kinds: frozenset[str] = frozenset()
    by_name: dict[str, Leaf] | None = None


def test_differences_are_told_field_by_field() -> None:
    small = Tree("oak", (Leaf(code="a"), Leaf(code="b")), frozenset({"x"}), {"one": Leaf(code="a")})
    large = Tree("oak", (Leaf(code="b"), Leaf(code="c")), frozenset({"x", "w"}), {"one": Leaf(code="b")})
    found = list(changes(situation_of(small), situation_of(large)))
    assert found == [
        Change("leaves", [{"code": code, "since": None} for code in "ab"], [{"code": c, "since": None} for c in "bc"]),
        Change("kinds", ["x"], ["w", "x"]),
        Change("by_name.one.code", "a", "b"),
    ]
    assert [in_words(one) for one in found] == [
        "leaves: - code a, + code c",
        "kinds: + w",
        "by_name.one.code: a → b",
    ]


def test_another_situation_brings_its_fields() -> None:
    told = [in_words(one) for one in changes(situation_of(Empty()), situation_of(Tree("oak", kinds=frozenset("x"))))]
    assert told == ["situation: Empty → Tree", "name: oak", "kinds: + x"]
    turned = changes(situation_of(Tree("oak", (Leaf(code="a"), Leaf(code="b")))), situation_of(Tree("oak")))
    assert [in_words(one) for one in turned] == ["leaves: - code a, - code b"]


def test_where_only_the_order_is_another_both_are_told() -> None:
    (turned,) = changes({"done": ["a", "b"]}, {"done": ["b", "a"]})
    assert in_words(turned) == "done: - a, - b, + b, + a"


def test_every_field_is_read_down_the_page_and_whole() -> None:
    many = tuple(Leaf(code=f"leaf-{number}", since=date(2027, 3, 1)) for number in range(20))
    shown = dict(leaves(situation_of(Tree("n" * 1000, many, by_name={"one": Leaf(code="a", since=date(2027, 3, 1))}))))
    assert shown["by_name.one.since"] == "2027-03-01"
    assert shown["name"] == "n" * 1000
    assert shown["leaves"].splitlines() == [f"code leaf-{number}, since 2027-03-01" for number in range(20)]
    assert shown["kinds"] == "none"


def test_what_is_long_is_wrapped_and_not_cut(database: str, install: Install) -> None:
    install(bank)
    account, labels = uuid4(), tuple(Label(code="calm", words=f"word-{number} " * 10) for number in range(5))
    ask(database, OpenAccount(account_id=account, person_id=ADA, team_id=TEAM, labels=labels))
    shown = luotsi("state", "--service", "bank", f"account-{account}", dsn=database).stdout
    assert [shown.count(f"word-{number}") for number in range(5)] == [20] * 5  # in the fact, and at the end
    assert "…" not in shown
