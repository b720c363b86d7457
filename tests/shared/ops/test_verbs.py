"""Every verb speaks the same way: --json, a help with an example that is one, exit codes, errors on stderr."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from shared.ops.cli import commands
from tests.shared.ops.commanding import luotsi

# What a verb needs before it can do anything, and the least to be said to it.
DATABASE = {
    "migrate": "",
    "status": "",
    "state": "team-1 --service onboarding",
    "facts tail": "",
    "facts show": "1 --service onboarding",
    "parked list": "",
    "parked show": "",
    "parked retry": "",
    "parked discard": "--why x",
    "deadlines list": "",
    "deadlines retry": "",
    "refused list": "",
    "rebuild": "teams --service onboarding",
    "rebuilds list": "",
    "rebuilds pause": "teams --service onboarding",
    "rebuilds resume": "teams --service onboarding",
    "rebuilds cancel": "teams --service onboarding",
    "rebuilds throttle": "teams --service onboarding --share 20",
    "rebuilds rollback": "teams --service onboarding",
    "rebuilds drop": "teams --service onboarding --build 1",
    "verify": "teams --service onboarding",
    "whatif": "teams --service onboarding",
}
HISTORIES = {"rebuild", "rebuilds rollback", "verify", "whatif"}  # without a broker set they are wrong use on servers
DATABASE_OR_BROKER = {"doctor": ""}
BROKER = {
    "topics create": "",
    "topics describe": "",
    "groups list": "",
    "groups lag": "",
    "groups reset": "readers --service onboarding --earliest",
}
BOTH_ENDS = {
    "reconcile": "--service onboarding",
    "relay republish": "--service onboarding",
    "relay rewind": "--service onboarding",
    "store rejoin": "--service onboarding",
    "replay": "--service onboarding --to elsewhere",
}
NOTHING = {"up", "demo", "token", "backup", "restore", "export", "contracts write"}


def verbs(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        whole = f"{path} {name}".strip()
        if hasattr(command, "commands"):
            yield from verbs(command, whole)
        else:
            yield whole, command


ROOT: Any = typer.main.get_command(commands)
VERBS = dict(verbs(ROOT))


def options(command: Any) -> set[str]:
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}


def test_every_verb_has_its_place_here_and_in_the_help() -> None:
    assert set(VERBS) == {*DATABASE, *DATABASE_OR_BROKER, *BROKER, *BOTH_ENDS, *NOTHING}
    assert {name for name, top in ROOT.commands.items() if top.rich_help_panel is None} == set()
    shown = luotsi("--help").stdout
    assert [panel for panel in ("Run it", "Look after it", "Look into it", "Build on it") if panel not in shown] == []


@pytest.mark.parametrize("path", VERBS)
def test_it_speaks_json_too(path: str) -> None:
    assert "--json" in options(VERBS[path])


@pytest.mark.parametrize("path", VERBS)
def test_a_service_is_always_said_as_an_option(path: str) -> None:
    told = [parameter.opts for parameter in VERBS[path].params if parameter.name == "service"]
    assert told in ([], [["--service"]])


@pytest.mark.parametrize("path", VERBS)
def test_its_help_has_an_example_that_can_be_said(path: str) -> None:
    command = VERBS[path]
    found = re.search(r"Example: luotsi ([^;\n]+)", command.help)
    assert found, f"luotsi {path} --help has no example"
    words = shlex.split(found[1])
    assert words[: len(path.split())] == path.split()
    assert {word for word in words if word.startswith("-")} <= options(command)
    shown = " ".join(luotsi(*path.split(), "--help").stdout.split())
    assert "Example: luotsi" in shown


@pytest.mark.parametrize("path", VERBS)
def test_what_it_does_not_know_is_wrong_use(path: str) -> None:
    ran = luotsi(*path.split(), "--no-such-option")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no-such-option" in ran.stderr


@pytest.mark.parametrize("path", [*DATABASE, *DATABASE_OR_BROKER])
@pytest.mark.parametrize("away", [{"data_dir": "nowhere"}, {"dsn": "postgresql://127.0.0.1:1/{service}"}])
def test_a_database_that_is_away_is_exit_code_3(path: str, away: dict[str, str]) -> None:
    said = {**DATABASE, **DATABASE_OR_BROKER}[path]
    away = away | {"kafka": "127.0.0.1:1"} if path in HISTORIES else away
    ran = luotsi(*path.split(), *said.split(), "--json", **away)
    assert ran.returncode == 3
    assert "Traceback" not in ran.stderr
    assert ran.stderr.startswith("luotsi: ")
    assert ran.stdout == "" or path in DATABASE_OR_BROKER


@pytest.mark.parametrize("path", [*BROKER, *BOTH_ENDS])
def test_a_broker_that_is_not_set_is_wrong_use(path: str) -> None:
    on_a_server = {"dsn": "postgresql://127.0.0.1:1/{service}"} if path in BOTH_ENDS else {}
    ran = luotsi(*path.split(), *{**BROKER, **BOTH_ENDS}[path].split(), **on_a_server)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "LUOTSI_KAFKA" in ran.stderr


@pytest.mark.parametrize("path", BOTH_ENDS)
@pytest.mark.parametrize("broker", [{}, {"kafka": "127.0.0.1:1"}])
def test_the_embedded_platform_has_no_topic_whatever_is_set_beside_it(path: str, broker: dict[str, str]) -> None:
    ran = luotsi(*path.split(), *BOTH_ENDS[path].split(), **broker)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "luotsi: LUOTSI_DSN: is needed; the embedded platform has no topics\n"


@pytest.mark.parametrize("path", sorted(DATABASE))
def test_a_service_that_is_not_there_is_wrong_use(path: str) -> None:
    ran = luotsi(*path.split(), *DATABASE[path].split(), "--service", "nobody", data_dir="nowhere")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no service nobody" in ran.stderr
