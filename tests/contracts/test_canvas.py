"""The canvas names what there is, and nothing else."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from shared.ops.found import names, service


def named_in(canvas: str, heading: str, column: int) -> set[str]:
    """The `names` in one column of the table under a heading."""
    section = canvas.partition(f"## {heading}")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return {name for row in rows[2:] for name in re.findall(r"`([^`]+)`", row[column])}


@pytest.mark.parametrize("name", names())
def test_the_canvas_names_what_there_is(name: str) -> None:
    found = service(name)
    package = import_module(f"services.{name}")
    canvas = (Path(str(package.__file__)).parent / "README.md").read_text()
    there = {
        ("Streams", 0): {f"{decider.kind}-" for decider in found.deciders},
        ("Streams", 2): {fact.removeprefix(f"{name}.") for fact in found.own},
        ("Policies", 0): {policy.name for policy in found.policies},
        ("Deadlines", 0): {deadline.name for deadline in found.deadlines},
        ("Read models", 0): {read_model.name for read_model in found.read_models if read_model.query},
    }
    told = {place: {re.sub(r"\{.*", "", each) for each in named_in(canvas, *place)} for place in there}
    assert told == there
