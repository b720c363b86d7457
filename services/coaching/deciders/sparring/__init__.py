"""One sparring: asked for, booked with a trainer, held beside real contacts, rated by the colleague."""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.package import SPARRING_MINUTES
from services.coaching.deciders.pool import Open as OpenPool
from services.coaching.deciders.pool import Pool, pool
from services.coaching.deciders.pool import stream_of as pool_stream
from services.coaching.deciders.sparring.commands import (
    AskSparring,
    BookSparring,
    CancelSparring,
    HoldSparring,
    RateSparring,
    ReturnSparring,
    SparringCommand,
)
from services.coaching.deciders.sparring.state import (
    Cancelled,
    Held,
    Known,
    Rated,
    Sparring,
    Unasked,
    evolve,
    known,
    still_open,
)
from services.coaching.deciders.times import refuse_unbookable, refuse_unheld
from services.coaching.events.sparring import (
    SparringAsked,
    SparringBooked,
    SparringCancelled,
    SparringEvent,
    SparringHeld,
    SparringRated,
    SparringReturned,
)
from shared.core.decider import Asked, Decider, Look, LookUps, Rejected, Seen


def stream_of(sparring_id: UUID) -> str:
    return f"coaching.sparring-{sparring_id}"


def look_ups(command: SparringCommand, sparring: Sparring) -> LookUps:
    match command:
        case BookSparring():
            return {"pool": Look(pool, pool_stream(command.pool_id))}
        case AskSparring() | ReturnSparring() | HoldSparring() | RateSparring() | CancelSparring():
            return {}
        case _:
            assert_never(command)


def decide(command: SparringCommand, sparring: Sparring, seen: Seen, asked: Asked) -> Sequence[SparringEvent]:
    match command:
        case AskSparring():
            return _ask(command, sparring)
        case BookSparring():
            return _book(command, known(sparring), seen.pool, asked)
        case ReturnSparring():
            return _return(command, known(sparring))
        case HoldSparring():
            return _hold(command, known(sparring), asked)
        case RateSparring():
            return _rate(command, known(sparring), asked)
        case CancelSparring():
            return _cancel(command, known(sparring))
        case _:
            assert_never(command)


def _ask(command: AskSparring, sparring: Sparring) -> Sequence[SparringEvent]:
    told = SparringAsked(**dict(command))
    if isinstance(sparring, Unasked):
        return [told]
    if sparring.asked == told:
        return []
    raise Rejected("sparring-exists", "a sparring with this id was asked for otherwise")


def _book(command: BookSparring, sparring: Known, pool: Pool, asked: Asked) -> Sequence[SparringEvent]:
    booked = SparringBooked(
        sparring_id=command.sparring_id,
        employee_id=sparring.asked.employee_id,
        team_id=sparring.asked.team_id,
        trainer=command.trainer,
        skill=sparring.asked.skill,
        starts_at=command.starts_at,
        minutes=command.minutes,
    )
    if sparring.booked == booked:
        return []
    there = still_open(sparring)
    _refuse_untaught(booked, pool)
    if command.trainer.person_id == sparring.asked.employee_id:
        raise Rejected("trainer-is-employee", "nobody spars with themselves")
    if command.minutes not in SPARRING_MINUTES:
        raise Rejected("minutes-not-15-30", "a sparring takes a quarter to half an hour")
    refuse_unbookable(command.starts_at, asked)
    if there.booked is not None:
        raise Rejected("already-booked", "it is booked otherwise: return it first")
    return [booked]


def _refuse_untaught(booked: SparringBooked, pool: Pool) -> None:
    day = booked.starts_at.date()
    term = pool.trains_on(booked.trainer.person_id, day) if isinstance(pool, OpenPool) else None
    if term is None:
        raise Rejected("not-a-trainer", f"on {day} this person is no trainer of the pool")
    if booked.skill not in term.topics:
        raise Rejected("topic-not-taught", f"this trainer trains others in {', '.join(term.topics)}")


def _return(command: ReturnSparring, sparring: Known) -> Sequence[SparringEvent]:
    booked = still_open(sparring).booked
    if booked is None:
        return []
    _refuse_others(command.employee_id, sparring)
    return [
        SparringReturned(
            sparring_id=command.sparring_id,
            employee_id=booked.employee_id,
            team_id=booked.team_id,
            trainer=booked.trainer,
            starts_at=booked.starts_at,
        )
    ]


def _refuse_others(employee_id: UUID | None, sparring: Known) -> None:
    if employee_id not in (None, sparring.asked.employee_id):
        raise Rejected("not-the-employee", "this sparring is somebody else's")


def _hold(command: HoldSparring, sparring: Known, asked: Asked) -> Sequence[SparringEvent]:
    if isinstance(sparring, Held | Rated) and _is_told(command, sparring.held):
        return []
    booked = still_open(sparring).booked
    if booked is None:
        raise Rejected("not-booked", "no time was agreed on for it")
    if asked.actor != str(booked.trainer.person_id):
        raise Rejected("not-the-trainer", "the trainer who sat beside tells how it went")
    refuse_unheld(command.held_at, asked)
    return [
        SparringHeld(
            **dict(command),
            employee_id=booked.employee_id,
            team_id=booked.team_id,
            trainer_id=booked.trainer.person_id,
            skill=booked.skill,
            need_id=sparring.asked.need_id,
            minutes=booked.minutes,
        )
    ]


def _is_told(command: HoldSparring, held: SparringHeld) -> bool:
    return all(getattr(held, field) == value for field, value in command)


def _rate(command: RateSparring, sparring: Known, asked: Asked) -> Sequence[SparringEvent]:
    if isinstance(sparring, Rated) and sparring.rated.useful == command.useful:
        return []
    if not isinstance(sparring, Held):
        still_open(sparring)
        raise Rejected("not-held", "it is rated once it was held")
    if asked.actor != str(sparring.asked.employee_id):
        raise Rejected("not-the-employee", "only who was sparred with says how useful it was")
    held = sparring.held
    return [SparringRated(**dict(command), employee_id=held.employee_id, trainer_id=held.trainer_id, skill=held.skill)]


def _cancel(command: CancelSparring, sparring: Known) -> Sequence[SparringEvent]:
    if isinstance(sparring, Cancelled) and sparring.reason == command.reason:
        return []
    booked = still_open(sparring).booked
    _refuse_others(command.employee_id, sparring)
    return [
        SparringCancelled(
            sparring_id=command.sparring_id,
            employee_id=sparring.asked.employee_id,
            team_id=sparring.asked.team_id,
            trainer=booked.trainer if booked else None,
            starts_at=booked.starts_at if booked else None,
            reason=command.reason,
        )
    ]


sparring: Decider[SparringCommand, Sparring, SparringEvent] = Decider(
    kind="sparring",
    commands=SparringCommand,
    events=SparringEvent,
    stream=lambda command: stream_of(command.sparring_id),
    initial=Unasked(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "AskSparring",
    "BookSparring",
    "CancelSparring",
    "HoldSparring",
    "RateSparring",
    "ReturnSparring",
    "SparringCommand",
    "sparring",
]
