"""A pytest plugin (`-p tests.contracts.answers`): writes down how deciders answer while their own tests run."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from shared.testing.scenario import Outcome, Scenario

NOTHING = "nothing"
seen: dict[str, set[str]] = defaultdict(set)
decided = Scenario.when


def when(scenario: Any, command: Any, **asked: Any) -> Outcome[Any]:
    outcome = decided(scenario, command, **asked)
    if outcome.rejected is not None:
        seen[type(command).__name__].add(outcome.rejected.code)
    elif not outcome.facts:
        seen[type(command).__name__].add(NOTHING)
    return outcome


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--answers", type=Path, help="the file that the answers are written to")


def pytest_configure(config: pytest.Config) -> None:
    Scenario.when = when  # type: ignore[method-assign, assignment]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Decisions are pure: what asks for a server is none of them. Each has its example: none is left to a search."""
    items[:] = [item for item in items if "postgres" not in getattr(item, "fixturenames", ()) and not _searches(item)]


def _searches(item: pytest.Item) -> bool:
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    answers = {command: sorted(codes) for command, codes in seen.items()}
    session.config.getoption("--answers").write_text(json.dumps(answers))
