"""A policy: whenever this happened, ask our own decider for that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from shared.core.decider import Command
from shared.core.event import Recorded
from shared.core.ids import derive


@dataclass(frozen=True)
class Policy:
    """`ask` is a pure function of one fact and its envelope. `name` is written by hand and never changes:
    it is part of the ids of the commands, which is why a second delivery changes nothing.

    A policy new to a running service starts at the facts of now, or is brought up from the beginning.
    """

    name: str
    hears: Any
    ask: Callable[[Any, Recorded], Sequence[Command]]
    start: Literal["now", "beginning"] = "now"

    def command_id(self, fact_id: UUID, number: int) -> UUID:
        return derive("policy", self.name, fact_id, number)
