"""A supervisor who goes to another team in mid-cycle: what is booked and what is due stays where it belongs."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from services.coaching.deadlines import DEADLINES
from services.coaching.deciders.plan import ChangeCoach, FlagMissing, PlanSeries
from services.coaching.deciders.session import MoveSession, RemindAcknowledgement
from services.coaching.inbox.directory import PersonJoinedTeam, PersonMovedTeam, SupervisorAppointed
from services.coaching.policies import POLICIES
from services.coaching.service import service
from shared.core.deadline import Due, Local
from shared.core.ids import derive
from shared.testing.interleavings import history
from tests.coaching.booking import book
from tests.coaching.cast import DANI, FORM, HANNA, MARKKU, MONDAY, OTHER_TEAM, SANNA, SESSION, TEAM, at, changed
from tests.coaching.forms import published, started
from tests.coaching.holding import hold
from tests.coaching.learning_streams import TEAM_STREAM, other_formed
from tests.services.envelopes import recorded
from tests.services.play import Play
from tests.services.reading import Reading

PLAN = f"coaching.plan-{SANNA}"
MOVES_ON = date(2027, 3, 11)
joined = PersonJoinedTeam(person_id=SANNA, team_id=TEAM, role_code="supervisor", joined_on=MONDAY)
moved = PersonMovedTeam(person_id=SANNA, to_team_id=OTHER_TEAM, from_day=MOVES_ON)
series = PlanSeries(
    person_id=SANNA, coach_id=MARKKU, form_id=FORM, first=at(4, 10), every_days=7, count=3, minutes=45, place="site"
)
before, on_the_day, after = (derive("session", SANNA, at(4, 10) + timedelta(days=7 * n), 1) for n in range(3))
first_talk = changed(hold, session_id=before, held_at=at(4, 10), needs=(), reviewed=(), progress=())


@pytest.fixture
def play() -> Play:
    """Booked with Markku, her manager, before anybody knew that she moves."""
    play = Play(service.deciders, POLICIES, MARKKU)
    play.streams[f"coaching.form-{FORM}"] = [started, published]
    assert play.hear(joined, at(1)) == ["PlanOpened"]
    play.ask(series, at(2))
    assert play.hear(moved, at(3), version=2) == ["PlanMoved"]
    return play


def due(deadline: str, fact: Any) -> Any:
    (found,) = (each for each in DEADLINES if each.name == deadline)
    return found.rows(fact, recorded(fact, at=at(5)))


def test_what_is_booked_stays_with_its_coach_until_another_takes_over_from_that_day(play: Play) -> None:
    taken_over = ChangeCoach(person_id=SANNA, coach_id=HANNA, from_day=MOVES_ON)
    assert play.ask(taken_over, at(3)) == ["CoachChanged", "SessionHandedOver", "SessionHandedOver"]
    assert play.newest(PLAN, "CoachChanged").session_ids == (on_the_day, after)
    assert play.ask(first_talk, at(4, 11)) == ["SessionHeld", "CoachingCounted", "ActionAgreed"]
    held = play.newest(f"coaching.session-{before}", "SessionHeld")
    assert (held.coach_id, held.team_id) == (MARKKU, TEAM)


@pytest.mark.parametrize(("day", "team"), [(10, TEAM), (11, OTHER_TEAM), (12, OTHER_TEAM)])
def test_what_is_booked_afterwards_carries_the_team_of_its_day(play: Play, day: int, team: Any) -> None:
    play.ask(changed(book, employee_id=SANNA, coach_id=MARKKU, starts_at=at(day, 14)), at(5))
    assert play.newest(f"coaching.session-{SESSION}", "SessionBooked").team_id == team


def test_what_was_booked_for_the_old_team_comes_to_the_new_one_when_it_is_kept(play: Play) -> None:
    keep = MoveSession(session_id=after, starts_at=at(18, 10), reason="shift-changed")
    assert play.ask(keep, at(12)) == ["SessionMoved", "BookingNoted"]
    kept = play.newest(f"coaching.session-{after}", "SessionMoved")
    assert (kept.team_id_before, kept.team_id) == (TEAM, OTHER_TEAM)


def test_the_rhythm_goes_on_and_is_missed_in_the_team_of_the_due_day(play: Play) -> None:
    opened = play.newest(PLAN, "PlanOpened")
    flag = FlagMissing(person_id=SANNA, due_on=date(2027, 3, 31))
    assert due("coaching-missing", opened) == Due((SANNA,), Local(flag.due_on, time(18), TEAM), flag)
    assert play.ask(flag, at(31, 18), "deadline:coaching-missing", "deadline") == ["CoachingMissed"]
    missed = play.newest(PLAN, "CoachingMissed")
    assert missed.team_id == OTHER_TEAM
    again = FlagMissing(person_id=SANNA, due_on=missed.next_due_on)
    assert due("coaching-missing", missed) == Due((SANNA,), Local(missed.next_due_on, time(18), OTHER_TEAM), again)


def test_she_is_reminded_of_what_she_has_not_acknowledged_wherever_she_is_then(play: Play) -> None:
    play.ask(first_talk, at(4, 11))
    held = play.newest(f"coaching.session-{before}", "SessionHeld")
    remind = RemindAcknowledgement(session_id=before)
    assert due("acknowledgement-due", held) == Due((before,), at(12), remind)
    assert play.ask(remind, at(12), "deadline:acknowledgement-due", "deadline") == ["AcknowledgementReminded"]


async def test_from_that_day_on_the_leader_of_the_new_team_sees_it(play: Play, reading: Reading) -> None:
    person = history(f"onboarding.person-{SANNA}", joined, moved)
    hanna_leads = SupervisorAppointed(team_id=OTHER_TEAM, supervisor_id=HANNA, deputy_id=None, since=MONDAY)
    other_team = history(f"onboarding.team-{OTHER_TEAM}", other_formed, hanna_leads)
    own = [history(stream, *facts) for stream, facts in play.streams.items()]
    await reading.told(person, TEAM_STREAM, other_team, *own)
    seen = {}
    for day in (10, 11):
        reading.it_is(at(day))
        for leader, team in ((DANI, TEAM), (HANNA, OTHER_TEAM)):
            board = await reading.get("team-board", "S", leader, team_id=team)
            calendar = await reading.get("coaching-calendar", "S", leader, team_id=team)
            seen[day, leader] = _people(board.json()), len(calendar.json().get("items", []))
    assert seen == {(10, DANI): ([SANNA], 3), (10, HANNA): ([], 0), (11, DANI): ([], 0), (11, HANNA): ([SANNA], 3)}


def _people(page: Any) -> list[Any]:
    return [type(SANNA)(item["person_id"]) for item in page.get("items", [])]
