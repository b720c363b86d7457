"""Heard from onboarding: teams, who leads them, and the people in them."""

from datetime import date
from uuid import UUID

from shared.core.event import Event


class TeamFormed(Event, name="onboarding.team-formed"):
    """A team exists at a site; its time zone decides its days."""

    team_id: UUID
    name: str
    site: str
    time_zone: str


class TeamRenamed(Event, name="onboarding.team-renamed"):
    """The team goes by another name."""

    team_id: UUID
    name: str


class SupervisorAppointed(Event, name="onboarding.supervisor-appointed"):
    """From this day the team has this supervisor, and this deputy or none."""

    team_id: UUID
    supervisor_id: UUID
    deputy_id: UUID | None = None
    since: date


class TeamDisbanded(Event, name="onboarding.team-disbanded"):
    """The team ends on this day."""

    team_id: UUID
    on: date


class PersonJoinedTeam(Event, name="onboarding.person-joined-team"):
    """A person works in a team from this day: coached from then on."""

    person_id: UUID
    team_id: UUID
    role_code: str
    joined_on: date


class PersonMovedTeam(Event, name="onboarding.person-moved-team"):
    """A person works in another team from this day."""

    person_id: UUID
    to_team_id: UUID
    from_day: date


class RoleChanged(Event, name="onboarding.role-changed"):
    """A person has another role from this day."""

    person_id: UUID
    role_code: str
    since: date


class PersonLeft(Event, name="onboarding.person-left"):
    """A person leaves the organisation after this last day."""

    person_id: UUID
    team_id: UUID
    last_day: date


TeamFact = TeamFormed | TeamRenamed | SupervisorAppointed | TeamDisbanded
PersonFact = PersonJoinedTeam | PersonMovedTeam | RoleChanged | PersonLeft
