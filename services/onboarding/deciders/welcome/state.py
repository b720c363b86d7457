"""Where a welcome stands. A kit with nothing left is what the domain calls Ready: no decision asks for it by name."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict, assert_never
from uuid import UUID

from services.onboarding.events.shapes import KitItem
from services.onboarding.events.welcome import (
    HireWelcomed,
    KitCompleted,
    KitFoundIncomplete,
    KitItemReadied,
    KitItemReopened,
    PlanIntroduced,
    WelcomeEvent,
    WelcomePrepared,
)
from shared.core.decider import Rejected
from shared.core.replacing import replace

BEFORE_ARRIVAL = 0
NO_WELCOME = {
    "unknown-welcome": "no welcome is prepared: it is a moment after a journey was started, so ask again then"
}


class WelcomeFields(TypedDict):
    """The fields that nearly every fact of a welcome begins with."""

    person_id: UUID
    team_id: UUID
    journey_no: int


@dataclass(frozen=True, slots=True)
class Kit:
    """What is prepared for whom; `flagged` was told to be missing and has not been readied since."""

    person_id: UUID
    team_id: UUID
    journey_no: int
    starts_on: date
    final_goal: str
    items: tuple[KitItem, ...]
    ready: frozenset[str]
    seq: int
    flagged: frozenset[str] = frozenset()

    @property
    def fields(self) -> WelcomeFields:
        return WelcomeFields(person_id=self.person_id, team_id=self.team_id, journey_no=self.journey_no)

    @property
    def left(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items if item.code not in self.ready)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is needed before arrival and not ready."""
        needed = {item.code for item in self.items if item.needed_by_day == BEFORE_ARRIVAL}
        return tuple(code for code in self.left if code in needed)


@dataclass(frozen=True, slots=True)
class Unprepared:
    pass


@dataclass(frozen=True, slots=True)
class Preparing:
    kit: Kit


@dataclass(frozen=True, slots=True)
class Welcomed:
    kit: Kit
    welcomed_on: date


@dataclass(frozen=True, slots=True)
class Introduced:
    kit: Kit


Prepared = Preparing | Welcomed | Introduced
Welcome = Unprepared | Prepared


def prepared(welcome: Welcome) -> Prepared:
    if isinstance(welcome, Unprepared):
        raise Rejected.only(NO_WELCOME)
    return welcome


def evolve(welcome: Welcome, event: WelcomeEvent) -> Welcome:
    if isinstance(event, WelcomePrepared):
        return _anew(welcome, event)
    welcome = prepared(welcome)
    kit = welcome.kit
    match event:
        case KitItemReadied():
            readied = {event.item}
            return replace(welcome, kit=replace(kit, ready=kit.ready | readied, flagged=kit.flagged - readied))
        case KitItemReopened():
            return replace(welcome, kit=replace(kit, ready=kit.ready - {event.item}))
        case KitFoundIncomplete():
            return replace(welcome, kit=replace(kit, flagged=frozenset(event.missing)))
        case HireWelcomed():
            return Welcomed(kit, event.welcomed_on)
        case PlanIntroduced():
            return Introduced(kit)
        case KitCompleted():
            return welcome
        case _:
            assert_never(event)


def _anew(welcome: Welcome, event: WelcomePrepared) -> Welcome:
    """Another journey starts the story again; another first day of the same one keeps what is ready."""
    kit = Kit(
        person_id=event.person_id,
        team_id=event.team_id,
        journey_no=event.journey_no,
        starts_on=event.starts_on,
        final_goal=event.final_goal,
        items=event.kit,
        ready=frozenset(),
        seq=event.seq,
    )
    if isinstance(welcome, Unprepared) or welcome.kit.journey_no != event.journey_no:
        return Preparing(kit)
    return replace(welcome, kit=replace(kit, ready=welcome.kit.ready, flagged=frozenset()))
