"""What trainer_pool keeps: the pool with its rules, who waits or trains in it, and what trainers have done."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, assert_never
from uuid import UUID

from services.coaching.events.pool import (
    InterestDeclined,
    InterestExpressed,
    InterestWithdrawn,
    PoolOpened,
    PoolRulesAgreed,
    TrainerAppointed,
    TrainerTermEnded,
)
from services.coaching.events.sparring import SparringHeld, SparringRated
from services.coaching.events.training import TrainingHeld
from shared.core.event import Personal, Recorded
from shared.core.replacing import replace

HeaderEvent = PoolOpened | PoolRulesAgreed
TrainerEvent = InterestExpressed | InterestWithdrawn | InterestDeclined | TrainerAppointed | TrainerTermEnded
SparredEvent = SparringHeld | SparringRated


@dataclass(frozen=True, slots=True)
class Pool:
    pool_id: UUID
    title: str | None = None
    term_days: int | None = None
    max_share: int | None = None
    pool_starts_on: date | None = None
    rules: tuple[str, ...] = ()
    changing_days_rule: str | None = None
    rules_version: int = 0


def pool_of(event: HeaderEvent, _: Recorded) -> UUID:
    return event.pool_id


def a_pool(row: Pool | None, event: HeaderEvent, _: Recorded) -> Pool:
    row = row or Pool(event.pool_id)
    match event:
        case PoolOpened():
            return replace(
                row,
                title=event.title,
                term_days=event.term_days,
                max_share=event.max_share,
                pool_starts_on=event.starts_on,
            )
        case PoolRulesAgreed():
            return replace(
                row,
                rules=event.rules,
                changing_days_rule=event.changing_days_rule,
                rules_version=event.version,
            )
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class Trainer:
    """Somebody who waits, trains or has trained. A term is that of now, or of the last time."""

    pool_id: UUID
    person_id: UUID
    state: str = "interested"
    topics: tuple[str, ...] = ()
    waiting_since: date | None = None
    terms_served: int = 0
    share: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    declined_reasons: Annotated[str | None, Personal("person_id")] = None
    next_review_on: date | None = None


def trainer_of(event: TrainerEvent, _: Recorded) -> tuple[UUID, UUID]:
    return event.pool_id, event.person_id


def trainer(row: Trainer | None, event: TrainerEvent, _: Recorded) -> Trainer:
    row = row or Trainer(event.pool_id, event.person_id)
    match event:
        case InterestExpressed():
            return replace(row, state="interested", topics=event.topics, waiting_since=event.waiting_since)
        case InterestWithdrawn():
            return replace(_answered(row), state="rested" if row.terms_served else "withdrawn")
        case InterestDeclined():
            return replace(row, declined_reasons=event.reasons, next_review_on=event.next_review_on)
        case TrainerAppointed():
            return replace(
                _answered(row),
                state="serving",
                topics=event.topics,
                terms_served=event.term_no,
                share=event.share,
                starts_on=event.starts_on,
                ends_on=event.ends_on,
            )
        case TrainerTermEnded():
            return replace(row, state="rested", ends_on=min(event.ended_on, row.ends_on or event.ended_on))
        case _:
            assert_never(event)


def _answered(row: Trainer) -> Trainer:
    """Nobody waits any more, and an earlier no is history."""
    return replace(row, waiting_since=None, declined_reasons=None, next_review_on=None)


@dataclass(frozen=True, slots=True)
class Sparred:
    """A sparring a trainer gave."""

    sparring_id: UUID
    trainer_id: UUID | None = None
    contacts: int = 0
    useful: int | None = None


def sparred_of(event: SparredEvent, _: Recorded) -> UUID:
    return event.sparring_id


def sparred(row: Sparred | None, event: SparredEvent, _: Recorded) -> Sparred:
    row = row or Sparred(event.sparring_id)
    match event:
        case SparringHeld():
            return replace(row, trainer_id=event.trainer_id, contacts=event.contacts)
        case SparringRated():
            return replace(row, useful=event.useful)
        case _:
            assert_never(event)


@dataclass(frozen=True, slots=True)
class Trained:
    """A training a trainer gave."""

    training_id: UUID
    trainer_id: UUID


def trained_of(event: TrainingHeld, _: Recorded) -> UUID:
    return event.training_id


def trained(_row: Trained | None, event: TrainingHeld, _: Recorded) -> Trained:
    return Trained(event.training_id, event.trainer_id)
