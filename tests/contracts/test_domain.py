"""What the domain promises is there under the names it promised: domain/<service>.toml, kept by hand, against the code.

Commands say what they are refused for, and readers of the API are told so. Whether it is true is not read from the
code: the tests of the deciders run once more, and what they were answered is written down. So a refusal that is said
and never given fails here, and so does one that is given and was never said.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from shared.core.access import Rule
from shared.core.event import event_types
from shared.ops.found import names, service
from shared.web.describe import describe
from shared.web.requests import CHANGES
from tests.contracts.answers import NOTHING

ROOT = Path(__file__).parents[2]
DOMAIN = Path(__file__).parent / "domain"
EVERY_QUERY_TAKES = {"limit", "after"}
each_service = pytest.mark.parametrize("name", names())


def domain(name: str) -> dict[str, Any]:
    return tomllib.loads((DOMAIN / f"{name}.toml").read_text())


def commands(name: str) -> dict[str, dict[str, list[str]]]:
    streams = domain(name)["streams"].values()
    return {command: told for stream in streams for command, told in stream["commands"].items()}


def of_service(name: str, facts: list[str]) -> set[str]:
    return {f"{name}.{fact}" for fact in facts}


def test_every_service_has_its_domain_written_down() -> None:
    assert sorted(path.stem for path in DOMAIN.glob("*.toml")) == names()


@each_service
def test_each_stream_has_its_commands_and_facts(name: str) -> None:
    there = {
        decider.kind: ({command.__name__ for command in decider.command_types}, set(decider.event_types))
        for decider in service(name).deciders
    }
    assert there == {
        kind: (set(stream["commands"]), of_service(name, stream["facts"]))
        for kind, stream in domain(name)["streams"].items()
    }


@each_service
def test_who_may_ask_what(name: str) -> None:
    there = {ask.command.__name__: {in_words(rule) for rule in ask.rules} for ask in service(name).asks}
    assert there == {command: set(told["who"]) for command, told in commands(name).items() if told["who"]}


def in_words(rule: Rule) -> str:
    return {"org": rule.role, "self": f"{rule.role} self", "team": f"{rule.role} own team"}[rule.relation]


@each_service
def test_each_command_says_that_it_is_refused_for_what_was_promised(name: str) -> None:
    there = {
        command.__name__: command.refused.keys() - {f"unknown-{decider.kind}", f"{decider.kind}-over"}
        for decider in service(name).deciders
        for command in decider.command_types
    }
    assert there == {command: set(told["refused"]) for command, told in commands(name).items()}


@each_service
def test_each_command_is_refused_for_what_it_says_and_is_harmless_twice(name: str, tmp_path: Path) -> None:
    """And no branch of what decides is left untried: the same run fails then."""
    there = {
        command.__name__: {*command.refused, NOTHING}
        for decider in service(name).deciders
        for command in decider.command_types
    }
    assert {command: set(codes) for command, codes in seen_in_tests(name, tmp_path).items()} == there


def seen_in_tests(name: str, room: Path) -> dict[str, list[str]]:
    """By command, the codes of refusals, and `nothing` for a command that had nothing left to do."""
    answers, measured = room / "answers.json", ["--cov", "--cov-config", "tests/contracts/decided.toml"]
    play = [sys.executable, "-m", "pytest", f"tests/{name}", "-q", "-p", "no:cacheprovider"]
    told = ["-p", "tests.contracts.answers", "--answers", str(answers)]
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    env = alone | {"COVERAGE_FILE": str(room / "coverage")}
    run = subprocess.run([*play, *told, *measured], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    found: dict[str, list[str]] = json.loads(answers.read_text())
    return found


@each_service
def test_policies_hear_and_ask_what_was_promised(name: str) -> None:
    there = {
        policy.name: {"whenever": set(event_types(policy.hears)), "asks": asked_by(policy.ask)}
        for policy in service(name).policies
    }
    assert there == {
        policy: {"whenever": set(told["whenever"]), "asks": set(told["asks"])}
        for policy, told in domain(name)["policies"].items()
    }


def asked_by(policy: Any) -> set[str]:
    (commands,) = get_args(get_type_hints(policy)["return"])
    return {command.__name__ for command in get_args(commands) or (commands,)}


@each_service
def test_deadlines_are_set_and_cleared_by_what_was_promised(name: str) -> None:
    there = {deadline.name: set(event_types(deadline.hears)) for deadline in service(name).deadlines}
    assert there == {deadline: set(facts) for deadline, facts in domain(name)["deadlines"].items()}


@each_service
def test_each_read_model_has_its_route_and_filters(name: str) -> None:
    paths = describe(service(name), "any version")["paths"]
    there = {
        path: {parameter["name"] for parameter in methods["get"]["parameters"] if "name" in parameter}
        for path, methods in paths.items()
        if "get" in methods and path != CHANGES
    }
    assert there == {path: EVERY_QUERY_TAKES | set(filters) for path, filters in domain(name)["queries"].items()}


@each_service
def test_the_inbox_hears_the_promised_fields_and_no_others(name: str) -> None:
    inbox = service(name).inbox
    heard = event_types(inbox) if inbox is not None else {}
    there = {fact: set(event.model_fields) for fact, event in heard.items()}
    assert there == {fact: set(fields) for fact, fields in domain(name)["inbox"].items()}
