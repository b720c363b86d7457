"""A round of skills mapping: announced in good time, open for answers, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, assert_never
from uuid import UUID

from pydantic import Field

from services.coaching.events.round import RoundAnnounced, RoundClosed, RoundEvent, RoundOpened
from services.coaching.events.shapes import Seat
from shared.core.decider import Asked, Command, Decider, Rejected, Seen, example, if_over, if_unknown, over, unknown
from shared.core.types import Code, Day, Text80, Text600, once

NOTICE = timedelta(days=14)
ROUND = "0195b1c0-0000-7000-8000-000000000d01"


class AnnounceRound(Command):
    """Tell people, two weeks ahead, that they will be asked about their skills, and why."""

    model_config = example(
        round_id=ROUND,
        pool_id="0195b1c0-0000-7000-8000-000000000d02",
        title="Spring mapping",
        why="We look for those who would like to teach, and for what everybody would like to learn.",
        people=[
            {
                "person_id": "0195b1c0-0000-7000-8000-000000000001",
                "team_id": "0195b1c0-0000-7000-8000-0000000000b1",
            }
        ],
        opens_on="2027-03-17",
        closes_on="2027-03-31",
        skills=["listening", "sales-closing", "crm-search"],
    )
    refused = {
        "announced-too-late": "people are told at least 14 days before the round opens",
        "dates-reversed": "the round closes before it opens",
        "round-exists": "a round with this id was announced with other contents",
    }
    round_id: UUID
    pool_id: UUID
    title: Text80
    why: Text600
    people: Annotated[tuple[Seat, ...], Field(min_length=1, max_length=2000), once("person_id")]
    opens_on: Day
    closes_on: Day
    skills: Annotated[tuple[Code, ...], Field(min_length=1, max_length=60), once()]


class OpenRound(Command):
    """Ask everybody in the round. On its day this happens by itself."""

    model_config = example(round_id=ROUND)
    refused = if_unknown("round") | if_over("round") | {"too-early": "the day that was announced has not come"}
    round_id: UUID


class CloseRound(Command):
    """End the round; one that has not opened yet is called off. On its last evening this happens by itself."""

    model_config = example(round_id=ROUND)
    refused = if_unknown("round")
    round_id: UUID


RoundCommand = AnnounceRound | OpenRound | CloseRound


@dataclass(frozen=True, slots=True)
class Missing:
    pass


@dataclass(frozen=True, slots=True)
class Announced:
    announced: RoundAnnounced


@dataclass(frozen=True, slots=True)
class Open:
    announced: RoundAnnounced


@dataclass(frozen=True, slots=True)
class Closed:
    round: Announced | Open


Round = Missing | Announced | Open | Closed


def stream_of(round_id: UUID) -> str:
    return f"coaching.round-{round_id}"


def decide(command: RoundCommand, round_: Round, seen: Seen, asked: Asked) -> Sequence[RoundEvent]:
    match command:
        case AnnounceRound():
            return _announce(command, round_, asked)
        case OpenRound():
            return _open(command, round_, asked)
        case CloseRound():
            return _close(command, round_, asked)
        case _:
            assert_never(command)


def _announce(command: AnnounceRound, round_: Round, asked: Asked) -> Sequence[RoundEvent]:
    announced = RoundAnnounced(**dict(command))
    if not isinstance(round_, Missing):
        if _known(round_).announced == announced:
            return []
        raise Rejected("round-exists", "a round with this id was announced with other contents")
    if command.opens_on < asked.day + NOTICE:
        raise Rejected("announced-too-late", "people are told at least 14 days before the round opens")
    if command.closes_on < command.opens_on:
        raise Rejected("dates-reversed", "the round closes before it opens")
    return [announced]


def _open(command: OpenRound, round_: Round, asked: Asked) -> Sequence[RoundEvent]:
    there = _known(round_)
    if isinstance(there, Open):
        return []
    if isinstance(round_, Closed):
        raise over("round")
    announced = there.announced
    if asked.day < announced.opens_on:
        raise Rejected("too-early", f"the round was announced to open on {announced.opens_on}")
    return [
        RoundOpened(
            round_id=announced.round_id,
            pool_id=announced.pool_id,
            people=announced.people,
            closes_on=announced.closes_on,
            skills=announced.skills,
        )
    ]


def _close(command: CloseRound, round_: Round, asked: Asked) -> Sequence[RoundEvent]:
    _known(round_)
    return [] if isinstance(round_, Closed) else [RoundClosed(round_id=command.round_id, closed_on=asked.day)]


def _known(round_: Round) -> Announced | Open:
    """Where the round stands, or stood when it was closed."""
    match round_:
        case Missing():
            raise unknown("round")
        case Announced() | Open():
            return round_
        case Closed():
            return round_.round
        case _:
            assert_never(round_)


def evolve(round_: Round, event: RoundEvent) -> Round:
    assert isinstance(event, RoundAnnounced) or not isinstance(round_, Missing), "a round begins with RoundAnnounced"
    match event:
        case RoundAnnounced():
            return Announced(event)
        case RoundOpened():
            return Open(_known(round_).announced)
        case RoundClosed():
            return Closed(_known(round_))
        case _:
            assert_never(event)


round_: Decider[RoundCommand, Round, RoundEvent] = Decider(
    kind="round",
    commands=RoundCommand,
    events=RoundEvent,
    stream=lambda command: stream_of(command.round_id),
    initial=Missing(),
    decide=decide,
    evolve=evolve,
)
