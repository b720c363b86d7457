"""Every line about who may ask names roles and fields that exist, and its command shows an example that is taken."""

import json
from collections import Counter

import pytest

from shared.core.access import ROLES, Ask
from shared.core.decider import Command
from shared.ops.found import names, service, services

ASKS = [ask for each in services() for ask in each.asks]


def name_of(ask: Ask) -> str:
    return ask.command.__name__


@pytest.mark.parametrize("name", names())
def test_every_line_is_about_a_command_of_its_own(name: str) -> None:
    asks = service(name).asks
    commands = {command for decider in service(name).deciders for command in decider.command_types}
    assert {ask.command for ask in asks} <= commands
    assert max(Counter(ask.command for ask in asks).values()) == 1


@pytest.mark.parametrize("ask", ASKS, ids=name_of)
def test_a_line_names_roles_and_fields_that_exist(ask: Ask) -> None:
    assert ask.rules
    for rule in ask.rules:
        assert rule.role in set(ROLES) | {"*"}
        assert not rule.field or rule.field in ask.command.model_fields


@pytest.mark.parametrize("ask", ASKS, ids=name_of)
def test_a_command_shows_an_example_that_would_be_taken(ask: Ask) -> None:
    (example,) = ask.command.model_json_schema()["examples"]
    assert isinstance(ask.command.model_validate_json(json.dumps(example), strict=True, extra="forbid"), Command)
