"""The description is complete, valid, and told from the same sources as the routes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.core.access import Ask, may
from shared.core.clock import MovableClock
from shared.core.decider import Command, example
from shared.core.event import Shape
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.web.commands import path_of
from shared.web.describe import describe
from shared.web.examples import WRITTEN_ON
from shared.web.queries import Page, Reads
from shared.web.requests import CHANGES
from tests.shared.web.bank import Roster, account_lines, bank, roster
from tests.shared.web.bank_deciders import Label, OpenAccount, PayIn
from tests.shared.web.conftest import Api, client_of

METHODS = ("get", "post")


@pytest.fixture
def document() -> dict[str, Any]:
    return describe(bank)


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [path[method] for path in document["paths"].values() for method in METHODS if method in path]


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")


def test_every_command_and_query_is_there_under_its_own_id(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {path_of(ask.command) for ask in bank.asks} | {"/v1/account-lines", CHANGES}
    ids = [operation["operationId"] for operation in operations(document)]
    assert sorted(ids) == [
        "blowWhistle",
        "formCrew",
        "joinCrew",
        "openAccount",
        "payIn",
        "readAccountLines",
        "watchBank",
    ]


def test_every_operation_tells_its_problems(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert {"200", "401", "422", "503"} <= set(operation["responses"])
    names = {
        response["$ref"] for op in operations(document) for response in op["responses"].values() if "$ref" in response
    }
    for name in names:
        told = document["components"]["responses"][name.rpartition("/")[2]]
        if name.rpartition("/")[2].startswith("Problem"):
            assert told["content"]["application/problem+json"]["schema"]["allOf"][0]["$ref"].endswith("/Problem")
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_command_tells_who_may(document: dict[str, Any]) -> None:
    assert "`S` supervisor" in document["info"]["description"]
    told = {path: one["post"]["description"] for path, one in document["paths"].items() if "post" in one}
    rules = {path_of(ask.command): [rule.words for rule in ask.rules] for ask in bank.asks}
    assert told.keys() == rules.keys()
    assert all(told[path].endswith(f"Who may: {', '.join(words)}.") for path, words in rules.items())


def test_every_query_tells_who_may(document: dict[str, Any]) -> None:
    described = document["paths"]["/v1/account-lines"]["get"]["description"]
    assert described.endswith(f"Who may: {account_lines.seen_by}.")
    assert "404 for everybody else" in document["info"]["description"]


def told_codes(response: dict[str, Any]) -> list[str]:
    """The codes that a client is generated from; the words beside are about each of them."""
    (content,) = response["content"].values()
    codes: list[str] = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
    assert [line.split("`")[1] for line in response["description"].splitlines()[2:]] == codes
    return codes


def test_every_command_tells_what_it_is_refused_for(document: dict[str, Any]) -> None:
    everyone = ["invalid", "idempotency-key-reused", "actor-unknown"]
    for ask in bank.asks:
        refusal = document["paths"][path_of(ask.command)]["post"]["responses"]["422"]
        assert told_codes(refusal) == [*ask.command.refused, *everyone]
        assert all(f"- `{code}`: {when}" in refusal["description"] for code, when in ask.command.refused.items())
    assert list(PayIn.refused) == ["unknown-account", "unlucky-amount"]


def test_every_problem_tells_its_codes(document: dict[str, Any]) -> None:
    told = {name: told_codes(one) for name, one in document["components"]["responses"].items() if "Problem" in name}
    assert told["Problem403"] == ["not-allowed"]
    assert {"unavailable", "not-yet", "parked"} <= set(told["Problem503"])


def test_a_command_takes_no_unknown_field_at_any_depth(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["OpenAccount"]["additionalProperties"] is False
    assert schemas["Label"]["additionalProperties"] is False


def test_examples_are_commands(document: dict[str, Any]) -> None:
    content = document["paths"]["/v1/open-account"]["post"]["requestBody"]["content"]["application/json"]
    assert OpenAccount.model_validate(content["example"]).labels


class TagItem(Shape):
    label: Label


class Retag(Command):
    label: Label


def test_a_shape_that_is_also_answered_has_two_schemas() -> None:
    """Open where it is read, closed where it is asked."""

    async def read(view: Reads) -> Page[TagItem]:
        raise NotImplementedError

    tags = ReadModel("tags", 1, account_lines.rows, read)
    service = Service("tags", bank.events, (), [Ask(Retag, may("H"))], Roster(), read_models=[roster, tags])
    document = describe(service)
    OpenAPIV31SpecValidator(document).validate()
    schemas = document["components"]["schemas"]
    assert "additionalProperties" not in schemas["Label"]
    assert schemas["LabelInput"]["additionalProperties"] is False
    assert schemas["Retag"]["properties"]["label"]["$ref"].endswith("/LabelInput")
    assert schemas["TagItem"]["properties"]["label"]["$ref"].endswith("/Label")


def test_schemas_have_names_that_a_generated_client_can_bear(document: dict[str, Any]) -> None:
    page = document["paths"]["/v1/account-lines"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert page == {"$ref": "#/components/schemas/LinePage"}
    assert all(name.isidentifier() and "_" not in name for name in document["components"]["schemas"])


class Meet(Command):
    model_config = example(on="2027-03-08", told={"at": ["2027-02-26T10:00:00+02:00"]}, code="2027-W09", nights=3)
    on: date
    told: dict[str, tuple[datetime, ...]]
    code: str
    nights: int


MEETINGS = replace(bank, asks=[Ask(Meet, may("H"))])


def meeting_on(day: date) -> Any:
    """What is shown of it to somebody who would try it on that day."""
    document = describe(MEETINGS, day=day)
    (shown,) = document["components"]["schemas"]["Meet"]["examples"]
    assert document["paths"]["/v1/meet"]["post"]["requestBody"]["content"]["application/json"]["example"] == shown
    return shown


def test_examples_are_as_far_from_the_day_of_trying_as_from_that_of_writing() -> None:
    assert meeting_on(WRITTEN_ON) == Meet.model_json_schema()["examples"][0]
    there = {"on": "2031-01-08", "told": {"at": ["2030-12-29T10:00:00+02:00"]}, "code": "2027-W09", "nights": 3}
    assert meeting_on(date(2031, 1, 1)) == there


async def test_it_is_served_as_of_today(make_api: Api) -> None:
    clock = MovableClock()
    api = make_api(service=MEETINGS, clock=clock)
    async with client_of(api) as client:
        for day in (4, 5):
            clock.set(datetime(2031, 1, day, 22, 30, tzinfo=UTC))  # half past midnight in Helsinki
            served = (await client.get("/openapi.json")).json()
            assert served == describe(MEETINGS, day=date(2031, 1, day + 1))
            assert served != api.openapi() == describe(MEETINGS)
