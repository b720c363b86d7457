"""Every line about who may ask names roles and fields that exist, and its command shows an example that is taken."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from shared.core.access import ROLES, Ask
from shared.core.decider import Command
from shared.ops.found import names, service, services
from shared.web.examples import WRITTEN_ON

HAS_COME = {"in-the-future", "held-in-future"}
IS_TO_COME = {"in-the-past", "follow-up-in-past", "beyond-horizon"}
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


@pytest.mark.parametrize("ask", ASKS, ids=name_of)
def test_an_example_tried_on_the_day_it_is_told_on_is_not_refused_for_its_days(ask: Ask) -> None:
    """What must have happened lies before that day, and what must be ahead after it."""
    (example,) = ask.command.model_json_schema()["examples"]
    days = sorted(days_in(example))
    if HAS_COME & ask.command.refused.keys():
        assert days[0] <= WRITTEN_ON
    if IS_TO_COME & ask.command.refused.keys():
        assert days[-1] >= WRITTEN_ON


def days_in(example: Any) -> Iterator[date]:
    match example:
        case dict() | list():
            for part in example.values() if isinstance(example, dict) else example:
                yield from days_in(part)
        case str() if example[4:5] == example[7:8] == "-" and example[:4].isdigit():
            yield date.fromisoformat(example[:10])
