"""Policies about where development needs come from: checks, late stages, evaluations and mappings show them."""

from collections.abc import Sequence

from services.coaching.deciders.plan import RaiseNeed
from services.coaching.events.evaluation import EvaluationRecorded
from services.coaching.events.skills import MappingAnswered
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


def need_from_evaluation(event: EvaluationRecorded, recorded: Recorded) -> Sequence[RaiseNeed]:
    """A scale that came out low is something to work on; those who calibrate their eyes evaluate nobody."""
    if event.subject != "employee" or event.purpose == "calibration":
        return []
    return [
        RaiseNeed(
            person_id=event.subject_id,
            need_id=derive("need", event.evaluation_id, scale),
            topic=scale,
            origin="evaluation",
            origin_ref=event.evaluation_id,
        )
        for scale in event.low_scales
    ]


def need_from_mapping(event: MappingAnswered, recorded: Recorded) -> Sequence[RaiseNeed]:
    """What somebody would like to learn is a need."""
    return [
        RaiseNeed(
            person_id=event.person_id,
            need_id=derive("need", event.round_id, event.person_id, skill),
            topic=skill,
            origin="mapping",
            origin_ref=event.round_id,
        )
        for skill in event.needs
    ]


POLICIES: tuple[Policy, ...] = (
    Policy("need-from-check", CheckFailed | CheckPassed, need_from_check),
    Policy("need-from-stall", JourneyStalled, need_from_stall),
    Policy("need-from-evaluation", EvaluationRecorded, need_from_evaluation),
    Policy("need-from-mapping", MappingAnswered, need_from_mapping),
)
