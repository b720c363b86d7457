"""Which rows a caller may see: the organisation's, a site's, those of the teams they lead, or their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, true

from shared.core.access import ANY, ROLES, Caller
from shared.web import problems

RELATIONS = ("self", "team", "site", "org", "everybody")
OUTSIDERS = frozenset("CO")
OVERSEER, MANAGER, LEADER, PLANNER, ANALYST = "H", "M", "S", "P", "N"

Column = ColumnElement[Any]


@dataclass(frozen=True)
class Scope:
    """The caller's teams today: those they lead, and those of their site if they are limited to one."""

    led: frozenset[UUID] = frozenset()
    at_site: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Sight:
    """The rows that may be seen, and whether marked columns are hidden in them."""

    rows: ColumnElement[bool]
    masked: bool


def has_role(caller: Caller, role: str) -> bool:
    return bool(caller.roles - OUTSIDERS) if role == ANY else role in caller.roles


def sight(caller: Caller, scope: Scope, by: Sequence[str], person: Column | None, team: Column | None) -> Sight:
    """`by` names relations, or roles that see every row: "P" sees those of their site, "N" no marked columns.

    Who has none of them gets 404, as if there were nothing.
    """
    if unknown := set(by) - set(RELATIONS) - ROLES:
        raise ValueError(f"nobody is related to rows by {unknown}")
    grants = {one: grant for one in by if (grant := _grant(one, caller, scope, person, team)) is not None}
    if not grants:
        raise problems.not_found()
    clear = [grant for one, grant in grants.items() if one != ANALYST]
    masked = ANALYST in grants and not any(grant is _ALL for grant in clear)
    return Sight(or_(false(), *grants.values()), masked)


_ALL = true()


def _grant(one: str, caller: Caller, scope: Scope, person: Column | None, team: Column | None) -> Column | None:
    """What this relation lets the caller see; None when it is not theirs."""
    match one:
        case "self":
            return _own(caller, _needed(person, "person"))
        case "team":
            return _needed(team, "team").in_(scope.led) if LEADER in caller.roles else None
        case "org":
            whole = OVERSEER in caller.roles or (MANAGER in caller.roles and caller.site is None)
            return _ALL if whole else None
        case "everybody":
            return _ALL if has_role(caller, ANY) else None
        case "site" | "P":
            role = MANAGER if one == "site" else PLANNER
            return _at_site(scope, team) if role in caller.roles else None
    return _ALL if one in caller.roles else None


def _own(caller: Caller, person: Column) -> Column | None:
    """A guest or an operator is no person of the organisation."""
    if not has_role(caller, ANY):
        return None
    try:
        return person == UUID(caller.person_id)
    except ValueError:
        return false()


def _at_site(scope: Scope, team: Column | None) -> Column:
    return _ALL if scope.at_site is None else _needed(team, "team").in_(scope.at_site)


def _needed(column: Column | None, name: str) -> Column:
    if column is None:
        raise ValueError(f"to be seen by this relation, rows must say their {name}=")
    return column
