"""How the player says where it is: a bar on a terminal, a line per step elsewhere; refusals with their codes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from demo.script import Ask, Step


class Telling(Protocol):
    def begins(self, step: Step) -> None: ...

    def is_done(self, step: Step) -> None:
        """It was answered as the story tells it."""


class Silence:
    def begins(self, step: Step) -> None:
        pass

    def is_done(self, step: Step) -> None:
        pass


class Lines:
    def __init__(self, console: Console) -> None:
        self._console = console

    def begins(self, step: Step) -> None:
        self._console.print(f"{_day(step):<17} {step.title}", highlight=False)

    def is_done(self, step: Step) -> None:
        for code in _refused(step):
            self._console.print(f"{'':<17} refused: {code}", highlight=False)


class Bar:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def begins(self, step: Step) -> None:
        self._progress.update(self._task, description=step.title, day=_day(step))

    def is_done(self, step: Step) -> None:
        for code in _refused(step):
            self._progress.console.print(f"[dim]{_day(step):<17} refused: {code}[/]", highlight=False)
        self._progress.advance(self._task)


@contextmanager
def telling(console: Console, steps: Sequence[Step]) -> Iterator[Telling]:
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        BarColumn(30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[day]}", style="cyan"),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(steps), day="")
        yield Bar(progress, task)
        progress.update(task, description="all as told", day="")


def _refused(step: Step) -> list[str]:
    return [part.refused for part in step.parts if isinstance(part, Ask) and part.refused]


def _day(step: Step) -> str:
    return f"{step.at:%a} {step.at.day}.{step.at.month}. {step.at:%H:%M}"
