"""Where a trainer pool stands: who waits, who trains, who has trained."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never
from uuid import UUID

from services.coaching.events.pool import (
    InterestDeclined,
    InterestExpressed,
    InterestWithdrawn,
    PoolEvent,
    PoolOpened,
    PoolRulesAgreed,
    TrainerAppointed,
    TrainerTermEnded,
)
from shared.core.decider import unknown
from shared.core.replacing import replace


@dataclass(frozen=True, slots=True)
class Interest:
    expressed: InterestExpressed
    declined: InterestDeclined | None = None


@dataclass(frozen=True, slots=True)
class Term:
    appointed: TrainerAppointed
    ended: TrainerTermEnded | None = None
    waited_since: date | None = None

    @property
    def last_day(self) -> date:
        """An end may be told to be earlier; a term takes no longer than was agreed on."""
        ends_on = self.appointed.ends_on
        return ends_on if self.ended is None else min(ends_on, self.ended.ended_on)

    @property
    def began(self) -> bool:
        """Not when it was ended before its first day."""
        return self.appointed.starts_on <= self.last_day

    def is_over(self, day: date) -> bool:
        """After its last day, which is told ahead; at once when it ended before it began."""
        return self.ended is not None and max(day, self.appointed.starts_on) > self.last_day

    def covers(self, day: date) -> bool:
        return self.appointed.starts_on <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Unopened:
    pass


@dataclass(frozen=True, slots=True)
class Open:
    """`queue` holds who waits; `terms` all terms of a person, the newest last."""

    opened: PoolOpened
    rules: PoolRulesAgreed | None = None
    queue: Mapping[UUID, Interest] = field(default_factory=dict)
    terms: Mapping[UUID, tuple[Term, ...]] = field(default_factory=dict)

    def served(self, person_id: UUID) -> tuple[Term, ...]:
        return self.terms.get(person_id, ())

    def newest(self, person_id: UUID) -> Term | None:
        return next(reversed(self.served(person_id)), None)

    def serving(self, person_id: UUID, day: date) -> Term | None:
        """The term of a trainer that is not over on that day, also one that has yet to begin."""
        newest = self.newest(person_id)
        return None if newest is None or newest.is_over(day) else newest

    def trainers(self, day: date) -> Iterator[UUID]:
        return (person_id for person_id in self.terms if self.serving(person_id, day))

    def trains_on(self, person_id: UUID, day: date) -> TrainerAppointed | None:
        return next((term.appointed for term in reversed(self.served(person_id)) if term.covers(day)), None)


Pool = Unopened | Open


def known(pool: Pool) -> Open:
    if isinstance(pool, Unopened):
        raise unknown("pool")
    return pool


def evolve(pool: Pool, event: PoolEvent) -> Pool:
    if isinstance(event, PoolOpened):
        return Open(event)
    there = known(pool)
    match event:
        case PoolRulesAgreed():
            return replace(there, rules=event)
        case InterestExpressed():
            return replace(there, queue={**there.queue, event.person_id: Interest(event)})
        case InterestWithdrawn():
            return replace(there, queue=_without(there.queue, event.person_id))
        case InterestDeclined():
            interest = replace(there.queue[event.person_id], declined=event)
            return replace(there, queue={**there.queue, event.person_id: interest})
        case TrainerAppointed():
            waited = there.queue.get(event.person_id)
            term = Term(event, waited_since=waited.expressed.waiting_since if waited else None)
            terms = (*there.served(event.person_id), term)
            queue = _without(there.queue, event.person_id)
            return replace(there, queue=queue, terms={**there.terms, event.person_id: terms})
        case TrainerTermEnded():
            *before, newest = there.served(event.person_id)
            terms = (*before, replace(newest, ended=event))
            return replace(there, terms={**there.terms, event.person_id: terms})
        case _:
            assert_never(event)


def _without(queue: Mapping[UUID, Interest], person_id: UUID) -> Mapping[UUID, Interest]:
    return {key: value for key, value in queue.items() if key != person_id}
