"""The canvas names what there is, and nothing else."""

import re
from pathlib import Path

import pytest

import services.onboarding
from services.onboarding.service import service

CANVAS = (Path(services.onboarding.__file__).parent / "README.md").read_text()


def named_in(heading: str, column: int) -> set[str]:
    """The `names` in one column of the table under a heading."""
    section = CANVAS.partition(f"## {heading}")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return {name for row in rows[2:] for name in re.findall(r"`([^`]+)`", row[column])}


@pytest.mark.parametrize(
    ("heading", "column", "there"),
    [
        ("Streams", 0, {f"{d.kind}-" for d in service.deciders}),
        ("Streams", 2, {name.removeprefix("onboarding.") for name in service.own}),
        ("Policies", 0, {policy.name for policy in service.policies}),
        ("Deadlines", 0, {deadline.name for deadline in service.deadlines}),
        ("Read models", 0, {read_model.name for read_model in service.read_models}),
    ],
)
def test_the_canvas_names_what_there_is(heading: str, column: int, there: set[str]) -> None:
    assert {re.sub(r"\{.*", "", name) for name in named_in(heading, column)} == there
