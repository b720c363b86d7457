"""`luotsi`: every verb is a small file beside this one. Exit codes: 0 done, 1 differs or failed, 2 wrong use,
3 not reachable. Heavy libraries are imported by the verb that needs them, so that `luotsi` answers at once.
"""

import os
import sys

import typer

from shared.ops import (
    backing,
    contracts,
    deadlines,
    demo,
    export,
    facts,
    groups,
    migrating,
    parked,
    rebuild,
    rebuilds,
    reconcile,
    refused,
    relay,
    replay,
    state,
    status,
    store,
    token,
    topics,
    up,
    verify,
)
from shared.ops.doctor import verb as doctor
from shared.ops.printing import Told, complain


def _quietly() -> None:
    from shared.telemetry import logs

    logs.only_warnings()


commands = typer.Typer(
    name="luotsi",
    help="Runs and looks after Luotsi. Exit codes: 0 done, 1 differs or failed, 2 wrong use, 3 not reachable.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
commands.callback()(_quietly)
commands.command("up")(up.up)
commands.command("demo")(demo.demo)
commands.command("token")(token.token)
commands.command("migrate")(migrating.migrate)
commands.command("status")(status.status)
commands.command("doctor")(doctor.doctor)
commands.command("state")(state.state)
commands.command("export")(export.export)
commands.command("backup")(backing.backup)
commands.command("restore")(backing.restore)
commands.command("rebuild")(rebuild.rebuild)
commands.command("verify")(verify.verify)
commands.command("whatif")(verify.whatif)
commands.command("reconcile")(reconcile.reconcile)
commands.command("replay")(replay.replay)
commands.add_typer(relay.commands, name="relay")
commands.add_typer(store.commands, name="store")
commands.add_typer(rebuilds.commands, name="rebuilds")
commands.add_typer(facts.commands, name="facts")
commands.add_typer(parked.commands, name="parked")
commands.add_typer(deadlines.commands, name="deadlines")
commands.add_typer(refused.commands, name="refused")
commands.add_typer(topics.commands, name="topics")
commands.add_typer(groups.commands, name="groups")
commands.add_typer(contracts.commands, name="contracts")

PANELS = {
    "Run it": ("up", "demo", "token", "migrate"),
    "Look after it": ("doctor", "parked", "deadlines", "rebuild", "rebuilds", "backup", "restore"),
    "Look after topics": ("topics", "groups", "relay", "store", "replay"),
    "Look into it": ("status", "state", "facts", "refused", "verify", "whatif", "reconcile"),
    "Build on it": ("contracts", "export"),
}
_panel_of = {name: panel for panel, names in PANELS.items() for name in names}
for verb in commands.registered_commands:
    verb.rich_help_panel = _panel_of.get(str(verb.name))
for group in commands.registered_groups:
    group.rich_help_panel = _panel_of.get(str(group.name))


def app() -> None:
    """The entry point: what a verb raises becomes words on stderr and an exit code. A bug keeps its traceback."""
    try:
        commands()
    except Told as told:
        complain(str(told))
        sys.exit(told.code)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Told.code)


if __name__ == "__main__":
    app()
