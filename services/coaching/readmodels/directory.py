"""Who is in which team, and who leads it: asked for who may ask and see what. It has no route."""

from services.coaching.inbox.directory import (
    PersonJoinedTeam,
    PersonLeft,
    PersonMovedTeam,
    RoleChanged,
    SupervisorAppointed,
    TeamDisbanded,
    TeamFormed,
    TeamRenamed,
)
from shared.core.directory import Facts, Member, Team, rows
from shared.core.readmodel import ReadModel
from shared.web.directory import PeopleAndTeams

FACTS = Facts(
    team_formed=TeamFormed,
    team_renamed=TeamRenamed,
    supervisor_appointed=SupervisorAppointed,
    team_disbanded=TeamDisbanded,
    person_joined_team=PersonJoinedTeam,
    person_moved_team=PersonMovedTeam,
    role_changed=RoleChanged,
    person_left=PersonLeft,
)
read_model = ReadModel("directory", version=1, rows=rows(FACTS))
directory = PeopleAndTeams((read_model,), Member, Team)
