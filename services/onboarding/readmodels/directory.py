"""Whose team is whose: what the kit resolves relations and time zones from."""

from services.onboarding.readmodels import people, teams
from services.onboarding.readmodels.people import Person
from shared.core.directory import Team
from shared.web.directory import PeopleAndTeams

directory = PeopleAndTeams((people.read_model, teams.read_model), Person, Team)
