"""Strategy messages, as coaching hears them: what they ask of a role, and what a team makes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, assert_never
from uuid import UUID

from services.coaching.inbox.feedback import (
    Expectation,
    MessageConcretised,
    MessagePublished,
    MessageRead,
    MessageWithdrawn,
)
from shared.core.event import Recorded
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Message:
    message_id: UUID
    title: str | None = None
    expectations: tuple[Expectation, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    withdrawn: bool = False


M = TypeVar("M", bound=Message)
SpokenEvent = MessagePublished | MessageWithdrawn


def message_of(event: SpokenEvent, _: Recorded) -> UUID:
    return event.message_id


def speaking(kind: type[M]) -> Callable[[M | None, SpokenEvent, Recorded], M]:
    def fold(row: M | None, event: SpokenEvent, _: Recorded) -> M:
        row = row or kind(event.message_id)
        match event:
            case MessagePublished():
                return replace(row, **dict(event))
            case MessageWithdrawn():
                return replace(row, withdrawn=True)
            case _:
                assert_never(event)

    return fold


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one team does because of a message."""

    message_id: UUID
    team_id: UUID
    actions: tuple[str, ...]
    effect: str


def meaning_of(event: MessageConcretised, _: Recorded) -> tuple[UUID, UUID]:
    return event.message_id, event.team_id


N = TypeVar("N", bound=Meaning)


def meaning_in(kind: type[N]) -> Callable[[N | None, MessageConcretised, Recorded], N]:
    def fold(_row: N | None, event: MessageConcretised, _: Recorded) -> N:
        return kind(event.message_id, event.team_id, event.actions, event.effect)

    return fold


@dataclass(frozen=True, slots=True)
class Reading:
    """One person has read a message."""

    message_id: UUID
    person_id: UUID


def reading_of(event: MessageRead, _: Recorded) -> tuple[UUID, UUID]:
    return event.message_id, event.person_id


R = TypeVar("R", bound=Reading)


def reading_in(kind: type[R]) -> Callable[[R | None, MessageRead, Recorded], R]:
    def fold(_row: R | None, event: MessageRead, _: Recorded) -> R:
        return kind(event.message_id, event.person_id)

    return fold
