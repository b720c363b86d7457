"""May this caller ask this? The line beside the route says; what no line allows is refused, and nothing is asked."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.core.access import Ask, Caller, Directory, Rule
from shared.core.decider import Command
from shared.web import problems
from shared.web.scope import MANAGER, has_role
from shared.web.view import as_id
from shared.web.views import Opens

TEAM = "team_id"


def rules_for(ask: Ask, caller: Caller) -> list[Rule]:
    """What the roles alone can tell, before the body is read; raises the 403."""
    rules = [rule for rule in ask.rules if has_role(caller, rule.role)]
    if not rules:
        raise problems.not_allowed()
    return rules


class Relations:
    """The relations of one caller, looked up only when a rule turns on them."""

    def __init__(self, directory: Directory, caller: Caller, opens: Opens, day: date) -> None:
        self._directory, self._caller, self._opens, self._day = directory, caller, opens, day

    async def require(self, rules: list[Rule], command: Command) -> None:
        """Raises the 403 unless one of the rules is met; those that need no look-up are tried first."""
        for rule in sorted(rules, key=lambda rule: ("org", "self", "team").index(rule.relation)):
            if await self._met(rule, command):
                return
        raise problems.not_allowed()

    async def _met(self, rule: Rule, command: Command) -> bool:
        match rule.relation:
            case "org":
                limited = rule.role == MANAGER and self._caller.site is not None
                return not limited or await self._at_site(command)
            case "self":
                return str(getattr(command, rule.field)) == self._caller.person_id
            case "team":
                return await self._leads(getattr(command, rule.field), is_team=rule.field.endswith(TEAM))

    async def _leads(self, subject: Any, *, is_team: bool) -> bool:
        caller = as_id(self._caller.person_id)
        subjects = subject if isinstance(subject, (tuple, list)) else (subject,)
        if caller is None or not subjects or None in subjects:
            return False
        led = await self._directory.leads(await self._opens(), caller, self._day)
        if not led:
            return False
        teams = subjects if is_team else [await self._team_of(person) for person in subjects]
        return all(team in led for team in teams)

    async def _at_site(self, command: Command) -> bool:
        """A manager of one site is refused what is known to be of another; what is of none is for the decider."""
        team = getattr(command, TEAM, None)
        if team is None and isinstance(person := getattr(command, "person_id", None), UUID):
            team = await self._team_of(person)
        if team is None or self._caller.site is None:
            return True
        view = await self._opens()
        if team in await self._directory.teams_at(view, self._caller.site):
            return True
        return await self._directory.zone_of(view, team) is None

    async def _team_of(self, person: UUID) -> UUID | None:
        return await self._directory.team_of(await self._opens(), person, self._day)
