"""By when coaching asks something of itself about conversations."""

from datetime import date, datetime, time
from typing import Any

import pytest

from services.coaching.deadlines import DEADLINES
from services.coaching.deciders.action import FlagActionDue
from services.coaching.deciders.issue import EscalateIssue
from services.coaching.deciders.plan import FlagMissing
from services.coaching.deciders.session import FlagLeftOpen, RemindAcknowledgement
from shared.core.deadline import Done, Due, Local
from shared.core.event import Event, event_types
from tests.coaching.cast import ACTION, AINO, OTHER_ACTION, SESSION, TEAM, at
from tests.coaching.people_matters import (
    ISSUE,
    issue_escalated,
    issue_raised,
    issue_resolved,
    issue_taken_up,
)
from tests.coaching.plans import (
    cadence_set,
    coaching_missed,
    plan_ended,
    plan_opened,
    plan_paused,
    session_counted,
    session_uncounted,
)
from tests.coaching.sessions import (
    STARTS,
    acknowledged,
    action_agreed,
    action_done,
    action_dropped,
    cancelled,
    other_carried,
    session_booked,
    session_held,
    session_moved,
    voided,
)
from tests.services.envelopes import recorded

EVENING, NOON = time(18), time(12)


MONDAY_MORNING = at(8)


def rows(deadline: str, event: Event, when: datetime = MONDAY_MORNING) -> Any:
    (found,) = (each for each in DEADLINES if each.name == deadline)
    assert event.event_name in event_types(found.hears)
    return found.rows(event, recorded(event, at=when))


@pytest.mark.parametrize(
    "event", [plan_opened, cadence_set, session_counted, session_uncounted, plan_paused, coaching_missed]
)
def test_coaching_is_missing_on_the_evening_of_the_due_day(event: Any) -> None:
    flag = FlagMissing(person_id=AINO, due_on=event.next_due_on)
    assert rows("coaching-missing", event) == Due((AINO,), Local(event.next_due_on, EVENING, TEAM), flag)


def test_without_a_plan_nothing_is_missing() -> None:
    assert rows("coaching-missing", plan_ended, at(31)) == Done((AINO,))
    assert rows("coaching-missing", plan_ended, at(30)) is None, "coached until the last day"
    early = session_counted.model_copy(update={"team_id": None})
    assert rows("coaching-missing", early) is None


@pytest.mark.parametrize(
    ("starts_at", "told", "noon"),
    [
        (STARTS, at(8), date(2027, 3, 19)),
        (at(19, 10), at(8), date(2027, 3, 22)),
        (at(4, 10), at(8), date(2027, 3, 9)),
        (at(4, 10), at(12), date(2027, 3, 15)),
    ],
)
def test_a_session_is_left_open_at_noon_of_the_next_working_day(
    starts_at: datetime, told: datetime, noon: date
) -> None:
    flag = FlagLeftOpen(session_id=SESSION, starts_at=starts_at)
    due = Due((SESSION,), Local(noon, NOON, TEAM), flag)
    booked = session_booked.model_copy(update={"starts_at": starts_at})
    moved = session_moved.model_copy(update={"starts_at": starts_at})
    assert rows("session-left-open", booked, told) == due
    assert rows("session-left-open", moved, told) == due


@pytest.mark.parametrize("event", [session_held, cancelled])
def test_what_is_told_is_not_left_open(event: Event) -> None:
    assert rows("session-left-open", event) == Done((SESSION,))


def test_the_employee_has_a_week_to_look_at_it() -> None:
    remind = RemindAcknowledgement(session_id=SESSION)
    assert rows("acknowledgement-due", session_held) == Due((SESSION,), at(25, 10), remind)
    written_down_late = rows("acknowledgement-due", session_held, at(6, month=4))
    assert written_down_late == Due((SESSION,), at(13, month=4), remind)
    assert rows("acknowledgement-due", acknowledged) == Done((SESSION,))
    assert rows("acknowledgement-due", voided) == Done((SESSION,))


def test_an_action_is_due_on_the_evening_of_its_day() -> None:
    flag = FlagActionDue(action_id=ACTION, follow_up_on=date(2027, 4, 1))
    due = Due((ACTION,), Local(date(2027, 4, 1), EVENING, TEAM), flag)
    assert rows("action-follow-up-due", action_agreed) == due
    again = FlagActionDue(action_id=OTHER_ACTION, follow_up_on=date(2027, 4, 8))
    later = Due((OTHER_ACTION,), Local(date(2027, 4, 8), EVENING, TEAM), again)
    assert rows("action-follow-up-due", other_carried) == later
    for outcome in (action_done, action_dropped):
        assert rows("action-follow-up-due", outcome) == Done((ACTION,))


@pytest.mark.parametrize("event", [issue_raised, issue_taken_up, issue_escalated])
def test_an_issue_goes_up_on_the_evening_of_its_day(event: Any) -> None:
    escalate = EscalateIssue(issue_id=ISSUE, address_by=event.address_by)
    assert rows("issue-due", event) == Due((ISSUE,), Local(event.address_by, EVENING, TEAM), escalate)


def test_a_resolved_issue_goes_no_further() -> None:
    assert rows("issue-due", issue_resolved) == Done((ISSUE,))


def test_the_names_never_change() -> None:
    """They are part of the ids of the commands."""
    assert [deadline.name for deadline in DEADLINES[:5]] == [
        "coaching-missing",
        "session-left-open",
        "acknowledgement-due",
        "action-follow-up-due",
        "issue-due",
    ]
