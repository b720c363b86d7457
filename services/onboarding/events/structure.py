"""Teams and the people in them. The other services hear these facts too."""

from datetime import date
from typing import Annotated
from uuid import UUID

from shared.core.event import Event, Personal


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
    """From this day the team has this supervisor, and this deputy or none, with the same rights."""

    team_id: UUID
    supervisor_id: UUID
    deputy_id: UUID | None = None
    since: date


class TeamDisbanded(Event, name="onboarding.team-disbanded"):
    """The team ends on this day."""

    team_id: UUID
    on: date


TeamEvent = TeamFormed | TeamRenamed | SupervisorAppointed | TeamDisbanded


class PersonJoinedTeam(Event, name="onboarding.person-joined-team"):
    """A person works in a team from this day; told again, it corrects the name, the role or the day."""

    person_id: UUID
    team_id: UUID
    display_name: Annotated[str | None, Personal("person_id")]
    role_code: str
    joined_on: date


class PersonMovedTeam(Event, name="onboarding.person-moved-team"):
    """A person works in another team from this day."""

    person_id: UUID
    from_team_id: UUID
    to_team_id: UUID
    from_day: date


class RoleChanged(Event, name="onboarding.role-changed"):
    """A person has another role from this day."""

    person_id: UUID
    role_code: str
    since: date


class PersonLeft(Event, name="onboarding.person-left"):
    """A person leaves the organisation after this last day; the reason is personal."""

    person_id: UUID
    team_id: UUID
    last_day: date
    reason: Annotated[str | None, Personal("person_id")]


PersonEvent = PersonJoinedTeam | PersonMovedTeam | RoleChanged | PersonLeft
