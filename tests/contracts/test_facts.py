"""Every fact can be read again, in every shape that was ever written, also when its person was erased."""

import json
import re
from pathlib import Path

import pytest

from shared.core.event import Event, Recorded
from shared.ops.found import services
from shared.store.codec import marked
from shared.testing.interleavings import Fact, erased
from tests.services.envelopes import recorded

TESTS = Path(__file__).parents[1]
FACTS: dict[str, type[Event]] = {name: event for service in services() for name, event in service.own.items()}
SAMPLES = sorted(TESTS.glob("*/samples/*.json"))


def fact_of(sample: Path) -> type[Event]:
    """`team-formed.json` is the shape of today; an older one is kept as `team-formed.<what it was>.json`."""
    return FACTS[f"{sample.parents[1].name}.{sample.name.partition('.')[0]}"]


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_a_sample_of_the_shape_of_today(name: str) -> None:
    service, _, fact = name.partition(".")
    written = json.loads((TESTS / service / "samples" / f"{fact}.json").read_bytes())
    assert written.keys() == FACTS[name].model_fields.keys()
    assert json.loads(FACTS[name].model_validate(written).model_dump_json()) == written


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_fact_about_an_erased_person_can_be_read(sample: Path) -> None:
    fact = fact_of(sample).model_validate_json(sample.read_bytes())
    envelope: Recorded = recorded(fact)
    lost = erased(Fact(fact, envelope)).event
    texts = {text for path, _ in marked(type(fact)) for text in found(lost.model_dump(), path)}
    assert texts <= {None}


def found(value: object, path: tuple[str, ...]) -> list[object]:
    """What stands at the path, in every element where lists are on the way."""
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in found(item, path)]
    if path and isinstance(value, dict):
        return found(value[path[0]], path[1:])
    return [value]


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_mark_names_the_field_that_holds_its_owner(fact: type[Event]) -> None:
    owners = {owner for _, mark in marked(fact) for owner in (mark.owner, mark.otherwise) if owner}
    assert owners <= fact.model_fields.keys()


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_stored_name_is_the_first_name_of_its_class_and_says_what_it_means(fact: type[Event]) -> None:
    words = re.findall("[A-Z][a-z]*", fact.__name__)
    assert fact.event_name.partition(".")[2] == "-".join(words).lower()
    assert fact.__doc__
    assert "\n" not in fact.__doc__


def test_a_reader_passes_over_fields_it_does_not_know() -> None:
    sample = json.loads((TESTS / "onboarding/samples/team-renamed.json").read_bytes())
    fact = FACTS["onboarding.team-renamed"]
    assert fact.model_validate(sample | {"added_later": 1}) == fact.model_validate(sample)
