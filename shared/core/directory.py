"""Who is where from which day, and who leads: rows by day, because moves and appointments are recorded ahead.

The service that owns people and teams and those that hear of them keep the same rows. Each names its own fact classes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import attrgetter, or_
from typing import Any, NamedTuple
from uuid import UUID

from shared.core.event import Recorded, Shape, event_types
from shared.core.readmodel import Rows


class Stay(Shape):
    """A time in a team, from this day on."""

    team_id: UUID
    from_day: date


Stays = tuple[Stay, ...]


class Lead(Shape):
    """Who led a team from this day on."""

    since: date
    supervisor_id: UUID
    deputy_id: UUID | None


@dataclass(frozen=True, slots=True)
class Member:
    """`team_id` is that of the latest stay, which may lie ahead; `before` are the stays it follows, oldest first."""

    person_id: UUID
    role_code: str | None = None
    joined_on: date | None = None
    left_on: date | None = None
    team_id: UUID | None = None
    from_day: date | None = None
    before: Stays = ()


@dataclass(frozen=True, slots=True)
class Team:
    """The latest appointment may lie ahead; `before` are those it follows, oldest first."""

    team_id: UUID
    name: str | None = None
    site: str | None = None
    time_zone: str | None = None
    supervisor_id: UUID | None = None
    deputy_id: UUID | None = None
    since: date | None = None
    before: tuple[Lead, ...] = ()
    disbanded_on: date | None = None


class Facts(NamedTuple):
    """The classes of the facts that tell of teams and people."""

    team_formed: type[Any]
    team_renamed: type[Any]
    supervisor_appointed: type[Any]
    team_disbanded: type[Any]
    person_joined_team: type[Any]
    person_moved_team: type[Any]
    role_changed: type[Any]
    person_left: type[Any]

    @classmethod
    def of(cls, union: Any) -> "Facts":
        """Of a union that has these eight, known by their stored names; what else is in it tells nothing here."""
        named = {name.partition(".")[2].replace("-", "_"): event for name, event in event_types(union).items()}
        return cls(**{field: named[field] for field in cls._fields})


def rows(facts: Facts) -> list[Rows]:
    of_teams, of_people = facts[:4], facts[4:]
    teams = Rows(
        Team,
        key=("team_id",),
        hears=reduce(or_, of_teams),
        rows_of=lambda event, _: event.team_id,
        fold=_team(facts),
        indexes=(("supervisor_id",), ("deputy_id",), ("since",)),
    )
    people = Rows(
        Member,
        key=("person_id",),
        hears=reduce(or_, of_people),
        rows_of=lambda event, _: event.person_id,
        fold=_member(facts),
        indexes=(("team_id",), ("from_day",)),
    )
    return [teams, people]


def _team(facts: Facts) -> Callable[[Team | None, Any, Recorded], Team]:
    def fold(row: Team | None, event: Any, _: Recorded) -> Team:
        row = row or Team(event.team_id)
        if isinstance(event, facts.team_formed):
            return replace(row, name=event.name, site=event.site, time_zone=event.time_zone)
        if isinstance(event, facts.team_renamed):
            return replace(row, name=event.name)
        if isinstance(event, facts.team_disbanded):
            return replace(row, disbanded_on=event.on)
        *before, latest = leads_with(Lead.model_validate(event, from_attributes=True), row)
        return replace(row, **dict(latest), before=tuple(before))

    return fold


def leads_with(told: Lead, row: Team) -> tuple[Lead, ...]:
    """Who led and leads from which day, oldest first: one appointment a day, and planned ones stand."""
    known = row.before
    if row.since is not None and row.supervisor_id is not None:
        known = (*known, Lead(since=row.since, supervisor_id=row.supervisor_id, deputy_id=row.deputy_id))
    others = (lead for lead in known if lead.since != told.since)
    return tuple(sorted((*others, told), key=attrgetter("since")))


def _member(facts: Facts) -> Callable[[Member | None, Any, Recorded], Member]:
    def fold(row: Member | None, event: Any, _: Recorded) -> Member:
        row = row or Member(event.person_id)
        if isinstance(event, facts.person_joined_team):
            told = Stay(team_id=event.team_id, from_day=event.joined_on)
            came = replace(row, role_code=event.role_code, joined_on=event.joined_on, left_on=None)
            return replace(came, **columns_of(joining(stays_of(row), told, row.joined_on, row.left_on)))
        if isinstance(event, facts.person_moved_team):
            told = Stay(team_id=event.to_team_id, from_day=event.from_day)
            return replace(row, **columns_of(moving(stays_of(row), told)))
        if isinstance(event, facts.role_changed):
            return replace(row, role_code=event.role_code)
        return replace(row, left_on=event.last_day)

    return fold


def joining(known: Stays, told: Stay, joined_on: date | None, left_on: date | None) -> Stays:
    """The stays of one who joins. `joined_on` and `left_on` are the first day and the last one told of before.

    Beyond the last day it all begins anew. Otherwise a record is corrected: its own stay gives way, later moves stand.
    Told of the same first day and a team they moved to, it's the name or the role that is corrected: all stays stand.
    """
    if left_on is not None and told.from_day > left_on:
        return (told,)
    if told.from_day == joined_on and any(stay.team_id == told.team_id for stay in known):
        return known
    return (told, *(stay for stay in known if stay.from_day > told.from_day and stay.from_day != joined_on))


def moving(known: Stays, told: Stay) -> Stays:
    """The stays of one who moves: one a day, oldest first, and those that lie ahead stand."""
    earlier = (stay for stay in known if stay.from_day < told.from_day)
    return (*earlier, told, *(stay for stay in known if stay.from_day > told.from_day))


def stays_of(row: Any) -> Stays:
    """What the columns of a row hold, oldest first."""
    if row.team_id is None or row.from_day is None:
        return ()
    return (*row.before, Stay(team_id=row.team_id, from_day=row.from_day))


def columns_of(stays: Stays) -> dict[str, Any]:
    *before, latest = stays
    return {"team_id": latest.team_id, "from_day": latest.from_day, "before": tuple(before)}
