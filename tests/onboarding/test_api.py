"""Relations that onboarding's lines turn on."""

import pytest

from services.onboarding.api import ASKS
from services.onboarding.deciders.preview import AcknowledgePreview, WithdrawCandidate
from services.onboarding.deciders.team import AppointDeputy
from shared.core.access import Rule
from shared.core.decider import Command

BY_COMMAND = {ask.command: ask for ask in ASKS}


@pytest.mark.parametrize("command", [AcknowledgePreview, WithdrawCandidate])
def test_a_candidate_speaks_for_nobody_else(command: type[Command]) -> None:
    assert BY_COMMAND[command].rules == (Rule("C", "self", "candidate_id"), Rule("H"))


def test_a_supervisor_appoints_a_deputy_in_the_own_team_only() -> None:
    assert BY_COMMAND[AppointDeputy].rules == (Rule("H"), Rule("M"), Rule("S", "team", "team_id"))
