"""The event map: every fact, what it means, and who hears it. Written by the code, between two markers of a page."""

from collections.abc import Iterable, Sequence

from shared.core.deadline import Deadline
from shared.core.event import event_types
from shared.core.policy import Policy
from shared.core.service import Service

OPENS, CLOSES = "<!-- event map: written by `make contracts` -->", "<!-- end of the event map -->"


def hearers(services: Iterable[Service]) -> dict[str, list[str]]:
    """Listeners by the stored name they hear."""
    heard: dict[str, list[str]] = {}
    for service in services:
        for model in service.read_models:
            for name in model.events:
                heard.setdefault(name, []).append(f"{service.name}.{model.name}")
        listeners: list[Policy | Deadline] = [*service.policies, *service.deadlines]
        for listener in listeners:
            for name in event_types(listener.hears):
                heard.setdefault(name, []).append(f"{service.name}/{listener.name}")
    return heard


def event_map(services: Sequence[Service]) -> str:
    heard = hearers(services)
    lines = ["| Fact | Means | Heard by |", "|---|---|---|"]
    for service in services:
        for name, event in service.own.items():
            means = (event.__doc__ or "").strip().partition("\n")[0]
            lines.append(f"| `{name}` | {means} | {', '.join(heard.get(name, ['nobody yet']))} |")
    return "\n".join(lines)


def with_map(page: str, table: str) -> str:
    """The page with the table in the place of the one between the markers."""
    before, opens, rest = page.partition(OPENS)
    _, closes, after = rest.partition(CLOSES)
    if not (opens and closes):
        raise ValueError(f"the page has no place for the event map: {OPENS} … {CLOSES}")
    return f"{before}{OPENS}\n{table}\n{CLOSES}{after}"
