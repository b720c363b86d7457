"""Whose team is whose: what the kit resolves relations and time zones from."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from services.onboarding.readmodels import people, teams
from services.onboarding.readmodels.people import Person, team_on
from services.onboarding.readmodels.teams import Team, leader_on
from shared.core.readmodel import ReadModel


class PeopleAndTeams:
    """The directory of onboarding, which owns people and teams: their read models."""

    reads: Sequence[ReadModel] = (people.read_model, teams.read_model)

    async def team_of(self, view: Any, person_id: UUID, day: date) -> UUID | None:
        row = view[Person]
        found = await view.first(select(team_on(row, day)).where(row.c.person_id == person_id))
        return found[0] if found else None

    async def leads(self, view: Any, person_id: UUID, day: date) -> frozenset[UUID]:
        row = view[Team]
        near = or_(row.c.supervisor_id == person_id, row.c.deputy_id == person_id, row.c.since > day)
        leads = (leader_on(row, part, day) == person_id for part in ("supervisor_id", "deputy_id"))
        found = await view.all(select(row.c.team_id).where(near, or_(*leads)))
        return frozenset(team_id for (team_id,) in found)

    async def teams_at(self, view: Any, site: str) -> frozenset[UUID]:
        row = view[Team]
        found = await view.all(select(row.c.team_id).where(row.c.site == site))
        return frozenset(team_id for (team_id,) in found)

    async def zone_of(self, view: Any, team_id: UUID) -> str | None:
        row = view[Team]
        found = await view.first(select(row.c.time_zone).where(row.c.team_id == team_id))
        return found[0] if found else None

    async def zones(self, view: Any) -> dict[UUID, str]:
        row = view[Team]
        found = await view.all(select(row.c.team_id, row.c.time_zone).where(row.c.time_zone.is_not(None)))
        return dict(found)


directory = PeopleAndTeams()
