"""One description of all services: a client generated from it meets each of them as its own description tells."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.core.service import Service
from shared.ops.found import services
from shared.web.describe import describe
from shared.web.describe_all import describe_all
from shared.web.requests import CHANGES

ALL = services()


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return describe_all(ALL)


def test_it_is_a_valid_description_and_nothing_in_it_leads_nowhere(whole: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(whole).validate()
    for reference in _references(whole):
        _, kind, name = reference.removeprefix("#/").split("/")
        assert name in whole["components"][kind], reference


def test_an_operation_has_one_name(whole: dict[str, Any]) -> None:
    names = [one["operationId"] for methods in whole["paths"].values() for one in methods.values()]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() and "_" not in name for name in whole["components"]["schemas"])


@pytest.mark.parametrize("service", ALL, ids=lambda service: str(service.name))
def test_every_operation_takes_and_answers_what_its_service_says(service: Service, whole: dict[str, Any]) -> None:
    own = describe(service)
    for path, methods in own["paths"].items():
        for method, operation in methods.items():
            told = whole["paths"][f"/{service.name}{path}" if path == CHANGES else path][method]
            assert told["tags"] == [f"{service.name} {tag}" for tag in operation["tags"]]
            assert _spelt_out(told["responses"]["200"], whole) == _spelt_out(operation["responses"]["200"], own)
            if "requestBody" in operation:
                assert _spelt_out(told["requestBody"], whole) == _spelt_out(operation["requestBody"], own)


def test_what_two_services_mean_by_one_word_has_two_names(whole: dict[str, Any]) -> None:
    schemas = whole["components"]["schemas"]
    assert "Requirement" not in schemas
    assert schemas["OnboardingRequirement"] != schemas["CoachingRequirement"]
    assert "Receipt" in schemas


def test_two_services_at_one_path_are_no_platform() -> None:
    with pytest.raises(ValueError, match="answered by two"):
        describe_all([ALL[0], replace(ALL[0], name="another")])


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(reference := part.get("$ref"), str):
            yield reference
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _references(each)


def _spelt_out(part: Any, document: dict[str, Any], under: tuple[str, ...] = ()) -> str:
    """With what references lead to in their place; a shape within itself is told once."""
    return json.dumps(_spelt(part, document, under), sort_keys=True)


def _spelt(part: Any, document: dict[str, Any], under: tuple[str, ...]) -> Any:
    if isinstance(part, list):
        return [_spelt(each, document, under) for each in part]
    if not isinstance(part, dict):
        return part
    reference = part.get("$ref")
    if not isinstance(reference, str):
        return {name: _spelt(each, document, under) for name, each in part.items()}
    if reference in under:
        return "itself"
    _, kind, name = reference.removeprefix("#/").split("/")
    return _spelt(document["components"][kind][name], document, (*under, reference))
