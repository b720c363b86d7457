"""The canvas names what there is, and nothing else."""

import re
import tomllib
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from shared.ops.found import names, service


def named_in(canvas: str, heading: str, column: int) -> set[str]:
    """The `names` in one column of the table under a heading."""
    return {name for row in table(canvas, heading) for name in re.findall(r"`([^`]+)`", row[column])}


def table(canvas: str, heading: str) -> list[list[str]]:
    section = canvas.partition(f"## {heading}")[2].partition("\n## ")[0]
    return [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")][2:]


def folder_of(name: str) -> Path:
    return Path(str(import_module(f"services.{name}").__file__)).parent


def canvas_of(name: str) -> str:
    return (folder_of(name) / "README.md").read_text()


@pytest.mark.parametrize("name", names())
def test_the_canvas_names_what_there_is(name: str) -> None:
    found = service(name)
    canvas = canvas_of(name)
    there = {
        ("Streams", 0): {f"{decider.kind}-" for decider in found.deciders},
        ("Streams", 2): {fact.removeprefix(f"{name}.") for fact in found.own},
        ("Policies", 0): {policy.name for policy in found.policies},
        ("Deadlines", 0): {deadline.name for deadline in found.deadlines},
        ("Read models", 0): {read_model.name for read_model in found.read_models if read_model.query},
        ("Parts of read models", 0): {part.name for part in folder_of(name).glob("readmodels/parts/[!_]*.py")},
    }
    told = {place: {re.sub(r"\{.*", "", each) for each in named_in(canvas, *place)} for place in there}
    assert told == there


@pytest.mark.parametrize("name", names())
def test_the_canvas_and_the_api_say_alike_who_sees_what(name: str) -> None:
    told = {row[0].strip(" `"): row[3].strip() for row in table(canvas_of(name), "Read models")}
    assert told == {each.name: each.seen_by for each in service(name).read_models if each.query}


@pytest.mark.parametrize("name", names())
def test_the_canvas_names_the_situations_that_a_stream_goes_through(name: str) -> None:
    told = {
        re.sub(r"-\{.*", "", row[0].strip(" `")): re.findall(r"\w+", row[1])
        for row in table(canvas_of(name), "Streams")
    }
    unions = {each.kind: get_args(get_type_hints(each.evolve)["return"]) for each in service(name).deciders}
    there = {kind: [situation.__name__ for situation in union] for kind, union in unions.items() if union}
    assert {kind: told[kind] for kind in there} == there, "streams with a single situation say so in words"


def test_the_rooms_of_the_kit_stand_in_their_order_with_what_each_is_for() -> None:
    contracts = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (floors,) = (contract["layers"] for contract in contracts if contract["id"] == "floors")
    there = [(f"`{room}/`", import_module(f"shared.{room}").__doc__) for room in reversed(floors)]
    told = [tuple(cell.strip() for cell in row) for row in table(Path("shared/README.md").read_text(), "Rooms")]
    assert told == there
