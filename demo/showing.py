"""What the story has left behind: rows of read models, as anybody would get them by HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from demo.cast import AINO, HANNA, SANNA, TEMPLATE
from demo.player import Player
from demo.script import Body, Person


@dataclass(frozen=True, slots=True)
class Shown:
    """`columns` are headings with the fields of the rows under them."""

    title: str
    who: Person
    read_model: str
    where: Body
    columns: Mapping[str, str]


SHOWN = (
    Shown(
        "How the two journeys went",
        HANNA,
        "onboarding-progress",
        {},
        {
            "who": "display_name",
            "state": "state",
            "first contact, day": "first_contact_day",
            "in time": "in_time",
            "serves alone": "unlocked",
            "coached": "coached",
        },
    ),
    Shown(
        "What was ready on the first morning",
        HANNA,
        "welcome-list",
        {},
        {
            "who": "who",
            "what": "title",
            "ready": "ready",
            "on": "readied_on",
            "noticed missing": "missing_flagged",
            "welcomed": "welcomed_on",
        },
    ),
    Shown(
        "What Aino's stages asked for",
        SANNA,
        "stage-guide",
        {"person_id": AINO.id, "open": False},
        {"stage": "stage", "what": "kind", "to watch": "focus", "done": "done", "of": "count", "met": "met_on"},
    ),
    Shown(
        "What the plan can learn",
        HANNA,
        "template-insight",
        {"template_id": TEMPLATE},
        {
            "stage": "stage",
            "hires": "journeys",
            "completed": "completed",
            "stalled": "stalled",
            "stopped": "stopped_here",
            "mean days": "mean_days",
            "planned": "target_days",
            "passed at first, %": "first_pass",
        },
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


def _table(columns: Mapping[str, str], rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, field in columns.items():
        number = any(isinstance(row[field], (int, float)) and not isinstance(row[field], bool) for row in rows)
        table.add_column(heading, justify="right" if number else "left")
    for row in rows:
        table.add_row(*(_cell(row[field]) for field in columns.values()))
    return table


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{day.day}.{day.month}."
