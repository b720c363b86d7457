"""`luotsi rebuilds list` as a person reads it."""

from tests.parts.databases import statement
from tests.shared.ops.commanding import luotsi
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
