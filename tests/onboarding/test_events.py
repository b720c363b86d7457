"""Every fact can be read again, in every shape that was ever written, also when its person was erased."""

import json
import re
from pathlib import Path

import pytest

from services.onboarding.events import OnboardingEvent
from shared.core.event import Event, event_types
from shared.store.codec import marked

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
FACTS = event_types(OnboardingEvent)


def fact_of(sample: Path) -> type[Event]:
    """`team-formed.json` is the shape of today; an older one is kept as `team-formed.<what it was>.json`."""
    return FACTS[f"onboarding.{sample.name.partition('.')[0]}"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_every_shape_ever_written_can_be_read(sample: Path) -> None:
    fact_of(sample).model_validate_json(sample.read_bytes())


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_a_sample_of_the_shape_of_today(name: str) -> None:
    sample = Path(__file__).parent / "samples" / f"{name.partition('.')[2]}.json"
    written = json.loads(sample.read_bytes())
    assert written.keys() == FACTS[name].model_fields.keys()
    assert json.loads(FACTS[name].model_validate(written).model_dump_json()) == written


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_fact_about_an_erased_person_can_be_read(sample: Path) -> None:
    erased = json.loads(sample.read_bytes())
    marks = [path for path, _ in marked(fact_of(sample))]
    assert all(len(path) == 1 for path in marks)
    fact = fact_of(sample).model_validate(erased | {field: None for (field,) in marks})
    assert all(getattr(fact, field) is None for (field,) in marks)


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_mark_names_the_field_that_holds_its_owner(fact: type[Event]) -> None:
    assert {mark.owner for _, mark in marked(fact)} <= fact.model_fields.keys()


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_stored_name_is_the_first_name_of_its_class_and_says_what_it_means(fact: type[Event]) -> None:
    words = re.findall("[A-Z][a-z]*", fact.__name__)
    assert fact.event_name == f"onboarding.{'-'.join(words).lower()}"
    assert fact.__doc__
    assert "\n" not in fact.__doc__


def test_a_reader_passes_over_fields_it_does_not_know() -> None:
    sample = json.loads((Path(__file__).parent / "samples" / "team-renamed.json").read_bytes())
    fact = FACTS["onboarding.team-renamed"]
    assert fact.model_validate(sample | {"added_later": 1}) == fact.model_validate(sample)
