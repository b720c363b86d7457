"""How the player says where it is: a bar on a terminal, a line per step elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo.script import Step

Tell = Callable[[Step], None]


@contextmanager
def telling(console: Console, steps: Sequence[Step]) -> Iterator[Tell]:
    if not console.is_terminal:
        yield lambda step: console.print(_line(step), highlight=False)
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
        done = iter(range(len(steps)))
        yield lambda step: progress.update(task, completed=next(done), description=step.title, day=_day(step))
        progress.update(task, completed=len(steps), description="all as told", day="")


def _day(step: Step) -> str:
    return f"{step.at:%a} {step.at.day}.{step.at.month}. {step.at:%H:%M}"


def _line(step: Step) -> str:
    return f"{_day(step):<17} {step.title}"
