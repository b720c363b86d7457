"""What a story is made of: steps, each on its day and hour, of things asked and rows seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.core.ids import derive

ORGANISATION = "havu"
SITE = "tampere"
ZONE = ZoneInfo("Europe/Helsinki")

Body = Mapping[str, Any]


def id_of(kind: str, label: str) -> str:
    """The same id in every playing of the story."""
    return str(derive("havu", kind, label))


def derived(kind: str, *parts: object) -> str:
    """The id that a service gives to what its policies make: a session of a series, a need."""
    return str(derive(kind, *parts))


@dataclass(frozen=True, slots=True)
class Person:
    """`roles` are those of the token; `kind` other than person is somebody who is not employed yet."""

    label: str
    roles: tuple[str, ...]
    site: str | None = None
    kind: str = "person"

    @property
    def id(self) -> str:
        return id_of(self.kind, self.label)

    @property
    def token(self) -> str:
        """What `luotsi token` is to be told."""
        roles = " ".join(f"--role {role}" for role in self.roles)
        return f"--tenant {ORGANISATION} --person {self.id} {roles}"


@dataclass(frozen=True, slots=True)
class Ask:
    """A command and its answer: the facts, in order and without the service's name, or the code of the refusal."""

    who: Person
    command: str
    body: Body
    facts: Sequence[str] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class See:
    """A query and its answer: there is an item for each of `rows` that says at least this; `count` items in all."""

    who: Person
    read_model: str
    where: Body
    rows: Sequence[Body] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`number` is the row of the domain's story. Deadlines due before `at` come before the first part."""

    number: int
    at: datetime
    title: str
    parts: Sequence[Ask | See] = field(default=())


def on(day: str, hour: str = "09:00") -> datetime:
    """A moment in Tampere: on("2027-03-01", "13:30")."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE)
