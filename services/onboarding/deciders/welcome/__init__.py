"""The welcome of one person: the kit made ready, the person welcomed, the plan gone through."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never
from uuid import UUID

from services.onboarding.deciders.journey import Stopped, journey
from services.onboarding.deciders.journey import stream_of as journey_stream
from services.onboarding.deciders.welcome.commands import (
    JOURNEY_STOPPED,
    FlagKitMissing,
    IntroducePlan,
    PrepareWelcome,
    ReadyKitItem,
    ReopenKitItem,
    WelcomeCommand,
    WelcomeHire,
)
from services.onboarding.deciders.welcome.state import (
    Introduced,
    Kit,
    Prepared,
    Preparing,
    Unprepared,
    Welcome,
    evolve,
    prepared,
)
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
from shared.core.decider import Asked, Decider, Look, LookUps, Rejected, Seen


def decide(command: WelcomeCommand, welcome: Welcome, seen: Seen, asked: Asked) -> Sequence[WelcomeEvent]:
    match command:
        case PrepareWelcome():
            return _prepare(command, welcome, asked)
        case ReadyKitItem():
            return _ready(command, prepared(welcome), asked)
        case ReopenKitItem():
            return _reopen(command, prepared(welcome))
        case FlagKitMissing():
            return _flag(command, prepared(welcome), seen)
        case WelcomeHire():
            return _welcome(command, prepared(welcome), seen, asked)
        case IntroducePlan():
            return _introduce(command, prepared(welcome), seen, asked)
        case _:
            assert_never(command)


def _prepare(command: PrepareWelcome, welcome: Welcome, asked: Asked) -> Sequence[WelcomeEvent]:
    if not isinstance(welcome, Unprepared) and command.seq <= welcome.kit.seq:
        return []
    anew = WelcomePrepared(**dict(command))
    return [anew, *_completed(evolve(welcome, anew), asked)]


def _completed(welcome: Welcome, asked: Asked) -> Sequence[WelcomeEvent]:
    kit = prepared(welcome).kit
    return [] if kit.left else [KitCompleted(**kit.fields, completed_on=asked.day)]


def _ready(command: ReadyKitItem, welcome: Prepared, asked: Asked) -> Sequence[WelcomeEvent]:
    kit = welcome.kit
    _refuse_unknown(command.item, kit)
    if command.item in kit.ready:
        return []
    readied = KitItemReadied(person_id=kit.person_id, team_id=kit.team_id, item=command.item, left=len(kit.left) - 1)
    return [readied, *_completed(evolve(welcome, readied), asked)]


def _reopen(command: ReopenKitItem, welcome: Prepared) -> Sequence[WelcomeEvent]:
    kit = welcome.kit
    _refuse_unknown(command.item, kit)
    if command.item not in kit.ready:
        return []
    return [
        KitItemReopened(
            **kit.fields,
            item=command.item,
            left=len(kit.left) + 1,
            starts_on=kit.starts_on,
            reason=command.reason,
        )
    ]


def _flag(command: FlagKitMissing, welcome: Prepared, seen: Seen) -> Sequence[WelcomeEvent]:
    kit = welcome.kit
    needless = not isinstance(welcome, Preparing) or isinstance(seen.journey, Stopped)
    if needless or kit.journey_no != command.journey_no or kit.flagged.issuperset(kit.missing):
        return []
    return [KitFoundIncomplete(**kit.fields, missing=kit.missing)]


def _welcome(command: WelcomeHire, welcome: Prepared, seen: Seen, asked: Asked) -> Sequence[WelcomeEvent]:
    if not isinstance(welcome, Preparing):
        return []
    _refuse_stopped(seen)
    _refuse_future(command.welcomed_on, asked)
    kit = welcome.kit
    if kit.missing and command.missing_accepted is None:
        raise Rejected("kit-incomplete", f"not ready: {', '.join(kit.missing)}")
    return [HireWelcomed(**kit.fields, welcomed_on=command.welcomed_on, missing=kit.missing)]


def _introduce(command: IntroducePlan, welcome: Prepared, seen: Seen, asked: Asked) -> Sequence[WelcomeEvent]:
    if isinstance(welcome, Introduced):
        return []
    _refuse_stopped(seen)
    if isinstance(welcome, Preparing):
        raise Rejected("not-welcomed", "the hire is welcomed first")
    if command.introduced_on < welcome.welcomed_on:
        raise Rejected("not-welcomed", f"the hire was welcomed on {welcome.welcomed_on}, not before")
    _refuse_future(command.introduced_on, asked)
    return [
        PlanIntroduced(
            **welcome.kit.fields,
            introduced_on=command.introduced_on,
            final_goal=welcome.kit.final_goal,
            expectations=command.expectations,
        )
    ]


def _refuse_unknown(item: str, kit: Kit) -> None:
    if item not in {each.code for each in kit.items}:
        raise Rejected("item-unknown", f"the kit has no {item}")


def _refuse_stopped(seen: Seen) -> None:
    if isinstance(seen.journey, Stopped):
        raise Rejected.only(JOURNEY_STOPPED)


def _refuse_future(day: date, asked: Asked) -> None:
    if day > asked.day:
        raise Rejected("in-the-future", "only what has happened is recorded")


def look_ups(command: WelcomeCommand, welcome: Welcome) -> LookUps:
    if isinstance(command, FlagKitMissing | WelcomeHire | IntroducePlan):
        return {"journey": Look(journey, journey_stream(command.person_id))}
    return {}


def stream_of(person_id: UUID) -> str:
    return f"onboarding.welcome-{person_id}"


welcome: Decider[WelcomeCommand, Welcome, WelcomeEvent] = Decider(
    kind="welcome",
    commands=WelcomeCommand,
    events=WelcomeEvent,
    stream=lambda command: stream_of(command.person_id),
    initial=Unprepared(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "FlagKitMissing",
    "IntroducePlan",
    "PrepareWelcome",
    "ReadyKitItem",
    "ReopenKitItem",
    "WelcomeHire",
    "welcome",
]
