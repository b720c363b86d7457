"""How long work shows how far it is: a bar on a terminal, a JSON line each time with --json, else nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from shared.ops.printing import json_line


class Shown(Protocol):
    """What is shown of a piece of work, twice a second."""

    def __call__(self, what: str, done: int, total: int | None, **more: Any) -> None: ...


@contextmanager
def progress(as_json: bool) -> Iterator[Shown]:
    if as_json:
        yield lambda what, done, total, **more: json_line({"phase": what, "done": done, "total": total, **more})
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}")
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as shown:
        task = shown.add_task("", total=None, rate="")

        def show(what: str, done: int, total: int | None, **more: Any) -> None:
            rate = f"{more['rate']:,.0f}/s" if more.get("rate") else ""
            shown.update(task, description=what, completed=done, total=total, rate=rate)

        yield show
