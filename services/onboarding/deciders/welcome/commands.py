"""What may be asked about the welcome of one person."""

from typing import Annotated
from uuid import UUID

from services.onboarding.deciders.welcome.state import NO_WELCOME
from services.onboarding.events.shapes import KitItem
from shared.core.decider import Command, example
from shared.core.event import Personal
from shared.core.types import Code, Day, Text200, Text600

AINO = "0195b1c0-0000-7000-8000-000000000001"
JOURNEY_STOPPED = {"journey-stopped": "the journey was stopped: nobody is welcomed to it any more"}
NOT_TO_BE_WELCOMED = NO_WELCOME | JOURNEY_STOPPED


class PrepareWelcome(Command):
    """Let it be known what must be ready for a hire, and when the hire comes."""

    model_config = example(
        person_id=AINO,
        team_id="0195b1c0-0000-7000-8000-0000000000b1",
        journey_no=1,
        starts_on="2027-02-26",
        final_goal="Solves invoicing and order contacts alone, and knows whom to ask.",
        kit=[{"code": "headset", "kind": "device", "title": "Headset", "needed_by_day": 0}],
        seq=1,
    )
    person_id: UUID
    team_id: UUID
    journey_no: int
    starts_on: Day
    final_goal: str
    kit: tuple[KitItem, ...]
    seq: int


class ReadyKitItem(Command):
    """Tick one thing of the kit as ready."""

    model_config = example(person_id=AINO, item="headset")
    refused = NO_WELCOME | {"item-unknown": "the kit has no such item"}
    person_id: UUID
    item: Code


class ReopenKitItem(Command):
    """Take the tick back: the thing is not ready after all."""

    model_config = example(person_id=AINO, item="headset", reason="Went to another desk.")
    refused = NO_WELCOME | {"item-unknown": "the kit has no such item"}
    person_id: UUID
    item: Code
    reason: Text200 | None = None


class FlagKitMissing(Command):
    """The hire comes on the next working day: say what is missing."""

    model_config = example(person_id=AINO, journey_no=1)
    refused = NO_WELCOME
    person_id: UUID
    journey_no: int


class WelcomeHire(Command):
    """Tell that the hire was welcomed; what is missing must be accepted in words."""

    model_config = example(person_id=AINO, welcomed_on="2027-02-26")
    refused = NOT_TO_BE_WELCOMED | {
        "in-the-future": "only what has happened is recorded",
        "kit-incomplete": "something of the kit is not ready",
    }
    person_id: UUID
    welcomed_on: Day
    missing_accepted: Text200 | None = None


class IntroducePlan(Command):
    """Tell that the plan and its final goal were gone through with the hire: the first stage opens by this.

    The days of the stage count from that day, also when it lies before the agreed first one.
    """

    model_config = example(
        person_id=AINO,
        introduced_on="2027-02-26",
        expectations="Wants to hear real contacts early.",
    )
    refused = NOT_TO_BE_WELCOMED | {
        "in-the-future": "only what has happened is recorded",
        "not-welcomed": "the hire is welcomed first, on that day at the latest",
    }
    person_id: UUID
    introduced_on: Day
    expectations: Annotated[Text600 | None, Personal("person_id")] = None


WelcomeCommand = PrepareWelcome | ReadyKitItem | ReopenKitItem | FlagKitMissing | WelcomeHire | IntroducePlan
