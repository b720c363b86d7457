"""Every wall between the rooms is broken once on purpose, and must be seen to fall."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
KEPT = "Contracts: 5 kept, 0 broken."

BREACHES = {
    "a service imports another": (
        "Services do not know each other",
        {"services/other/__init__.py": "", "services/other/events.py": "import services.onboarding.events"},
    ),
    "the kit imports a service": (
        "The kit knows no service",
        {"shared/store/shortcut.py": "import services.onboarding.events"},
    ),
    "a decider imports the api": (
        "Inside a service, knowledge runs one way",
        {"services/onboarding/api.py": "", "services/onboarding/deciders/short.py": "import services.onboarding.api"},
    ),
    "a policy imports a read model": (
        "Inside a service, knowledge runs one way",
        {
            "services/onboarding/readmodels/__init__.py": "",
            "services/onboarding/policies.py": "import services.onboarding.readmodels",
        },
    ),
    "a file is none of the rooms": (
        "Inside a service, knowledge runs one way",
        {"services/onboarding/helpers.py": ""},
    ),
    "the store imports the web": (
        "Each room of the kit knows only those below it",
        {"shared/store/shortcut.py": "import shared.web"},
    ),
    "the kit gets a room nobody declared": (
        "Each room of the kit knows only those below it",
        {"shared/utils/__init__.py": ""},
    ),
    "a decider logs": (
        "Facts and decisions are pure",
        {"services/onboarding/deciders/short.py": "import structlog"},
    ),
    "a policy asks the database": (
        "Facts and decisions are pure",
        {"services/onboarding/policies.py": "import sqlalchemy"},
    ),
    "the core waits": (
        "Facts and decisions are pure",
        {"shared/core/short.py": "import asyncio"},
    ),
}


def _inspect(tree: Path) -> "subprocess.CompletedProcess[str]":
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([linter, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for room in ("services", "shared"):
        shutil.copytree(PROJECT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_project_as_it_is_breaks_no_wall(tree: Path) -> None:
    found = _inspect(tree)
    assert found.returncode == 0, found.stdout
    assert KEPT in found.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_seen_and_named(breach: str, tree: Path) -> None:
    wall, files = BREACHES[breach]
    for name, line in files.items():
        file = tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{line}\n")
    found = _inspect(tree)
    assert found.returncode == 1
    assert f"{wall} BROKEN" in found.stdout


def test_no_file_stands_outside_the_walls() -> None:
    """The inspection does not see folders that are no packages."""
    files = [file for room in ("services", "shared") for file in (PROJECT / room).rglob("*.py")]
    bare = {file.parent for file in files if not (file.parent / "__init__.py").exists()}
    assert bare == {PROJECT / "shared/migrations/versions"}  # named and loaded by Alembic
