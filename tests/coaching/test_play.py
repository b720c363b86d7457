"""Several streams at once: plans, sessions, actions and goals, with what coaching's own policies ask of them."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from services.coaching.deciders.goals import SetGoal
from services.coaching.deciders.plan import ChangeCoach, PausePlan, PlanSeries, RaiseNeed
from services.coaching.deciders.session import AcknowledgeSession, MoveSession, VoidSession
from services.coaching.inbox.directory import PersonJoinedTeam, PersonLeft
from services.coaching.policies import POLICIES
from services.coaching.service import service
from shared.core.ids import derive
from tests.coaching.booking import book
from tests.coaching.cast import AINO, DANI, FORM, MONDAY, NEED, SANNA, SESSION, TEAM, at, changed
from tests.coaching.forms import published, started
from tests.coaching.holding import action, hold
from tests.coaching.people_matters import goal_set
from tests.coaching.test_issue import raise_, resolve, take_up
from tests.coaching.test_recognition import give, grant
from tests.services.play import Play

FIRST = at(4, 10)
joined = PersonJoinedTeam(person_id=AINO, team_id=TEAM, role_code="agent", joined_on=MONDAY)
series = PlanSeries(
    person_id=AINO, coach_id=SANNA, form_id=FORM, first=FIRST, every_days=7, count=3, minutes=45, place="site"
)
first, second, third = (derive("session", AINO, FIRST + timedelta(days=7 * n), 1) for n in range(3))


@pytest.fixture(params=[False, True], ids=["once", "every command asked twice"])
def play(request: pytest.FixtureRequest) -> Play:
    play = Play(service.deciders, POLICIES, SANNA, twice=request.param)
    play.streams[f"coaching.form-{FORM}"] = [started, published]
    assert play.hear(joined, at(1)) == ["PlanOpened"]
    return play


def test_a_series_is_booked_noted_and_handed_over(play: Play) -> None:
    assert play.ask(series, at(2)) == ["SeriesPlanned", *["SessionBooked", "BookingNoted"] * 3]
    change = ChangeCoach(person_id=AINO, coach_id=DANI, from_day=date(2027, 3, 11))
    assert play.ask(change, at(2)) == ["CoachChanged", "SessionHandedOver", "SessionHandedOver"]


def test_a_session_held_is_counted_agreed_and_told_to_goals_and_needs(play: Play) -> None:
    play.ask(RaiseNeed(person_id=AINO, need_id=NEED, topic="crm-search", origin="self"), at(2))
    play.ask(SetGoal(**dict(goal_set)), at(2))
    assert play.ask(book, at(17)) == ["SessionBooked", "BookingNoted"]
    told = play.ask(changed(hold, reviewed=()), at(18, 11))
    assert told == ["SessionHeld", "CoachingCounted", "NeedMet", "ActionAgreed", "GoalProgressed"]
    counted = play.newest(f"coaching.plan-{AINO}", "CoachingCounted")
    assert (counted.held_on, counted.next_due_on) == (date(2027, 3, 18), date(2027, 4, 17))
    assert play.newest(f"coaching.goals-{AINO}", "GoalProgressed").value == Decimal(3)
    assert play.ask(AcknowledgeSession(session_id=SESSION), at(19), AINO) == ["SessionAcknowledged"]
    void = VoidSession(session_id=SESSION, reason="Written down for the wrong person.")
    assert play.ask(void, at(20)) == ["SessionVoided", "CoachingUncounted", "ActionDropped"]


def test_what_was_agreed_is_followed_up_in_the_next_session(play: Play) -> None:
    play.ask(book, at(17))
    play.ask(changed(hold, reviewed=(), progress=()), at(18, 11))
    again = changed(book, session_id=UUID(int=33), starts_at=at(1, 10, month=4))
    play.ask(again, at(20))
    review = {"action_id": action.action_id, "outcome": "carried-over", "follow_up_on": date(2027, 4, 8)}
    next_one = type(hold)(
        **dict(hold)
        | {"session_id": UUID(int=33), "held_at": at(1, 10, month=4), "actions": ()}
        | {"reviewed": (review,), "progress": (), "needs": ()}
    )
    assert play.ask(next_one, at(1, 11, month=4)) == ["SessionHeld", "CoachingCounted", "ActionCarriedOver"]


def test_who_leaves_is_talked_with_until_the_last_day(play: Play) -> None:
    play.ask(series, at(2))
    left = PersonLeft(person_id=AINO, team_id=TEAM, last_day=date(2027, 3, 12))
    assert play.hear(left, at(3), version=2) == ["PlanEnded", "SessionCancelled", "BookingDropped"]
    assert play.newest(f"coaching.session-{third}", "SessionCancelled").reason == "left"
    move = MoveSession(session_id=second, starts_at=at(15, 10), reason="illness")
    assert play.ask(move, at(11)) == ["SessionMoved", "BookingOrphaned", "SessionCancelled", "BookingDropped"]


def test_a_pause_cancels_what_falls_into_it(play: Play) -> None:
    play.ask(series, at(2))
    pause = PausePlan(person_id=AINO, from_day=date(2027, 3, 8), until_day=date(2027, 3, 12), reason="leave")
    assert play.ask(pause, at(3)) == ["PlanPaused", "SessionCancelled", "BookingDropped"]
    assert play.newest(f"coaching.session-{second}", "SessionCancelled").reason == "pause"


def test_an_issue_is_taken_up_and_resolved_and_the_help_is_thanked_for(play: Play) -> None:
    assert play.ask(raise_, at(2), AINO) == ["IssueRaised"]
    assert play.ask(take_up, at(3)) == ["IssueTakenUp"]
    assert play.ask(resolve, at(4), DANI) == ["IssueResolved"]
    assert play.ask(give, at(5)) == ["RecognitionGiven"]
    assert play.ask(grant, at(5)) == ["RewardGranted"]
