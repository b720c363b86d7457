"""Who may ask or see what: one line beside each route. What no line allows is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from shared.core.decider import Command

ROLES: Mapping[str, str] = {
    "A": "agent",
    "S": "supervisor, or the deputy of one",
    "T": "trainer",
    "P": "planner",
    "H": "HR",
    "M": "manager of a site or of the organisation",
    "N": "analyst",
    "C": "candidate, by a one-time link",
    "O": "operator",
}
_IN_WORDS = {"org": "", "self": " for themselves", "team": " for a team they lead"}
ANY = "*"  # every role that takes part in the work: all but one-time guests (C) and operators (O)


@dataclass(frozen=True, slots=True)
class Rule:
    """`role` may, when it stands in `relation` to the subject that `field` of the command names."""

    role: str
    relation: Literal["org", "self", "team"] = "org"
    field: str = ""

    @property
    def words(self) -> str:
        who = "any role but C and O" if self.role == ANY else self.role
        return f"{who}{_IN_WORDS[self.relation]}"


def may(*roles: str) -> tuple[Rule, ...]:
    """These roles may, anywhere in the organisation."""
    return tuple(Rule(role) for role in roles)


def myself(role: str, field: str = "person_id") -> tuple[Rule, ...]:
    """This role may when `field` is the caller's own id."""
    return (Rule(role, "self", field),)


def own_team(role: str, field: str = "team_id") -> tuple[Rule, ...]:
    """This role may for a team it leads, or for a person (`field` other than team_id) who is in one."""
    return (Rule(role, "team", field),)


@dataclass(frozen=True)
class Ask:
    """A command's route: `POST /v1/<command-name>`, and who may ask it. `unsigned`: nothing kept tells who did."""

    command: type[Command]
    rules: tuple[Rule, ...]
    unsigned: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands behind a request: from the token alone. `site` limits a manager to one site."""

    tenant: str
    person_id: str
    roles: frozenset[str]
    site: str | None = None


class Directory(Protocol):
    """What relations are resolved from: the service's own read model of people and teams.

    `view` is the kit's tenant-scoped reader; days decide because moves and appointments are recorded ahead.
    """

    reads: Sequence[Any]

    async def team_of(self, view: Any, person_id: UUID, day: date) -> UUID | None: ...

    async def leads(self, view: Any, person_id: UUID, day: date) -> frozenset[UUID]: ...

    async def teams_at(self, view: Any, site: str) -> frozenset[UUID]: ...

    async def zone_of(self, view: Any, team_id: UUID) -> str | None: ...

    async def zones(self, view: Any) -> dict[UUID, str]: ...
