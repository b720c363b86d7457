"""A team: formed at a site, led by a supervisor and a deputy, disbanded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import assert_never
from uuid import UUID

from services.onboarding.events.structure import SupervisorAppointed, TeamDisbanded, TeamEvent, TeamFormed, TeamRenamed
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, example, if_over, if_unknown, over, unknown
from shared.core.replacing import replace
from shared.core.types import Code, Day, Text80, TimeZone

NO_TEAM = if_unknown("team") | if_over("team")


class FormTeam(Command):
    """Form a team at a site. Its time zone decides its days."""

    model_config = example(
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        name="Invoicing and orders",
        site="tampere",
        time_zone="Europe/Helsinki",
    )
    refused = {"team-exists": "a team with this id was formed with another name, site or time zone"}
    team_id: UUID
    name: Text80
    site: Code
    time_zone: TimeZone


class RenameTeam(Command):
    """Give a team another name."""

    model_config = example(team_id="0195b1c0-0000-7000-8000-0000000000b1", name="Invoicing")
    refused = NO_TEAM
    team_id: UUID
    name: Text80


class AppointSupervisor(Command):
    """Appoint who leads a team from a day on, and the deputy. A day ahead counts from that day. Deputies planned for
    later days stand in for the new supervisor.
    """

    model_config = example(
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        supervisor_id="0195b1c0-0000-7000-8000-000000000002",
        deputy_id="0195b1c0-0000-7000-8000-000000000003",
        since="2027-02-01",
    )
    refused = NO_TEAM | {"deputy-is-supervisor": "the deputy is somebody else than the supervisor"}
    team_id: UUID
    supervisor_id: UUID
    deputy_id: UUID | None = None
    since: Day


class AppointDeputy(Command):
    """Appoint the deputy of whoever leads the team on that day; null means that there is none."""

    model_config = example(
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        deputy_id="0195b1c0-0000-7000-8000-000000000004",
        since="2027-03-15",
    )
    refused = NO_TEAM | {
        "deputy-is-supervisor": "the deputy is somebody else than the supervisor",
        "supervisor-missing": "a deputy stands in for a supervisor, and none is appointed for that day",
    }
    team_id: UUID
    deputy_id: UUID | None = None
    since: Day


class DisbandTeam(Command):
    """End a team; nobody joins it or moves to it any more."""

    model_config = example(team_id="0195b1c0-0000-7000-8000-0000000000b1", on="2027-12-31")
    refused = NO_TEAM
    team_id: UUID
    on: Day


TeamCommand = FormTeam | RenameTeam | AppointSupervisor | AppointDeputy | DisbandTeam


@dataclass(frozen=True, slots=True)
class Unformed:
    pass


@dataclass(frozen=True, slots=True)
class Formed:
    """`appointments` hold one per day, in order of their days: a later fact of a day replaces the earlier one."""

    formed: TeamFormed
    name: str
    appointments: tuple[SupervisorAppointed, ...] = ()

    def leads_on(self, day: date) -> SupervisorAppointed | None:
        return next((each for each in reversed(self.appointments) if each.since <= day), None)


@dataclass(frozen=True, slots=True)
class Disbanded:
    team: Formed
    on: date


Team = Unformed | Formed | Disbanded


def stream_of(team_id: UUID) -> str:
    return f"onboarding.team-{team_id}"


def decide(command: TeamCommand, team: Team, seen: Seen, asked: Asked) -> Sequence[TeamEvent]:
    match command:
        case FormTeam():
            return _form(command, team)
        case RenameTeam():
            return _rename(command, team)
        case AppointSupervisor():
            return _appoint_supervisor(command, team)
        case AppointDeputy():
            return _appoint_deputy(command, team)
        case DisbandTeam():
            return _disband(command, team)
        case _:
            assert_never(command)


def _form(command: FormTeam, team: Team) -> Sequence[TeamEvent]:
    formed = TeamFormed(**dict(command))
    if isinstance(team, Unformed):
        return [formed]
    if _known(team).formed == formed:
        return []
    raise Rejected("team-exists", "a team with this id was formed with another name, site or time zone")


def _rename(command: RenameTeam, team: Team) -> Sequence[TeamEvent]:
    if _known(team).name == command.name:
        return []
    _refuse_disbanded(team)
    return [TeamRenamed(**dict(command))]


def _appoint_supervisor(command: AppointSupervisor, team: Team) -> Sequence[TeamEvent]:
    told, before = _appoint(SupervisorAppointed(**dict(command)), team), _known(team).leads_on(command.since)
    if not told or before is None or before.supervisor_id == command.supervisor_id:
        return told
    later = (each for each in _known(team).appointments if each.since > command.since)
    under_before = takewhile(lambda each: each.supervisor_id == before.supervisor_id, later)
    return [*told, *(_under(command.supervisor_id, each) for each in under_before)]


def _under(supervisor_id: UUID, planned: SupervisorAppointed) -> SupervisorAppointed:
    deputy_id = None if planned.deputy_id == supervisor_id else planned.deputy_id
    return planned.model_copy(update={"supervisor_id": supervisor_id, "deputy_id": deputy_id})


def _appoint_deputy(command: AppointDeputy, team: Team) -> Sequence[TeamEvent]:
    leading = _known(team).leads_on(command.since)
    if leading is None:
        _refuse_disbanded(team)
        raise Rejected("supervisor-missing", "a deputy stands in for a supervisor, and none is appointed for that day")
    return _appoint(leading.model_copy(update=dict(command)), team)


def _appoint(appointed: SupervisorAppointed, team: Team) -> Sequence[TeamEvent]:
    if appointed in _known(team).appointments:
        return []
    _refuse_disbanded(team)
    if appointed.deputy_id == appointed.supervisor_id:
        raise Rejected("deputy-is-supervisor", "the deputy is somebody else than the supervisor")
    return [appointed]


def _disband(command: DisbandTeam, team: Team) -> Sequence[TeamEvent]:
    _known(team)
    if isinstance(team, Disbanded) and team.on == command.on:
        return []
    _refuse_disbanded(team)
    return [TeamDisbanded(**dict(command))]


def _known(team: Team) -> Formed:
    match team:
        case Unformed():
            raise unknown("team")
        case Formed():
            return team
        case Disbanded():
            return team.team
        case _:
            assert_never(team)


def _refuse_disbanded(team: Team) -> None:
    if isinstance(team, Disbanded):
        raise over("team")


def evolve(team: Team, event: TeamEvent) -> Team:
    assert isinstance(event, TeamFormed) or not isinstance(team, Unformed), "a team begins with TeamFormed"
    match event:
        case TeamFormed():
            return Formed(event, event.name)
        case TeamRenamed():
            return replace(_known(team), name=event.name)
        case SupervisorAppointed():
            return _appointed(_known(team), event)
        case TeamDisbanded():
            return Disbanded(_known(team), event.on)
        case _:
            assert_never(event)


def _appointed(team: Formed, event: SupervisorAppointed) -> Formed:
    others = (each for each in team.appointments if each.since != event.since)
    return replace(team, appointments=tuple(sorted((*others, event), key=lambda each: each.since)))


team: Decider[TeamCommand, Team, TeamEvent] = Decider(
    kind="team",
    commands=TeamCommand,
    events=TeamEvent,
    stream=lambda command: stream_of(command.team_id),
    initial=Unformed(),
    decide=decide,
    evolve=evolve,
)
