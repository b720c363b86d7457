"""A decision is three pure things: where we start, what we decide, how a fact changes us."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, reduce
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.core.event import Event, event_types

Refusals = Mapping[str, str]  # by code: when

C = TypeVar("C", bound="Command")
S = TypeVar("S")
E = TypeVar("E", bound=Event)


class Command(BaseModel):
    """What somebody asks for, in the imperative. The class name in kebab-case is its route.

    `refused` are the codes that its decider may refuse it with, each with when: what readers of the API are told.
    """

    refused: ClassVar[Refusals] = {}
    model_config = ConfigDict(frozen=True, extra="forbid")


def example(**fields: Any) -> ConfigDict:
    """One realistic command for readers of the API: `model_config = example(team_id="...", name="Sales")`."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Rejected(Exception):
    """The domain says no. `code` is for programs and tests, `reason` is for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason

    @classmethod
    def only(cls, refusals: Refusals) -> "Rejected":
        """For the one of them, in its own words."""
        ((code, reason),) = refusals.items()
        return cls(code, reason)

    @property
    def is_nothing_for_machines(self) -> bool:
        """Asked by a policy or a deadline, a stream that is unknown or over is no refusal: nothing is left to do."""
        return self.code.startswith("unknown-") or self.code.endswith("-over")


NOBODY: Refusals = {"actor-unknown": "who asks is to stand in the record, and is no person with an id"}


def if_unknown(kind: str) -> dict[str, str]:
    return {f"unknown-{kind}": f"there is no such {kind}"}


def if_over(kind: str) -> dict[str, str]:
    return {f"{kind}-over": f"this {kind} is over and takes no more commands"}


def unknown(kind: str) -> Rejected:
    return Rejected.only(if_unknown(kind))


def over(kind: str) -> Rejected:
    return Rejected.only(if_over(kind))


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, when. `at` is the only now; its own offset decides its day."""

    at: datetime
    actor: str
    by: Literal["person", "policy", "deadline"] = "person"

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def person_id(self) -> UUID:
        """Who asks, where the fact names them."""
        try:
            return UUID(self.actor)
        except ValueError:
            raise Rejected.only(NOBODY) from None

    @property
    def by_person(self) -> bool:
        return self.by == "person"


@dataclass(frozen=True, slots=True)
class Look:
    """A look-up: the present state of another stream of the same service."""

    decider: "Decider[Any, Any, Any]"
    stream: str


class Seen:
    """The states that were looked up, by the names `look_ups` gave them; a list of looks is a list of states."""

    __slots__ = ("_states",)

    def __init__(self, states: Mapping[str, Any]) -> None:
        self._states = states

    def __getattr__(self, name: str) -> Any:
        return self._states[name]


LookUps = Mapping[str, Look | Sequence[Look]]


def no_look_ups(command: Any, state: Any) -> LookUps:
    return {}


@dataclass(frozen=True)
class Decider(Generic[C, S, E]):
    """The decisions of one kind of stream. `commands` and `events` are the unions that it handles.

    `decide` has three answers: facts, nothing (it is already so), or it raises Rejected.
    """

    kind: str
    commands: Any
    events: Any
    stream: Callable[[C], str]
    initial: S
    decide: Callable[[C, S, Seen, Asked], Sequence[E]]
    evolve: Callable[[S, E], S]
    look_ups: Callable[[C, S], LookUps] = field(default=no_look_ups)

    @property
    def command_types(self) -> tuple[type[Command], ...]:
        return get_args(self.commands) or (self.commands,)

    @cached_property
    def event_types(self) -> Mapping[str, type[Event]]:
        return event_types(self.events)

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        return reduce(self.evolve, events, self.initial if state is None else state)
