"""Facts, and the envelope a fact travels in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field about one person: `Annotated[str | None, Personal("person_id")]`.

    `owner` names the field, of the same fact or row, that holds the person whose key seals it; where that is empty,
    the field `otherwise` does. A marked field may be None at any time: its owner was erased. Readers copy it, they
    never look inside.
    """

    owner: str
    otherwise: str | None = None

    def of(self, fact: Any) -> Any:
        """Whose key seals the field in this fact."""
        owner = getattr(fact, self.owner)
        return getattr(fact, self.otherwise) if owner is None and self.otherwise else owner

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        told = {"x-personal": self.owner} | ({"x-personal-otherwise": self.otherwise} if self.otherwise else {})
        return {**handler(schema), **told}


class Shape(BaseModel):
    """A value inside facts and commands. A reader of facts passes over fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Shape):
    """A fact, in the past tense. `name` is what is stored, so it never changes; the class may.

    Fields are only added, with a default; a renamed field keeps its old spelling as an alias.
    """

    event_name: ClassVar[str]

    def __init_subclass__(cls, *, name: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.event_name = name


class Recorded(NamedTuple):
    """A stored fact in its envelope, the same from both feeds. `data` is JSON, as it was written."""

    source: str
    position: int
    tenant: str
    stream: str
    version: int
    name: str
    id: UUID
    at: datetime
    recorded_at: datetime
    actor: str
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str | None
    data: str | bytes


def event_types(union: Any) -> Mapping[str, type[Event]]:
    """The facts of a union by stored name: the union is the registry, nothing else is to be registered."""
    types: tuple[type[Event], ...] = get_args(union) or (union,)
    by_name = {event.event_name: event for event in types}
    if len(by_name) != len(types):
        raise ValueError(f"two events share one name in {union}")
    return by_name


def source_of(name: str) -> str:
    """The first word of a stored name is the service that owns the fact."""
    return name.partition(".")[0]


def topic_of(source: str, prefix: str = "") -> str:
    """The topic that carries the facts of this service. A prefix keeps installations on one broker apart."""
    return f"{prefix}{source}.events"
