"""Policies about what hires turn out to need: checks and late stages show it."""

from collections.abc import Sequence

from services.coaching.deciders.plan import RaiseNeed
from services.coaching.inbox.journey import CheckFailed, CheckPassed, JourneyStalled
from shared.core.event import Recorded
from shared.core.ids import derive
from shared.core.policy import Policy


def need_from_check(event: CheckFailed | CheckPassed, recorded: Recorded) -> Sequence[RaiseNeed]:
    """The topics of a check that went badly are to be coached."""
    return [
        RaiseNeed(
            person_id=event.person_id,
            need_id=derive("need", event.attempt_id, topic),
            topic=topic,
            origin="check",
            origin_ref=event.attempt_id,
        )
        for topic in event.needs
    ]


def need_from_stall(event: JourneyStalled, recorded: Recorded) -> Sequence[RaiseNeed]:
    """Who is late in a stage is coached on it."""
    need_id = derive("need", event.person_id, event.stage, event.due_on)
    return [RaiseNeed(person_id=event.person_id, need_id=need_id, topic=event.stage, origin="stall")]


POLICIES: tuple[Policy, ...] = (
    Policy("need-from-check", CheckFailed | CheckPassed, need_from_check),
    Policy("need-from-stall", JourneyStalled, need_from_stall),
)
