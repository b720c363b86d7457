"""Policies about conversations: plans follow people, sessions follow plans, what was agreed is followed up."""

from collections.abc import Sequence
from typing import assert_never

from services.coaching.deciders.action import AgreeAction, FollowUpAction
from services.coaching.deciders.goals import ReportProgress
from services.coaching.deciders.plan import (
    CountSession,
    DropBooking,
    EndPlan,
    MovePlan,
    NoteBooking,
    OpenPlan,
    UncountSession,
)
from services.coaching.deciders.session import BookSession, CancelSession, HandOverSession, NoteClash
from services.coaching.events.plan import BookingOrphaned, CoachChanged, PlanEnded, PlanPaused, SeriesPlanned
from services.coaching.events.session import (
    SessionBooked,
    SessionCancelled,
    SessionHeld,
    SessionMoved,
    SessionVoided,
)
from services.coaching.inbox.directory import PersonJoinedTeam, PersonLeft, PersonMovedTeam
from services.coaching.inbox.scheduling import ActivityDisplaced
from shared.core.event import Recorded
from shared.core.ids import derive
from shared.core.policy import Policy


def plan_follows_membership(
    event: PersonJoinedTeam | PersonMovedTeam | PersonLeft, recorded: Recorded
) -> Sequence[OpenPlan | MovePlan | EndPlan]:
    """Who joins is coached, who moves is coached there, who leaves is coached no more."""
    person_id, seq = event.person_id, recorded.version
    match event:
        case PersonJoinedTeam():
            from_day = max(event.joined_on, recorded.at.date())
            return [OpenPlan(person_id=person_id, team_id=event.team_id, from_day=from_day, seq=seq)]
        case PersonMovedTeam():
            return [MovePlan(person_id=person_id, team_id=event.to_team_id, from_day=event.from_day, seq=seq)]
        case PersonLeft():
            return [EndPlan(person_id=person_id, on=event.last_day, seq=seq)]
        case _:
            assert_never(event)


def cancel_sessions_of_plan(
    event: PlanEnded | BookingOrphaned | PlanPaused, recorded: Recorded
) -> Sequence[CancelSession]:
    """What is booked for days without coaching is not held."""
    match event:
        case PlanEnded():
            return [CancelSession(session_id=session_id, reason="left") for session_id in event.session_ids]
        case BookingOrphaned():
            return [CancelSession(session_id=event.session_id, reason="left")]
        case PlanPaused():
            return [CancelSession(session_id=session_id, reason="pause") for session_id in event.session_ids]
        case _:
            assert_never(event)


def book_series(event: SeriesPlanned, recorded: Recorded) -> Sequence[BookSession]:
    """A planned series is booked session by session."""
    return [
        BookSession(
            session_id=slot.session_id,
            employee_id=event.person_id,
            coach_id=event.coach_id,
            form_id=event.form_id,
            kind="regular",
            starts_at=slot.starts_at,
            minutes=event.minutes,
            place=event.place,
        )
        for slot in event.sessions
    ]


def hand_over_sessions(event: CoachChanged, recorded: Recorded) -> Sequence[HandOverSession]:
    """Another coach takes over what is booked."""
    return [HandOverSession(session_id=session_id, coach_id=event.coach_id) for session_id in event.session_ids]


def mirror_bookings(
    event: SessionBooked | SessionMoved | SessionCancelled, recorded: Recorded
) -> Sequence[NoteBooking | DropBooking]:
    """The plan knows what is booked."""
    person_id, session_id, seq = event.employee_id, event.session_id, recorded.version
    match event:
        case SessionBooked() | SessionMoved():
            return [NoteBooking(person_id=person_id, session_id=session_id, starts_at=event.starts_at, seq=seq)]
        case SessionCancelled():
            return [DropBooking(person_id=person_id, session_id=session_id, seq=seq)]
        case _:
            assert_never(event)


def count_session(event: SessionHeld | SessionVoided, recorded: Recorded) -> Sequence[CountSession | UncountSession]:
    """A held session counts, until it is voided."""
    person_id, session_id = event.employee_id, event.session_id
    match event:
        case SessionHeld():
            held_on = event.held_at.date()
            return [CountSession(person_id=person_id, session_id=session_id, held_on=held_on, needs=event.needs)]
        case SessionVoided():
            return [UncountSession(person_id=person_id, session_id=session_id)]
        case _:
            assert_never(event)


def agree_actions(event: SessionHeld | SessionVoided, recorded: Recorded) -> Sequence[AgreeAction | FollowUpAction]:
    """What was agreed is on the list of actions; what was agreed by mistake is dropped."""
    match event:
        case SessionHeld():
            return [
                AgreeAction(
                    **dict(action),
                    employee_id=event.employee_id,
                    coach_id=event.coach_id,
                    team_id=event.team_id,
                    session_id=event.session_id,
                )
                for action in event.actions
            ]
        case SessionVoided():
            return [
                FollowUpAction(action_id=action_id, outcome="dropped", note=event.reason)
                for action_id in event.action_ids
            ]
        case _:
            assert_never(event)


def follow_up_actions(event: SessionHeld, recorded: Recorded) -> Sequence[FollowUpAction]:
    """What was looked at again has its outcome."""
    return [FollowUpAction(**dict(review), session_id=event.session_id) for review in event.reviewed]


def report_goal_progress(event: SessionHeld, recorded: Recorded) -> Sequence[ReportProgress]:
    """Where the goals stood when the two talked."""
    return [
        ReportProgress(
            person_id=event.employee_id,
            goal_id=told.goal_id,
            ref=event.session_id,
            value=told.value,
            on=event.held_at.date(),
            source="session",
        )
        for told in event.progress
    ]


def note_clash(event: ActivityDisplaced, recorded: Recorded) -> Sequence[NoteClash]:
    """Something else has taken the time of a session."""
    session_id = event.of("coaching")
    if session_id is None:
        return []
    clash = derive("clash", event.activity_id, event.cause_ref)
    return [NoteClash(session_id=session_id, clash=clash, cause=event.cause)]


POLICIES: tuple[Policy, ...] = (
    Policy("plan-follows-membership", PersonJoinedTeam | PersonMovedTeam | PersonLeft, plan_follows_membership),
    Policy("cancel-sessions-of-plan", PlanEnded | BookingOrphaned | PlanPaused, cancel_sessions_of_plan),
    Policy("book-series", SeriesPlanned, book_series),
    Policy("hand-over-sessions", CoachChanged, hand_over_sessions),
    Policy("mirror-bookings", SessionBooked | SessionMoved | SessionCancelled, mirror_bookings),
    Policy("count-session", SessionHeld | SessionVoided, count_session),
    Policy("agree-actions", SessionHeld | SessionVoided, agree_actions),
    Policy("follow-up-actions", SessionHeld, follow_up_actions),
    Policy("report-goal-progress", SessionHeld, report_goal_progress),
    Policy("note-clash", ActivityDisplaced, note_clash),
)
