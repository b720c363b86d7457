"""How the verbs speak: a table for people, JSON for programs, both to stdout. What went wrong goes to stderr."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

AsJson = Annotated[
    bool, typer.Option("--json", help="JSON on stdout, for programs: one document, or one a line where there are many.")
]
OneService = Annotated[str | None, typer.Option("--service", help="Only this service.")]
ThisService = Annotated[str, typer.Option("--service", help="The service that it is about.")]


class Told(Exception):
    """What a verb could not do, in words for whoever asked, and the exit code that tells a script."""

    code = 1


class Failed(Told):
    """It was tried, and something is not as it should be."""


class WrongUse(Told):
    """What was asked for cannot be done as it was asked."""

    code = 2


class NotReachable(Told):
    """The database or the broker that this is about does not answer."""

    code = 3


def json_out(value: Any) -> None:
    import orjson

    typer.echo(orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2).decode())


def json_line(value: Any) -> None:
    """For what goes on: one document per line."""
    import orjson

    typer.echo(orjson.dumps(value, default=str).decode())


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None) -> None:
    """Numbers to the right. Without a terminal as wide as it needs to be, so nothing is cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD)
    for number, column in enumerate(columns):
        right = any(isinstance(row[number], (int, float)) for row in rows)
        made.add_column(column, justify="right" if right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(_in_words(cell)) for cell in row))  # not read as markup
    console = Console()
    if not console.is_terminal:
        console.width = 200
    if title is not None:
        console.print(Text(title, style="bold"), soft_wrap=True)  # to be copied, however narrow the table is
    console.print(made)


def _in_words(cell: Any) -> str:
    return moment(cell) if isinstance(cell, datetime) else "" if cell is None else str(cell)


def moment(at: datetime) -> str:
    """With its offset, and as it can be typed again: a fact's is that of where it happened, any other is UTC."""
    return at.isoformat(timespec="seconds")


def called() -> str:
    """This program as it was called, so that a command it prints can be pasted."""
    import shutil
    import sys
    from pathlib import Path

    program = Path(sys.argv[0])
    if shutil.which(program.name) == str(program):
        return program.name
    return str(program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program)


def complain(words: str) -> None:
    typer.echo(f"luotsi: {words}", err=True)
