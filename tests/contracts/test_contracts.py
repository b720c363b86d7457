"""deploy/contracts and the event map are written by the code and only checked here: `make contracts` writes them."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from shared.contracts.schemas import fact_schemas
from shared.contracts.writing import CONTRACTS, incompatible, pages
from shared.core.event import Shape, event_types, source_of
from shared.core.service import Service
from shared.ops.found import names, service, services

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((ROOT / "tests").glob("*/samples/*.json"))


NOT_TOLD_BY_NAME = {
    *("pace", "kit_left", "open_left", "team_then", "needed_by_day", "target_days", "journey_day", "in_time"),
    *("first_contact_by_day", "first_contact_day", "first_pass", "mean_days", "rating"),
    *("max_share", "share", "origin", "origin_ref", "interval_days"),
}
LIMITS = {
    "string": {"minLength", "maxLength", "pattern"},
    "array": {"minItems", "maxItems", "uniqueItems"},
    "object": {"minProperties", "maxProperties"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
}


def within(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from within(part)


def references(node: Any) -> Iterator[str]:
    return (each["$ref"] for each in within(node) if isinstance(each.get("$ref"), str))


def test_the_contracts_are_what_the_code_says() -> None:
    made = pages(services())
    stale = [
        str(path) for path, text in made.items() if not (ROOT / path).exists() or (ROOT / path).read_text() != text
    ]
    left = [str(p) for p in (ROOT / CONTRACTS).rglob("*.json") if p.relative_to(ROOT) not in made]
    assert (stale, left) == ([], []), "run `make contracts`"


def test_the_gate_lets_this_step_pass() -> None:
    assert incompatible(services(), ROOT) == []


@pytest.mark.parametrize("name", names())
def test_openapi_is_valid(name: str) -> None:
    document = json.loads((ROOT / CONTRACTS / name / "openapi.json").read_text())
    validate(document)
    named_after_modules = [schema for schema in document["components"]["schemas"] if "_" in schema]
    assert not named_after_modules, "two shapes have one name"


@pytest.mark.parametrize("name", names())
def test_every_limit_is_one_of_its_type(name: str) -> None:
    """An array with `minLength` is as long as one likes."""
    for path in sorted((ROOT / CONTRACTS / name).rglob("*.json")):
        for node in within(json.loads(path.read_text())):
            if (kind := str(node.get("type"))) in LIMITS:
                others = set().union(*LIMITS.values()) - LIMITS[kind]
                assert not others & node.keys(), (path, node)


@pytest.mark.parametrize("name", names())
def test_what_a_name_alone_does_not_tell_is_told_wherever_it_stands(name: str) -> None:
    for path in sorted((ROOT / CONTRACTS / name).rglob("*.json")):
        for node in within(json.loads(path.read_text())):
            fields = node["properties"] if isinstance(node.get("properties"), dict) else {}
            silent = [field for field in NOT_TOLD_BY_NAME & fields.keys() if "description" not in fields[field]]
            assert silent == [], path


@pytest.mark.parametrize("name", names())
def test_every_reference_of_asyncapi_leads_somewhere(name: str) -> None:
    document = json.loads((ROOT / CONTRACTS / name / "asyncapi.json").read_text())
    for reference in references({key: value for key, value in document.items() if key != "components"}):
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
    assert set(document["components"]["messages"]) <= set(document["components"]["schemas"])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_shape_ever_written_is_readable_and_fits_its_schema(path: Path) -> None:
    """A sample is named <fact>.<version>.json after the stored name without its service."""
    owner, fact = path.parents[1].name, path.stem.partition(".")[0]
    owned = service(owner)
    event = owned.own[f"{owner}.{fact}"]
    written = json.loads(path.read_text())
    event.model_validate(written)
    Draft202012Validator(fact_schemas(owned)[f"{owner}.{fact}"]).validate(
        json.loads(event(**written).model_dump_json())
    )


@pytest.mark.parametrize("name", names())
def test_every_fact_has_a_sample_and_words_for_the_event_map(name: str) -> None:
    sampled = {path.stem.partition(".")[0] for path in SAMPLES if path.parents[1].name == name}
    facts = {fact.partition(".")[2]: event for fact, event in service(name).own.items()}
    assert facts.keys() - sampled == set()
    assert [fact for fact, event in facts.items() if not (event.__doc__ or "").strip()] == []


def inboxes() -> list[Service]:
    return [each for each in services() if each.inbox is not None]


@pytest.mark.parametrize("reader", inboxes(), ids=lambda reader: reader.name)
def test_the_owner_tells_what_an_inbox_reads(reader: Service) -> None:
    """A service that is not built yet is held to its domain description by its own tests, later."""
    for name, heard in event_types(reader.inbox).items():
        if source_of(name) in names():
            assert_readable(service(source_of(name)).own[name], heard, name)


def assert_readable(told: type[Shape], heard: type[Shape], where: str) -> None:
    """Every field that is heard is told, and as what is heard."""
    for field, shape in heard.model_fields.items():
        there = told.model_fields[field]
        assert there.is_required() or not shape.is_required(), f"{where}.{field} may be missing"
        assert_same(there.annotation, shape.annotation, f"{where}.{field}")


def assert_same(told: Any, heard: Any, where: str) -> None:
    if told == heard:
        return
    if get_origin(told) is Literal:
        assert {type(word) for word in get_args(told)} == {heard}, where
    elif get_origin(heard) is not None:
        assert get_origin(told) == get_origin(heard), where
        for one, other in zip(get_args(told), get_args(heard), strict=True):
            assert_same(one, other, where)
    else:
        shapes = all(isinstance(each, type) and issubclass(each, Shape) for each in (told, heard))
        assert shapes, f"{where}: {heard} is heard and {told} is told"
        assert_readable(told, heard, where)


class Told(Shape):
    words: tuple[str, ...]
    kind: Literal["one", "other"]
    day: date | None = None


class Heard(Shape):
    words: tuple[str, ...]
    kind: str


def test_an_inbox_reads_less_and_nothing_else() -> None:
    assert_same(tuple[Told, ...], tuple[Heard, ...], "told")
    wrong: list[tuple[Any, Any]] = [
        (tuple[Told, ...], list[Heard]),
        (Told, str),
        (int, str),
        (date | None, str | None),
        (Literal[1, 2], str),
    ]
    for told, heard in wrong:
        with pytest.raises(AssertionError):
            assert_same(told, heard, "told")

    class Missing(Shape):
        day: date | None

    with pytest.raises(AssertionError, match="may be missing"):
        assert_readable(Told, Missing, "told")
