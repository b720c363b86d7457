"""All contracts as files: what they are now, what they were when last written, and the difference."""

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from shared.contracts.asyncapi import asyncapi
from shared.contracts.compatibility import refusals
from shared.contracts.event_map import event_map
from shared.contracts.schemas import fact_schemas
from shared.core.service import Service
from shared.web.describe import describe

CONTRACTS = Path("deploy/contracts")
EVENT_MAP = CONTRACTS / "events.md"


class Incompatible(Exception):
    """Facts that were written could not be read any more, or not by everybody who reads them today."""


def documents(service: Service) -> dict[Path, Any]:
    folder = CONTRACTS / service.name
    facts = {folder / "facts" / f"{name}.json": schema for name, schema in fact_schemas(service).items()}
    return {
        folder / "asyncapi.json": asyncapi(service, version("luotsi")),
        folder / "openapi.json": describe(service, version("luotsi")),
        **facts,
    }


def pages(services: Sequence[Service]) -> dict[Path, str]:
    """Every generated file with its text, by its path below the root of the project."""
    made = {
        path: json.dumps(document, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
        for service in services
        for path, document in documents(service).items()
    }
    return {**made, EVENT_MAP: event_map(services)}


def incompatible(services: Sequence[Service], root: Path) -> list[str]:
    """What the gate says to the step from the written contracts to those of now."""
    written = {
        path.stem: json.loads(path.read_text())
        for service in services
        for path in (root / CONTRACTS / service.name / "facts").glob("*.json")
    }
    now = {name: schema for service in services for name, schema in fact_schemas(service).items()}
    return refusals(services, written, json.loads(json.dumps(now)))


def write(services: Sequence[Service], root: Path, *, unreleased: bool = False) -> list[Path]:
    """Writes what changed and removes what is gone. Raises Incompatible, and writes nothing, unless `unreleased`."""
    if not unreleased and (why := incompatible(services, root)):
        raise Incompatible("\n".join(why))
    made = pages(services)
    changed = [path for path, text in made.items() if not (root / path).exists() or (root / path).read_text() != text]
    for path in changed:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(made[path])
    gone = [path for path in (root / CONTRACTS).rglob("*.json") if path.relative_to(root) not in made]
    for path in gone:
        path.unlink()
    return changed + [path.relative_to(root) for path in gone]
