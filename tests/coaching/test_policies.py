"""Whenever something has happened around conversations, what coaching asks of itself."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from services.coaching.deciders.action import AgreeAction, FollowUpAction
from services.coaching.deciders.goals import ReportProgress
from services.coaching.deciders.plan import (
    CountSession,
    DropBooking,
    EndPlan,
    MovePlan,
    NoteBooking,
    OpenPlan,
    RaiseNeed,
    UncountSession,
)
from services.coaching.deciders.session import BookSession, CancelSession, HandOverSession, NoteClash
from services.coaching.events.shapes import NeedRef
from services.coaching.inbox.directory import PersonJoinedTeam, PersonLeft, PersonMovedTeam
from services.coaching.inbox.journey import CheckFailed, CheckPassed, JourneyStalled
from services.coaching.inbox.scheduling import ActivityDisplaced
from services.coaching.policies import POLICIES
from shared.core.decider import Command
from shared.core.event import Event, event_types
from shared.core.ids import derive
from tests.coaching.cast import (
    ACTION,
    AINO,
    DANI,
    FORM,
    GOAL,
    MONDAY,
    NEED,
    NEXT_SESSION,
    OTHER_ACTION,
    OTHER_TEAM,
    SANNA,
    SESSION,
    TEAM,
    at,
)
from tests.coaching.plans import (
    FIRST_STARTS,
    SERIES_IDS,
    coach_changed,
    next_orphaned,
    plan_ended,
    plan_paused,
    series_planned,
)
from tests.coaching.sessions import cancelled, session_booked, session_held, session_moved, voided
from tests.services.envelopes import recorded

ATTEMPT, ACTIVITY = UUID(int=91), UUID(int=92)


def asked(policy: str, event: Event, version: int = 1) -> Sequence[Command]:
    (found,) = (each for each in POLICIES if each.name == policy)
    assert event.event_name in event_types(found.hears)
    return found.ask(event, recorded(event, version, at(8)))


@pytest.mark.parametrize(("joined_on", "from_day"), [(1, date(2027, 3, 8)), (15, date(2027, 3, 15))])
def test_who_joins_is_coached_from_then_on_and_not_before(joined_on: int, from_day: date) -> None:
    joined = PersonJoinedTeam(person_id=AINO, team_id=TEAM, role_code="agent", joined_on=date(2027, 3, joined_on))
    expected = OpenPlan(person_id=AINO, team_id=TEAM, from_day=from_day, seq=4)
    assert asked("plan-follows-membership", joined, version=4) == [expected]


def test_the_plan_moves_and_ends_with_the_person() -> None:
    moved = PersonMovedTeam(person_id=AINO, to_team_id=OTHER_TEAM, from_day=MONDAY)
    left = PersonLeft(person_id=AINO, team_id=TEAM, last_day=date(2027, 3, 31))
    assert asked("plan-follows-membership", moved, version=2) == [
        MovePlan(person_id=AINO, team_id=OTHER_TEAM, from_day=MONDAY, seq=2)
    ]
    assert asked("plan-follows-membership", left, version=3) == [EndPlan(person_id=AINO, on=date(2027, 3, 31), seq=3)]


def test_what_is_booked_without_coaching_is_cancelled() -> None:
    left = CancelSession(session_id=NEXT_SESSION, reason="left")
    assert asked("cancel-sessions-of-plan", plan_ended) == [left]
    assert asked("cancel-sessions-of-plan", next_orphaned) == [left]
    paused = CancelSession(session_id=NEXT_SESSION, reason="pause")
    assert asked("cancel-sessions-of-plan", plan_paused) == [paused]


def test_a_check_shows_needs() -> None:
    failed = CheckFailed(
        person_id=AINO, team_id=TEAM, attempt_id=ATTEMPT, stage="first-response", needs=("crm-search", "notes")
    )
    needs = [
        RaiseNeed(
            person_id=AINO,
            need_id=derive("need", ATTEMPT, topic),
            topic=topic,
            origin="check",
            origin_ref=ATTEMPT,
        )
        for topic in ("crm-search", "notes")
    ]
    assert asked("need-from-check", failed) == needs
    assert asked("need-from-check", CheckPassed(**dict(failed))) == needs
    assert asked("need-from-check", CheckPassed(**dict(failed) | {"needs": ()})) == []


def test_a_late_stage_is_a_need() -> None:
    day = date(2027, 3, 24)
    stalled = JourneyStalled(person_id=AINO, team_id=TEAM, journey_no=1, stage="first-response", due_on=day)
    need_id = derive("need", AINO, "first-response", day)
    assert asked("need-from-stall", stalled) == [
        RaiseNeed(person_id=AINO, need_id=need_id, topic="first-response", origin="stall")
    ]


def test_a_series_is_booked_session_by_session() -> None:
    assert asked("book-series", series_planned) == [
        BookSession(
            session_id=session_id,
            employee_id=AINO,
            coach_id=SANNA,
            form_id=FORM,
            kind="regular",
            starts_at=starts_at,
            minutes=45,
            place="site",
        )
        for session_id, starts_at in zip(SERIES_IDS, FIRST_STARTS, strict=True)
    ]


def test_another_coach_takes_over_what_is_booked() -> None:
    assert asked("hand-over-sessions", coach_changed) == [
        HandOverSession(session_id=SESSION, coach_id=DANI),
        HandOverSession(session_id=NEXT_SESSION, coach_id=DANI),
    ]


def test_the_plan_knows_what_is_booked() -> None:
    def note(starts_at: object, seq: int) -> NoteBooking:
        return NoteBooking(person_id=AINO, session_id=SESSION, starts_at=starts_at, seq=seq)

    assert asked("mirror-bookings", session_booked) == [note(session_booked.starts_at, 1)]
    assert asked("mirror-bookings", session_moved, version=3) == [note(session_moved.starts_at, 3)]
    dropped = DropBooking(person_id=AINO, session_id=SESSION, seq=4)
    assert asked("mirror-bookings", cancelled, version=4) == [dropped]


def test_a_held_session_counts_until_it_is_voided() -> None:
    needs = (NeedRef(need_id=NEED, topic="crm-search"),)
    assert asked("count-session", session_held) == [
        CountSession(person_id=AINO, session_id=SESSION, held_on=date(2027, 3, 18), needs=needs)
    ]
    assert asked("count-session", voided) == [UncountSession(person_id=AINO, session_id=SESSION)]


def test_what_was_agreed_is_on_the_list_until_the_session_is_voided() -> None:
    assert asked("agree-actions", session_held) == [
        AgreeAction(
            action_id=ACTION,
            employee_id=AINO,
            coach_id=SANNA,
            team_id=TEAM,
            session_id=SESSION,
            owner="employee",
            text="Tries the search by number first.",
            follow_up_on=date(2027, 4, 1),
        )
    ]
    assert asked("agree-actions", voided) == [
        FollowUpAction(action_id=ACTION, outcome="dropped", note="Written down for the wrong person.")
    ]


def test_what_was_erased_is_agreed_and_dropped_without_words() -> None:
    (action,) = session_held.actions
    lost = session_held.model_copy(update={"actions": (action.model_copy(update={"text": None}),)})
    (agreed,) = asked("agree-actions", lost)
    assert isinstance(agreed, AgreeAction)
    assert agreed.text is None
    (dropped,) = asked("agree-actions", voided.model_copy(update={"reason": None}))
    assert isinstance(dropped, FollowUpAction)
    assert dropped.note is None


def test_what_was_looked_at_again_has_its_outcome() -> None:
    assert asked("follow-up-actions", session_held) == [
        FollowUpAction(
            action_id=OTHER_ACTION,
            outcome="carried-over",
            session_id=SESSION,
            follow_up_on=date(2027, 4, 8),
            note="No time yet.",
        )
    ]


def test_goals_hear_where_they_stood() -> None:
    assert asked("report-goal-progress", session_held) == [
        ReportProgress(
            person_id=AINO, goal_id=GOAL, ref=SESSION, value=Decimal(3), on=date(2027, 3, 18), source="session"
        )
    ]


displaced = ActivityDisplaced(
    activity_id=ACTIVITY,
    person_id=AINO,
    kind="coaching",
    ref=str(SESSION),
    cause="absence",
    cause_ref="absence-1",
)


def test_a_displaced_session_has_a_clash() -> None:
    clash = derive("clash", ACTIVITY, "absence-1")
    assert asked("note-clash", displaced) == [NoteClash(session_id=SESSION, clash=clash, cause="absence")]
    for other in ({"kind": "training"}, {"ref": "placed by hand"}):
        assert asked("note-clash", displaced.model_copy(update=other)) == []


def test_the_names_never_change() -> None:
    """They are part of the ids of the commands."""
    assert [policy.name for policy in POLICIES] == [
        "plan-follows-membership",
        "cancel-sessions-of-plan",
        "book-series",
        "hand-over-sessions",
        "mirror-bookings",
        "count-session",
        "agree-actions",
        "follow-up-actions",
        "report-goal-progress",
        "note-clash",
        "need-from-check",
        "need-from-stall",
        "need-from-evaluation",
        "need-from-mapping",
        "return-sparring",
        "drop-participant",
        "meet-need-by-sparring",
        "ask-for-mapping",
        "queue-interest",
    ]
