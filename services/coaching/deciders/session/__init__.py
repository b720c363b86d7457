"""One coaching session: the table of contents.

Read on in this order: state (where it stands, and how facts change that), booking, answers, holding, afterwards.
"""

from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.action import action
from services.coaching.deciders.action import stream_of as action_stream
from services.coaching.deciders.form import form
from services.coaching.deciders.form import stream_of as form_stream
from services.coaching.deciders.plan import plan
from services.coaching.deciders.plan import stream_of as plan_stream
from services.coaching.deciders.session.afterwards import (
    acknowledge_session,
    add_remark,
    remind_acknowledgement,
    void_session,
)
from services.coaching.deciders.session.booking import (
    book_session,
    cancel_session,
    flag_left_open,
    hand_over_session,
    move_session,
    note_clash,
    prepare_session,
)
from services.coaching.deciders.session.commands import (
    BookSession,
    CancelSession,
    FlagLeftOpen,
    HandOverSession,
    MoveSession,
    NoteClash,
    PrepareSession,
)
from services.coaching.deciders.session.holding import hold_session
from services.coaching.deciders.session.record_commands import (
    AcknowledgeSession,
    ActionToAgree,
    AddRemark,
    HoldSession,
    MatterToPassOn,
    RemindAcknowledgement,
    VoidSession,
)
from services.coaching.deciders.session.state import Session, Unbooked, evolve
from services.coaching.events.session import SessionEvent
from shared.core.decider import Asked, Decider, Look, LookUps, Seen

SessionCommand = (
    BookSession
    | PrepareSession
    | HandOverSession
    | MoveSession
    | NoteClash
    | CancelSession
    | FlagLeftOpen
    | HoldSession
    | VoidSession
    | AcknowledgeSession
    | RemindAcknowledgement
    | AddRemark
)


def decide(command: SessionCommand, session: Session, seen: Seen, asked: Asked) -> Sequence[SessionEvent]:
    match command:
        case BookSession():
            return book_session(command, session, seen, asked)
        case PrepareSession():
            return prepare_session(command, session, asked)
        case HandOverSession():
            return hand_over_session(command, session)
        case MoveSession():
            return move_session(command, session, seen, asked)
        case NoteClash():
            return note_clash(command, session)
        case CancelSession():
            return cancel_session(command, session, asked)
        case FlagLeftOpen():
            return flag_left_open(command, session)
        case HoldSession():
            return hold_session(command, session, seen, asked)
        case VoidSession():
            return void_session(command, session, asked)
        case AcknowledgeSession():
            return acknowledge_session(command, session, asked)
        case RemindAcknowledgement():
            return remind_acknowledgement(command, session)
        case AddRemark():
            return add_remark(command, session, asked)
        case _:
            assert_never(command)


def look_ups(command: SessionCommand, session: Session) -> LookUps:
    match command:
        case BookSession():
            return {
                "plan": Look(plan, plan_stream(command.employee_id)),
                "form": Look(form, form_stream(command.form_id)),
            }
        case MoveSession() if not isinstance(session, Unbooked):
            return {"plan": Look(plan, plan_stream(session.talk.booked.employee_id))}
        case HoldSession() if not isinstance(session, Unbooked):
            return {
                "form": Look(form, form_stream(command.form_id or session.talk.booked.form_id)),
                "agreed": [Look(action, action_stream(each.action_id)) for each in command.actions],
                "reviewed": [Look(action, action_stream(review.action_id)) for review in command.reviewed],
            }
        case _:
            return {}


def stream_of(session_id: UUID) -> str:
    return f"coaching.session-{session_id}"


session: Decider[SessionCommand, Session, SessionEvent] = Decider(
    kind="session",
    commands=SessionCommand,
    events=SessionEvent,
    stream=lambda command: stream_of(command.session_id),
    initial=Unbooked(),
    decide=decide,
    evolve=evolve,
    look_ups=look_ups,
)

__all__ = [
    "AcknowledgeSession",
    "ActionToAgree",
    "AddRemark",
    "BookSession",
    "CancelSession",
    "FlagLeftOpen",
    "HandOverSession",
    "HoldSession",
    "MatterToPassOn",
    "MoveSession",
    "NoteClash",
    "PrepareSession",
    "RemindAcknowledgement",
    "VoidSession",
    "session",
]
