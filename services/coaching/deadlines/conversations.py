"""Deadlines about conversations: coaching that is missing, sessions left open, actions and issues that fall due."""

from datetime import timedelta
from typing import assert_never

from services.coaching.deciders.action import FlagActionDue
from services.coaching.deciders.issue import EscalateIssue
from services.coaching.deciders.plan import FlagMissing
from services.coaching.deciders.session import FlagLeftOpen, RemindAcknowledgement
from services.coaching.events.action import ActionAgreed, ActionCarriedOver, ActionDone, ActionDropped
from services.coaching.events.issue import IssueEscalated, IssueRaised, IssueResolved, IssueTakenUp
from services.coaching.events.plan import (
    CadenceSet,
    CoachingCounted,
    CoachingMissed,
    CoachingUncounted,
    PlanEnded,
    PlanOpened,
    PlanPaused,
)
from services.coaching.events.session import (
    SessionAcknowledged,
    SessionBooked,
    SessionCancelled,
    SessionHeld,
    SessionMoved,
    SessionVoided,
)
from shared.core.calendar import add_working_days
from shared.core.deadline import END_OF_DAY, NOON, Deadline, Done, Due, Local
from shared.core.event import Recorded

ACKNOWLEDGED_WITHIN = timedelta(days=7)

Paced = PlanOpened | CadenceSet | CoachingCounted | CoachingUncounted | PlanPaused | CoachingMissed


def coaching_missing(event: Paced | PlanEnded, recorded: Recorded) -> Due | Done | None:
    """The evening of the due day, unless a session was held by then, or the last day came first."""
    key = (event.person_id,)
    if isinstance(event, PlanEnded):
        return Done(key) if event.on <= recorded.at.date() else None
    if event.team_id is None:  # counted before there is a plan: opening it sets the day
        return None
    when = Local(event.next_due_on, END_OF_DAY, event.team_id)
    return Due(key, when, FlagMissing(person_id=event.person_id, due_on=event.next_due_on))


def session_left_open(
    event: SessionBooked | SessionMoved | SessionHeld | SessionCancelled, recorded: Recorded
) -> Due | Done:
    """The working day after, somebody still knows whether the session was held."""
    key = (event.session_id,)
    match event:
        case SessionBooked() | SessionMoved():
            day = max(event.starts_at.date(), recorded.at.astimezone(event.starts_at.tzinfo).date())
            when = Local(add_working_days(day, 1), NOON, event.team_id)
            return Due(key, when, FlagLeftOpen(session_id=event.session_id, starts_at=event.starts_at))
        case SessionHeld() | SessionCancelled():
            return Done(key)
        case _:
            assert_never(event)


def acknowledgement_due(event: SessionHeld | SessionAcknowledged | SessionVoided, recorded: Recorded) -> Due | Done:
    """A week after the conversation, or after it was written down, unless the employee has seen that."""
    key = (event.session_id,)
    match event:
        case SessionHeld():
            command = RemindAcknowledgement(session_id=event.session_id)
            return Due(key, max(event.held_at, recorded.at) + ACKNOWLEDGED_WITHIN, command)
        case SessionAcknowledged() | SessionVoided():
            return Done(key)
        case _:
            assert_never(event)


def action_follow_up_due(
    event: ActionAgreed | ActionCarriedOver | ActionDone | ActionDropped, recorded: Recorded
) -> Due | Done:
    """The evening of the day on which the two look at it again."""
    key = (event.action_id,)
    match event:
        case ActionAgreed() | ActionCarriedOver():
            command = FlagActionDue(action_id=event.action_id, follow_up_on=event.follow_up_on)
            return Due(key, Local(event.follow_up_on, END_OF_DAY, event.team_id), command)
        case ActionDone() | ActionDropped():
            return Done(key)
        case _:
            assert_never(event)


def issue_due(event: IssueRaised | IssueTakenUp | IssueEscalated | IssueResolved, recorded: Recorded) -> Due | Done:
    """The evening of the day by which it is to be addressed."""
    key = (event.issue_id,)
    match event:
        case IssueRaised() | IssueTakenUp() | IssueEscalated():
            command = EscalateIssue(issue_id=event.issue_id, address_by=event.address_by)
            return Due(key, Local(event.address_by, END_OF_DAY, event.team_id), command)
        case IssueResolved():
            return Done(key)
        case _:
            assert_never(event)


DEADLINES: tuple[Deadline, ...] = (
    Deadline("coaching-missing", Paced | PlanEnded, coaching_missing),
    Deadline("session-left-open", SessionBooked | SessionMoved | SessionHeld | SessionCancelled, session_left_open),
    Deadline("acknowledgement-due", SessionHeld | SessionAcknowledged | SessionVoided, acknowledgement_due),
    Deadline(
        "action-follow-up-due", ActionAgreed | ActionCarriedOver | ActionDone | ActionDropped, action_follow_up_due
    ),
    Deadline("issue-due", IssueRaised | IssueTakenUp | IssueEscalated | IssueResolved, issue_due),
)
