"""A service, as the kit sees it: a name and the parts it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shared.core.access import Ask, Directory
from shared.core.deadline import Deadline
from shared.core.decider import Command, Decider
from shared.core.event import Event, event_types, source_of
from shared.core.policy import Policy
from shared.core.readmodel import ReadModel


@dataclass(frozen=True)
class Service:
    """`events` are the facts this service owns; `inbox` those of others that it hears, None if it hears none."""

    name: str
    events: Any
    deciders: Sequence[Decider[Any, Any, Any]]
    asks: Sequence[Ask]
    directory: Directory
    inbox: Any = None
    read_models: Sequence[ReadModel] = ()
    policies: Sequence[Policy] = ()
    deadlines: Sequence[Deadline] = ()

    @cached_property
    def own(self) -> Mapping[str, type[Event]]:
        return event_types(self.events)

    @cached_property
    def known(self) -> Mapping[str, type[Event]]:
        """Every fact this service can read: its own and its inbox."""
        heard = event_types(self.inbox) if self.inbox is not None else {}
        return {**self.own, **heard}

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The services whose topics it hears, itself first."""
        foreign = {source_of(name) for name in self.known} - {self.name}
        return (self.name, *sorted(foreign))

    def decider_of(self, command: type[Command]) -> Decider[Any, Any, Any]:
        return self._deciders[command]

    def decider_of_stream(self, stream: str) -> Decider[Any, Any, Any] | None:
        """By the stream's name, `<service>.<kind>-<id>`; None when nobody here decides over such a stream."""
        owners = [one for one in self.deciders if stream.startswith(f"{self.name}.{one.kind}-")]
        return max(owners, key=lambda one: len(one.kind), default=None)

    @cached_property
    def _deciders(self) -> Mapping[type[Command], Decider[Any, Any, Any]]:
        return {command: decider for decider in self.deciders for command in decider.command_types}
