"""A person in the organisation: joins a team, moves, changes role, leaves, and may join again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from uuid import UUID

from services.onboarding.deciders.person.commands import ChangeRole, JoinTeam, MoveToTeam, PersonCommand, RecordLeaving
from services.onboarding.deciders.team import Formed, team
from services.onboarding.deciders.team import stream_of as team_stream
from services.onboarding.events.structure import PersonEvent, PersonJoinedTeam, PersonLeft, PersonMovedTeam, RoleChanged
from shared.core.decider import Asked, Decider, Look, LookUps, Rejected, Seen, unknown
from shared.core.directory import Stay, Stays, joining, moving
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Employed:
    """`stays` begin with the joining; the role is the newest one told."""

    joined: PersonJoinedTeam
    stays: Stays
    role: tuple[str, date]

    def team_on(self, day: date) -> UUID:
        """The team of that day; before the first one, the team that is joined first."""
        return next((stay.team_id for stay in reversed(self.stays) if stay.from_day <= day), self.stays[0].team_id)


@dataclass(frozen=True, slots=True)
class Left:
    employed: Employed
    last_day: date


Person = Unknown | Employed | Left


def stream_of(person_id: UUID) -> str:
    return f"onboarding.person-{person_id}"


def look_ups(command: PersonCommand, person: Person) -> LookUps:
    match command:
        case JoinTeam() | MoveToTeam():
            return {"team": Look(team, team_stream(command.team_id))}
        case ChangeRole() | RecordLeaving():
            return {}
        case _:
            assert_never(command)


def decide(command: PersonCommand, person: Person, seen: Seen, asked: Asked) -> Sequence[PersonEvent]:
    match command:
        case JoinTeam():
            return _join(command, person, seen, asked)
        case MoveToTeam():
            return _move(command, person, seen)
        case ChangeRole():
            return _change_role(command, person)
        case RecordLeaving():
            return _leave(command, person)
        case _:
            assert_never(command)


def _join(command: JoinTeam, person: Person, seen: Seen, asked: Asked) -> Sequence[PersonEvent]:
    joined = PersonJoinedTeam(**dict(command))
    match person:
        case Employed() if person.joined == joined:
            return []
        case Employed() if person.team_on(asked.day) == joined.team_id:
            return [joined]
        case Employed():
            _refuse_closed(seen)
            raise Rejected("already-in-team", "the person is in another team: move there instead")
        case Unknown() | Left():
            _refuse_closed(seen)
            return [joined]
        case _:
            assert_never(person)


def _move(command: MoveToTeam, person: Person, seen: Seen) -> Sequence[PersonEvent]:
    """Nobody is in a team before the first day: a move dated earlier counts from that day."""
    employed = known(person)
    from_day = max(command.from_day, employed.joined.joined_on)
    before = employed.team_on(from_day)
    told = Stay(team_id=command.team_id, from_day=from_day)
    if told in employed.stays:
        return []
    if isinstance(person, Left) and from_day > person.last_day:
        raise Rejected("person-left", "the person has left by that day")
    if before == told.team_id:
        return []
    _refuse_closed(seen)
    return [
        PersonMovedTeam(person_id=command.person_id, from_team_id=before, to_team_id=command.team_id, from_day=from_day)
    ]


def _change_role(command: ChangeRole, person: Person) -> Sequence[PersonEvent]:
    if known(person).role == (command.role_code, command.since):
        return []
    if isinstance(person, Left):
        raise Rejected("person-left", "the person has left, or the last day is known")
    return [RoleChanged(**dict(command))]


def _leave(command: RecordLeaving, person: Person) -> Sequence[PersonEvent]:
    match person:
        case Unknown():
            raise unknown("person")
        case Employed():
            return [PersonLeft(**dict(command), team_id=person.team_on(command.last_day))]
        case Left() if person.last_day == command.last_day:
            return []
        case Left():
            raise Rejected("already-left", "the person left on another day: take them into the team again first")
        case _:
            assert_never(person)


def known(person: Person) -> Employed:
    match person:
        case Unknown():
            raise unknown("person")
        case Employed():
            return person
        case Left():
            return person.employed
        case _:
            assert_never(person)


def _refuse_closed(seen: Seen) -> None:
    if not isinstance(seen.team, Formed):
        raise unknown("team")


def evolve(person: Person, event: PersonEvent) -> Person:
    assert isinstance(event, PersonJoinedTeam) or not isinstance(person, Unknown), (
        "a person begins with PersonJoinedTeam"
    )
    match event:
        case PersonJoinedTeam():
            return Employed(event, _stays(person, event), (event.role_code, event.joined_on))
        case PersonMovedTeam():
            return _moved(person, Stay(team_id=event.to_team_id, from_day=event.from_day))
        case RoleChanged():
            return replace(known(person), role=(event.role_code, event.since))
        case PersonLeft():
            return Left(known(person), event.last_day)
        case _:
            assert_never(event)


def _moved(person: Person, told: Stay) -> Employed | Left:
    """Who moves before the last day leaves on it all the same."""
    employed = known(person)
    moved = replace(employed, stays=moving(employed.stays, told))
    return replace(person, employed=moved) if isinstance(person, Left) else moved


def _stays(person: Person, event: PersonJoinedTeam) -> Stays:
    told = Stay(team_id=event.team_id, from_day=event.joined_on)
    match person:
        case Unknown():
            return (told,)
        case Employed():
            return joining(person.stays, told, person.joined.joined_on, None)
        case Left():
            return joining(person.employed.stays, told, person.employed.joined.joined_on, person.last_day)
        case _:
            assert_never(person)


person: Decider[PersonCommand, Person, PersonEvent] = Decider(
    kind="person",
    commands=PersonCommand,
    events=PersonEvent,
    stream=lambda command: stream_of(command.person_id),
    initial=Unknown(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "ChangeRole",
    "Employed",
    "JoinTeam",
    "Left",
    "MoveToTeam",
    "Person",
    "PersonCommand",
    "RecordLeaving",
    "known",
    "person",
    "stream_of",
]
