"""Development needs, as several read models count them: open until they are met."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, assert_never
from uuid import UUID

from services.coaching.events.plan import NeedMet, NeedRaised
from shared.core.event import Recorded
from shared.core.replacing import replace

NeedEvent = NeedRaised | NeedMet


@dataclass(frozen=True, slots=True)
class Need:
    """The person belongs to the key: ids come from outside. A read model has a row class of its own."""

    person_id: UUID
    need_id: UUID
    topic: str | None = None
    met: bool = False


N = TypeVar("N", bound=Need)


def need_of(event: NeedEvent, _: Recorded) -> tuple[UUID, UUID]:
    return event.person_id, event.need_id


def needing(kind: type[N]) -> Callable[[N | None, NeedEvent, Recorded], N]:
    def fold(row: N | None, event: NeedEvent, _: Recorded) -> N:
        row = replace(row or kind(event.person_id, event.need_id), topic=event.topic)
        match event:
            case NeedRaised():
                return row
            case NeedMet():
                return replace(row, met=True)
            case _:
                assert_never(event)

    return fold
