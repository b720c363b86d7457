"""Everything a person may ask has its line, with an example; what only machines ask has none."""

import json
from collections import Counter

import pytest

from services.onboarding.api import ASKS
from services.onboarding.deciders.journey import AskReview, BeginStages, MarkStalled, MoveJourney, journey
from services.onboarding.deciders.material import material
from services.onboarding.deciders.person import person
from services.onboarding.deciders.preview import AcknowledgePreview, WithdrawCandidate, preview
from services.onboarding.deciders.team import AppointDeputy, team
from services.onboarding.deciders.template import template
from services.onboarding.deciders.welcome import FlagKitMissing, PrepareWelcome, welcome
from shared.core.access import ROLES, Ask, Rule
from shared.core.decider import Command

DECIDERS = (team, person, material, preview, template, welcome, journey)
MACHINES_ASK = {PrepareWelcome, FlagKitMissing, MoveJourney, BeginStages, MarkStalled, AskReview}
BY_COMMAND = {ask.command: ask for ask in ASKS}


def name_of(ask: Ask) -> str:
    return ask.command.__name__


def test_every_command_has_one_line_or_is_asked_by_machines_alone() -> None:
    commands = {command for decider in DECIDERS for command in decider.command_types}
    assert set(BY_COMMAND) == commands - MACHINES_ASK
    assert max(Counter(ask.command for ask in ASKS).values()) == 1


@pytest.mark.parametrize("ask", ASKS, ids=name_of)
def test_a_line_names_roles_and_fields_that_exist(ask: Ask) -> None:
    assert ask.rules
    for rule in ask.rules:
        assert rule.role in ROLES
        assert not rule.field or rule.field in ask.command.model_fields


@pytest.mark.parametrize("ask", ASKS, ids=name_of)
def test_a_command_shows_an_example_that_would_be_taken(ask: Ask) -> None:
    (example,) = ask.command.model_json_schema()["examples"]
    assert isinstance(ask.command.model_validate_json(json.dumps(example), strict=True, extra="forbid"), Command)


@pytest.mark.parametrize("command", [AcknowledgePreview, WithdrawCandidate])
def test_a_candidate_speaks_for_nobody_else(command: type[Command]) -> None:
    assert BY_COMMAND[command].rules == (Rule("C", "self", "candidate_id"), Rule("H"))


def test_a_supervisor_appoints_a_deputy_in_the_own_team_only() -> None:
    assert BY_COMMAND[AppointDeputy].rules == (Rule("H"), Rule("M"), Rule("S", "own team", "team_id"))
