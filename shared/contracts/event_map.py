"""The event map: every fact, what it means, and who hears it, as a page."""

from collections.abc import Iterable, Sequence

from shared.core.deadline import Deadline
from shared.core.event import event_types
from shared.core.policy import Policy
from shared.core.service import Service

HOW_TO_READ = """Written by `make contracts`.
`service.name` is a read model that folds the fact, `service/name` a policy or a deadline that hears it.
"""


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


def _table(service: Service, heard: dict[str, list[str]]) -> str:
    lines = ["| Fact | Means | Heard by |", "|---|---|---|"]
    for name, event in service.own.items():
        means = (event.__doc__ or "").strip().partition("\n")[0]
        lines.append(f"| `{name}` | {means} | {', '.join(heard.get(name, ['nobody yet']))} |")
    return "\n".join(lines)


def event_map(services: Sequence[Service]) -> str:
    """The page: a table of its facts for each service."""
    heard = hearers(services)
    tables = [f"## {service.name}\n\n{_table(service, heard)}\n" for service in services]
    return "\n".join(["# Every fact, and who hears it\n\n" + HOW_TO_READ, *tables])
