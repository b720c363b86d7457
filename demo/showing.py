"""What the story has left behind: rows of read models, as anybody would get them by HTTP."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from demo.cast import HANNA
from demo.player import Player, address_of
from demo.script import ZONE
from demo.shown import SHOWN, Shown


async def show(player: Player, console: Console) -> None:
    """Rows know people by their ids; names are joined from the read model that has them, as front-ends do."""
    people = await player.rows(HANNA, "people", {"include_left": True})
    names = {person["person_id"]: person["display_name"] for person in people}
    for shown in SHOWN:
        rows = await player.rows(shown.who, shown.read_model, shown.where)
        rows = [{"who": names.get(row.get("person_id")), **row} for row in rows]
        console.print()
        console.print(f"[bold]{shown.title}[/]")
        asked = f"GET {address_of(shown.read_model, shown.where)}  token {shown.who.token}"
        console.print(asked, style="dim", highlight=False, markup=False, soft_wrap=True)  # to be copied in one piece
        console.print(_upright(shown, rows[0]) if shown.upright else _table(shown, rows))


def _table(shown: Shown, rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, path in shown.columns.items():
        number = any(_is_number(one) for row in rows for one in _at(row, path))
        table.add_column(heading, justify="right" if number else "left")
    for row in rows:
        table.add_row(*(_cell(row, path) for path in shown.columns.values()))
    return table


def _upright(shown: Shown, row: Mapping[str, Any]) -> Table:
    """One row that is long: a line for each of its columns that says something."""
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    for heading, path in shown.columns.items():
        if cell := _cell(row, path):
            table.add_row(heading, cell)
    return table


def _at(row: Any, path: str) -> Iterator[Any]:
    """What stands there: all of it, where there are several on the way."""
    if isinstance(row, list):
        for part in row:
            yield from _at(part, path)
    elif row is not None and path:
        name, _, rest = path.partition(".")
        yield from _at(row[name], rest)
    elif row is not None:
        yield row


def _cell(row: Mapping[str, Any], path: str) -> str:
    between = "\n" if "." in path and not any(_is_number(one) for one in _at(row, path)) else ", "
    return between.join(map(_word, _at(row, path)))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _word(value: Any) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case str() if len(value) == len("2027-03-01") and (day := _day(value)):
            return day
        case str() if value.endswith("Z"):
            at = datetime.fromisoformat(value).astimezone(ZONE)
            return f"{at.day}.{at.month}. {at:%H:%M}"
    return str(value)


def _day(value: str) -> str | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return f"{day.day}.{day.month}."
