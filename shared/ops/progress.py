"""How long work shows how far it is: a bar on a terminal, a JSON line now and then with --json, else nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from shared.ops.printing import json_line

EVERY = 0.5  # seconds between two JSON lines of one phase


class Shown(Protocol):
    """To be called as often as there is news."""

    def __call__(self, what: str, done: int, total: int | None, **more: Any) -> None: ...


@contextmanager
def progress(as_json: bool) -> Iterator[Shown]:
    if as_json:
        yield _lines()
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


def _lines() -> Shown:
    phase, said = "", 0.0

    def tell(what: str, done: int, total: int | None, **more: Any) -> None:
        nonlocal phase, said
        if what != phase or time.monotonic() - said >= EVERY:
            phase, said = what, time.monotonic()
            json_line({"phase": what, "done": done, "total": total, **more})

    return tell
