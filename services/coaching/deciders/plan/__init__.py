"""The coaching plan of one person: the table of contents.

Read on in this order: state (where it stands), evolve (how facts change that), rhythm (by when the next session is
due), following, booking, counting.
"""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.form import form
from services.coaching.deciders.form import stream_of as form_stream
from services.coaching.deciders.plan.booking import change_coach, drop_booking, note_booking, plan_series
from services.coaching.deciders.plan.commands import (
    ChangeCoach,
    CountSession,
    DropBooking,
    EndPlan,
    FlagMissing,
    MeetNeeds,
    MovePlan,
    NoteBooking,
    NoteWhatMatters,
    OpenPlan,
    PausePlan,
    PlanCommand,
    PlanSeries,
    RaiseNeed,
    SetCadence,
    UncountSession,
)
from services.coaching.deciders.plan.counting import (
    count_session,
    meet_needs,
    note_what_matters,
    raise_need,
    uncount_session,
)
from services.coaching.deciders.plan.evolve import evolve
from services.coaching.deciders.plan.following import (
    end_plan,
    flag_missing,
    move_plan,
    open_plan,
    pause_plan,
    set_cadence,
)
from services.coaching.deciders.plan.state import NOTHING, Ended, Plan, coached_on, refuse_paused
from services.coaching.events.plan import PlanEvent
from shared.core.decider import Asked, Decider, Look, LookUps, Seen


def decide(command: PlanCommand, plan: Plan, seen: Seen, asked: Asked) -> Sequence[PlanEvent]:
    match command:
        case OpenPlan():
            return open_plan(command, plan, asked)
        case MovePlan():
            return move_plan(command, plan)
        case SetCadence():
            return set_cadence(command, plan, asked)
        case PlanSeries():
            return plan_series(command, plan, seen, asked)
        case ChangeCoach():
            return change_coach(command, plan)
        case NoteBooking():
            return note_booking(command, plan)
        case DropBooking():
            return drop_booking(command, plan)
        case CountSession():
            return count_session(command, plan, asked)
        case UncountSession():
            return uncount_session(command, plan, asked)
        case RaiseNeed():
            return raise_need(command, plan, asked)
        case MeetNeeds():
            return meet_needs(command, plan)
        case NoteWhatMatters():
            return note_what_matters(command, plan)
        case PausePlan():
            return pause_plan(command, plan, asked)
        case FlagMissing():
            return flag_missing(command, plan, asked)
        case EndPlan():
            return end_plan(command, plan)
        case _:
            assert_never(command)


def look_ups(command: PlanCommand, plan: Plan) -> LookUps:
    return {"form": Look(form, form_stream(command.form_id))} if isinstance(command, PlanSeries) else {}


def stream_of(person_id: UUID) -> str:
    return f"coaching.plan-{person_id}"


plan: Decider[PlanCommand, Plan, PlanEvent] = Decider(
    kind="plan",
    commands=PlanCommand,
    events=PlanEvent,
    stream=lambda command: stream_of(command.person_id),
    initial=NOTHING,
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "ChangeCoach",
    "CountSession",
    "DropBooking",
    "EndPlan",
    "Ended",
    "FlagMissing",
    "MeetNeeds",
    "MovePlan",
    "NoteBooking",
    "NoteWhatMatters",
    "OpenPlan",
    "PausePlan",
    "PlanSeries",
    "RaiseNeed",
    "SetCadence",
    "UncountSession",
    "coached_on",
    "plan",
    "refuse_paused",
    "stream_of",
]
