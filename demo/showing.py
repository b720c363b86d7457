"""What the story has left behind: rows of read models, as anybody would get them by HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from demo.cast import AINO, HANNA, SANNA, TEMPLATE
from demo.player import Player
from demo.script import Body, Person


@dataclass(frozen=True, slots=True)
class Shown:
    title: str
    who: Person
    read_model: str
    where: Body
    columns: Sequence[str]


SHOWN = (
    Shown(
        "How the two journeys went",
        HANNA,
        "onboarding-progress",
        {},
        ("display_name", "state", "stage_order", "first_contact_day", "in_time", "unlocked", "coached", "monitored"),
    ),
    Shown(
        "What was ready on the first morning",
        HANNA,
        "welcome-list",
        {},
        ("who", "title", "kind", "ready", "readied_on", "missing_flagged", "welcomed_on", "introduced_on"),
    ),
    Shown(
        "What Aino's stages asked for",
        SANNA,
        "stage-guide",
        {"person_id": AINO.id, "open": False},
        ("stage", "code", "kind", "focus", "done", "count", "met_on"),
    ),
    Shown(
        "What the plan can learn",
        HANNA,
        "template-insight",
        {"template_id": TEMPLATE},
        (
            "stage",
            "journeys",
            "completed",
            "stalled",
            "stopped_here",
            "mean_days",
            "target_days",
            "first_pass",
            "rating",
        ),
    ),
)


async def show(player: Player, console: Console) -> None:
    """Rows know people by their ids; names are joined from the read model that has them, as front-ends do."""
    people = await player.rows(HANNA, "people", {"include_left": True})
    names = {person["person_id"]: person["display_name"] for person in people}
    for shown in SHOWN:
        rows = await player.rows(shown.who, shown.read_model, shown.where)
        rows = [{"who": names.get(row.get("person_id")), **row} for row in rows]
        console.print()
        console.print(f"[bold]{shown.title}[/]  [dim]GET /v1/{shown.read_model}[/]", highlight=False)
        console.print(_table(shown.columns, rows))


def _table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        number = all(isinstance(row.get(column), (int, float)) for row in rows)
        table.add_column(column.replace("_", " "), justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    return table


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
    return str(value)
