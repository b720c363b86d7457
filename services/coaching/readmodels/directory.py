"""Who is in which team, and who leads it: asked for who may ask and see what. It has no route."""

from services.coaching.inbox.directory import PersonFact, TeamFact
from shared.core.directory import Facts, Member, Team, rows
from shared.core.readmodel import ReadModel
from shared.web.directory import PeopleAndTeams

read_model = ReadModel("directory", version=3, rows=rows(Facts.of(TeamFact | PersonFact)))
directory = PeopleAndTeams((read_model,), Member, Team)
