"""Which rows a caller may see: the organisation's, a site's, those of the teams they lead, or their own."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Uuid, bindparam, false, or_, true

from shared.core.access import ANY, ROLES, Caller
from shared.web import problems

RELATIONS = ("self", "team", "site", "org", "everybody")
OUTSIDERS = frozenset("CO")
OVERSEER, MANAGER, LEADER, PLANNER, ANALYST = "H", "M", "S", "P", "N"

OWN: Final = bindparam("own", type_=Uuid)
LED: Final = bindparam("led", type_=Uuid, expanding=True)
AT_SITE: Final = bindparam("at_site", type_=Uuid, expanding=True)

Column = ColumnElement[Any]


@dataclass(frozen=True)
class Scope:
    """The caller's teams today: those they lead, and those of their site if they are limited to one."""

    led: frozenset[UUID] = frozenset()
    at_site: frozenset[UUID] | None = None

    @property
    def values(self) -> dict[str, Any]:
        return {LED.key: list(self.led), AT_SITE.key: list(self.at_site or ())}


@dataclass(frozen=True)
class Sight:
    """The rows that may be seen, and whether marked columns are hidden in them. The same for callers of one kind."""

    rows: ColumnElement[bool]
    masked: bool


def has_role(caller: Caller, role: str) -> bool:
    return bool(caller.roles - OUTSIDERS) if role == ANY else role in caller.roles


@dataclass(frozen=True)
class Own:
    """Rows about the caller. Whoever is named by no id has none."""

    person: UUID | None


@dataclass(frozen=True)
class Of:
    """Rows of these teams, which are `bound` when they are asked for."""

    teams: frozenset[UUID]
    bound: BindParameter[Any]


class Whole:
    """Every row of the organisation."""


Grant = Whole | Own | Of
WHOLE = Whole()


def grants(caller: Caller, scope: Scope, by: Sequence[str]) -> dict[str, Grant]:
    """What each of these relations, or roles that see every row, lets the caller see, if they have it."""
    if unknown := set(by) - set(RELATIONS) - ROLES.keys():
        raise ValueError(f"nobody is related to rows by {unknown}")
    return {one: grant for one in by if (grant := _grant(one, caller, scope)) is not None}


def sight(caller: Caller, scope: Scope, by: Sequence[str], person: Column | None, team: Column | None) -> Sight:
    """`by` names relations, or roles that see every row: "P" sees those of their site, "N" no marked columns.

    Who has none of them gets 404, as if there were nothing.
    """
    found = grants(caller, scope, by)
    if not found:
        raise problems.not_found()
    masked = ANALYST in found and not any(one != ANALYST and grant is WHOLE for one, grant in found.items())
    return Sight(or_(false(), *(_rows(grant, person, team) for grant in found.values())), masked)


def covers(found: Iterable[Grant], persons: Collection[UUID], teams: Collection[UUID | None]) -> bool:
    """The same for a row that is about these people and teams."""
    for grant in found:
        match grant:
            case Whole():
                return True
            case Own(person) if person in persons:
                return True
            case Of(theirs, _) if not theirs.isdisjoint(teams):
                return True
    return False


def _grant(one: str, caller: Caller, scope: Scope) -> Grant | None:
    match one:
        case "self":
            return _own(caller)
        case "team":
            return Of(scope.led, LED) if LEADER in caller.roles else None
        case "org":
            whole = OVERSEER in caller.roles or (MANAGER in caller.roles and caller.site is None)
            return WHOLE if whole else None
        case "everybody":
            return WHOLE if has_role(caller, ANY) else None
        case "site" | "P":
            role = MANAGER if one == "site" else PLANNER
            return _at_site(scope) if role in caller.roles else None
    return WHOLE if one in caller.roles else None


def _own(caller: Caller) -> Grant | None:
    """A guest or an operator is no person of the organisation."""
    if not has_role(caller, ANY):
        return None
    try:
        return Own(UUID(caller.person_id))
    except ValueError:
        return Own(None)


def _at_site(scope: Scope) -> Grant:
    return WHOLE if scope.at_site is None else Of(scope.at_site, AT_SITE)


def _rows(grant: Grant, person: Column | None, team: Column | None) -> Column:
    match grant:
        case Own():
            return _needed(person, "person") == OWN if grant.person is not None else false()
        case Of():
            return _needed(team, "team").in_(grant.bound)
        case Whole():
            return true()


def _needed(column: Column | None, name: str) -> Column:
    if column is None:
        raise ValueError(f"to be seen by this relation, rows must say their {name}=")
    return column
