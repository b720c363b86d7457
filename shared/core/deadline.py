"""A deadline: a row that says what to ask, by when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from shared.core.decider import Command
from shared.core.event import Recorded
from shared.core.ids import derive

END_OF_DAY = time(18)
NOON = time(12)
ORGANISATION = UUID(int=0)  # where a `Local` has no team. The ticker joins by team_id, and a null would equal nothing


@dataclass(frozen=True, slots=True)
class Local:
    """A time on a day where the team is, or `ORGANISATION`. The zone is looked up when the row is looked at."""

    day: date
    hour: time
    team_id: UUID


@dataclass(frozen=True, slots=True)
class Due:
    """Set the row of this key, in the place of the one there was."""

    key: tuple[object, ...]
    when: datetime | Local
    command: Command


@dataclass(frozen=True, slots=True)
class Done:
    """Clear the row of this key."""

    key: tuple[object, ...]


@dataclass(frozen=True)
class Deadline:
    """`rows` is a pure function of one fact and its envelope. `name` is written by hand and never changes."""

    name: str
    hears: Any
    rows: Callable[[Any, Recorded], Due | Done | Iterable[Due | Done] | None]

    def command_id(self, key: str, fact_id: UUID) -> UUID:
        return derive("deadline", self.name, key, fact_id)
