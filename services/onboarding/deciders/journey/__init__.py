"""The journey of one person from the first day to own contacts: the table of contents.

Read on in this order: state (where it stands), evolve (how facts change that), following (what comes by itself),
starting, contacts, records, checks, stages, tailoring, ending.
"""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.onboarding.deciders.journey.checks import Answer, RecordCheck, record_check
from services.onboarding.deciders.journey.contacts import (
    ArrangeFirstContactSupport,
    RecordFirstContact,
    arrange_first_contact_support,
    record_first_contact,
)
from services.onboarding.deciders.journey.ending import (
    AskReview,
    ReviewJourney,
    StopJourney,
    ask_review,
    review_journey,
    stop_journey,
)
from services.onboarding.deciders.journey.evolve import evolve
from services.onboarding.deciders.journey.records import (
    RecordCoaching,
    RecordMonitoring,
    VoidRecord,
    record_coaching,
    record_monitoring,
    void_record,
)
from services.onboarding.deciders.journey.stages import (
    MarkStalled,
    ReplanStage,
    SignOffStage,
    mark_stalled,
    replan_stage,
    sign_off_stage,
)
from services.onboarding.deciders.journey.starting import (
    BeginStages,
    MoveJourney,
    MoveStart,
    StartJourney,
    begin_stages,
    look_ups_to_start,
    move_journey,
    move_start,
    start_journey,
)
from services.onboarding.deciders.journey.state import Journey, NotStarted, Stopped, Underway
from services.onboarding.deciders.journey.tailoring import TailorStage, tailor_stage
from services.onboarding.deciders.person import person
from services.onboarding.deciders.person import stream_of as person_stream
from services.onboarding.events.journey import JourneyEvent
from shared.core.decider import Asked, Decider, Look, LookUps, Seen

JourneyCommand = (
    StartJourney
    | MoveStart
    | MoveJourney
    | BeginStages
    | ArrangeFirstContactSupport
    | RecordFirstContact
    | RecordMonitoring
    | RecordCoaching
    | RecordCheck
    | VoidRecord
    | SignOffStage
    | TailorStage
    | ReplanStage
    | MarkStalled
    | ReviewJourney
    | AskReview
    | StopJourney
)


def decide(command: JourneyCommand, journey: Journey, seen: Seen, asked: Asked) -> Sequence[JourneyEvent]:
    match command:
        case StartJourney():
            return start_journey(command, journey, seen, asked)
        case MoveStart():
            return move_start(command, journey, asked)
        case MoveJourney():
            return move_journey(command, journey, seen, asked)
        case BeginStages():
            return begin_stages(command, journey)
        case ArrangeFirstContactSupport():
            return arrange_first_contact_support(command, journey, asked)
        case RecordFirstContact():
            return record_first_contact(command, journey, asked)
        case RecordMonitoring():
            return record_monitoring(command, journey, asked)
        case RecordCoaching():
            return record_coaching(command, journey, asked)
        case RecordCheck():
            return record_check(command, journey, asked)
        case VoidRecord():
            return void_record(command, journey, asked)
        case SignOffStage():
            return sign_off_stage(command, journey, asked)
        case TailorStage():
            return tailor_stage(command, journey, asked)
        case ReplanStage():
            return replan_stage(command, journey, asked)
        case MarkStalled():
            return mark_stalled(command, journey)
        case ReviewJourney():
            return review_journey(command, journey, asked)
        case AskReview():
            return ask_review(command, journey, seen, asked)
        case StopJourney():
            return stop_journey(command, journey, seen, asked)
        case _:
            assert_never(command)


def look_ups(command: JourneyCommand, journey: Journey) -> LookUps:
    match command:
        case StartJourney():
            return look_ups_to_start(command)
        case MoveJourney() | AskReview() | StopJourney():
            return {"person": Look(person, person_stream(command.person_id))}
        case _:
            return {}


def stream_of(person_id: UUID) -> str:
    return f"onboarding.journey-{person_id}"


journey: Decider[JourneyCommand, Journey, JourneyEvent] = Decider(
    kind="journey",
    commands=JourneyCommand,
    events=JourneyEvent,
    stream=lambda command: stream_of(command.person_id),
    initial=NotStarted(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "Answer",
    "ArrangeFirstContactSupport",
    "AskReview",
    "BeginStages",
    "Journey",
    "MarkStalled",
    "MoveJourney",
    "MoveStart",
    "RecordCheck",
    "RecordCoaching",
    "RecordFirstContact",
    "RecordMonitoring",
    "ReplanStage",
    "ReviewJourney",
    "SignOffStage",
    "StartJourney",
    "StopJourney",
    "Stopped",
    "TailorStage",
    "Underway",
    "VoidRecord",
    "journey",
    "stream_of",
]
