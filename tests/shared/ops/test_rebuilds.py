"""`luotsi rebuilds` as a person uses it: what it shows, and which builds it steers."""

import pytest

from tests.parts.databases import statement
from tests.shared.ops.commanding import answer, luotsi
from tests.shared.ops.conftest import SERVICE, Install

MADE = """with made as (
        insert into builds (read_model, version, shape, fed) values ('{name}', 1, '', true) returning build),
    begun as (insert into rebuilds (build, phase, aim, operator, host, pid, done, total, rate)
        select build, '{phase}', '{{}}', 'eve', 'here', 7, {total}, {total}, {total} from made)
    insert into live select '{name}', 1, build from made"""


def test_a_build_for_which_nothing_was_read_shows_no_course(database: str, install: Install) -> None:
    install(SERVICE)
    for name, phase, total in (("empty", "live", 0), ("large", "live", 300), ("young", "reading", 0)):
        statement(database, MADE.format(name=name, phase=phase, total=total))
    shown = luotsi("rebuilds", "list", dsn=database).stdout.splitlines()
    cells = {name: next(line for line in shown if f"{name}.v1" in line).split() for name in ("empty", "large", "young")}
    assert cells["empty"][2:] == ["live", "eve@here,", "process", "7"]
    assert cells["large"][2:6] == ["live", "300", "300", "300"]
    assert cells["young"][2:6] == ["live", "0", "0", "0"]


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel", "throttle"])
def test_only_a_build_of_the_read_model_that_was_named_is_steered(database: str, install: Install, verb: str) -> None:
    install(SERVICE)
    for name in ("accounts", "other"):
        statement(database, MADE.format(name=name, phase="reading", total=0))
    share = ["--share", "20"] if verb == "throttle" else []
    asked = ("rebuilds", verb, "--service", "bank", "accounts", *share)
    for build in ("2", "0", "7"):
        ran = luotsi(*asked, "--build", build, dsn=database)
        assert (ran.returncode, ran.stderr) == (1, f"luotsi: accounts has no build {build}\n")
    assert steered(database) == []
    assert luotsi(*asked, "--build", "1", dsn=database).returncode == 0
    assert steered(database) == ([] if verb == "resume" else [1])


def steered(database: str) -> list[int]:
    shown = answer("rebuilds", "list", dsn=database)
    return [one["build"] for one in shown if (one["wanted"], one["throttle"]) != ("go", None)]
