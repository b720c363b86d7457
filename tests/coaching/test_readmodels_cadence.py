"""The cadence of coaching and the load of coaches, over HTTP."""

from datetime import date
from uuid import UUID

import pytest

from services.coaching.events.plan import CoachingCounted
from services.coaching.readmodels.cadence_compliance import Cadence
from services.coaching.readmodels.parts.paces import PaceEvent, pacing
from shared.testing.interleavings import history
from tests.coaching.cast import (
    AINO,
    DANI,
    MARKKU,
    MONDAY,
    ONNI,
    OTHER_TEAM,
    SANNA,
    SESSION,
    TEAM,
    TUULA,
    at,
)
from tests.coaching.conversation_streams import (
    HELD_LATER,
    NOT_VOIDED,
    ONNI_PLAN_STREAM,
    PLAN_EVENTS,
    SECOND,
    booked,
    told,
)
from tests.coaching.learning_streams import FLOOR, joined
from tests.coaching.plans import (
    DUE,
    cadence_set,
    coaching_missed,
    plan_ended,
    plan_opened,
    plan_paused,
    session_counted,
    session_uncounted,
)
from tests.coaching.sessions import session_booked, session_held, session_moved
from tests.services.envelopes import recorded
from tests.services.reading import Reading

# The cadence


async def test_the_cadence_tells_what_was_held_and_what_was_not(reading: Reading) -> None:
    plan = history(f"coaching.plan-{AINO}", *PLAN_EVENTS[:-4])
    reading.it_is(at(1, month=4))
    await reading.told(*FLOOR, plan, NOT_VOIDED, booked(SECOND, starts_at=at(15, 10, month=4)))
    assert await reading.item("cadence-compliance", "A", AINO, month="2027-03") == {
        "person_id": str(AINO),
        "team_id": str(TEAM),
        "left_on": None,
        "interval_days": 30,
        "next_due_on": "2027-03-31",
        "paused_until": None,
        "months_missed": 1,
        "next_session_at": "2027-04-15T07:00:00Z",
        "booked_ahead_days": 14,
        "series_until": "2027-04-29",
        "held_in_month": 1,
        "moves_90d": 1,
        "cancelled_90d": 0,
        "moved_by_coach": 100,
        "compliant": True,
    }
    (april,) = [each for each in await reading.items("cadence-compliance", "S", SANNA) if each["months_missed"]]
    assert (april["person_id"], april["held_in_month"], april["compliant"]) == (str(AINO), 0, False)


async def test_a_session_written_down_late_makes_a_missed_month_good(reading: Reading) -> None:
    counted = session_counted.model_copy(update={"held_on": date(2027, 3, 30)})
    for facts, missed in (
        ((plan_opened, coaching_missed), 1),
        ((plan_opened, coaching_missed, session_counted.model_copy(update={"held_on": date(2027, 4, 2)})), 1),
        ((plan_opened, coaching_missed, counted), 0),
        ((plan_opened, coaching_missed, counted, session_uncounted), 1),
    ):
        reading.it_is(at(3, month=4))
        await reading.told(*FLOOR, history(f"coaching.plan-{AINO}", *facts))
        items = await reading.items("cadence-compliance", "M", MARKKU, missed=True)
        assert len(items) == missed, facts


async def test_a_missed_day_is_told_in_its_month_and_the_eleven_after(reading: Reading) -> None:
    for due_on in (MONDAY, DUE):
        missed = coaching_missed.model_copy(update={"due_on": due_on})
        await reading.told(*FLOOR, history(f"coaching.plan-{AINO}", plan_opened, missed))
        for now, found in ((at(28, 12, month=2), 1), (at(1, 12), 0)):
            reading.it_is(now.replace(year=2028))
            assert len(await reading.items("cadence-compliance", "M", MARKKU, missed=True)) == found, (due_on, now)


def paced(*facts: PaceEvent) -> Cadence:
    row: Cadence | None = None
    for version, fact in enumerate(facts, 1):
        row = pacing(Cadence)(row, fact, recorded(fact, version=version))
    assert row is not None
    return row


def counted_on(day: date, session_id: UUID = SESSION) -> CoachingCounted:
    return session_counted.model_copy(update={"held_on": day, "session_id": session_id})


@pytest.mark.parametrize(
    ("facts", "missed"),
    [
        ((), True),
        ((counted_on(MONDAY),), True),
        ((counted_on(date(2027, 3, 20)),), False),
        ((counted_on(date(2027, 4, 2)),), False),
        ((counted_on(date(2027, 3, 20)), session_uncounted), True),
        ((counted_on(date(2027, 3, 20)), counted_on(date(2027, 4, 2), SECOND), session_uncounted), False),
        ((counted_on(date(2027, 3, 5)), cadence_set), True),
        ((cadence_set,), True),
        ((plan_ended,), True),
        ((plan_ended, plan_opened.model_copy(update={"from_day": date(2027, 4, 10)}), session_uncounted), False),
    ],
)
def test_a_due_day_is_missed_until_a_session_counts_that_it_waited_for(
    facts: tuple[PaceEvent, ...], missed: bool
) -> None:
    assert paced(plan_opened, coaching_missed, *facts).missed == missed


def test_nothing_is_due_for_whom_no_plan_is_open() -> None:
    assert paced(session_counted).next_due_on is None
    assert paced(plan_opened, plan_ended, session_counted).next_due_on is None
    leaves_later = plan_ended.model_copy(update={"on": session_counted.next_due_on})
    assert paced(plan_opened, leaves_later, session_counted).next_due_on == session_counted.next_due_on
    assert paced(plan_opened, session_counted).next_due_on == session_counted.next_due_on


def test_two_sessions_make_a_missed_day_good_until_both_are_voided() -> None:
    both = (counted_on(date(2027, 3, 20)), counted_on(date(2027, 3, 22), SECOND))
    one_left = paced(plan_opened, coaching_missed, *both, session_uncounted)
    assert [miss.made_good for miss in one_left.misses] == [True]
    none_left = session_uncounted.model_copy(update={"session_id": SECOND})
    row = paced(plan_opened, coaching_missed, *both, session_uncounted, none_left)
    assert [miss.made_good for miss in row.misses] == [False]


def test_a_pause_that_was_told_late_makes_a_missed_day_good_as_long_as_it_covers_it() -> None:
    away = plan_paused.model_copy(update={"from_day": date(2027, 3, 20), "next_due_on": date(2027, 5, 20)})
    row = paced(plan_opened, coaching_missed, away)
    assert (row.missed, row.next_due_on, [miss.made_good for miss in row.misses]) == (False, date(2027, 5, 20), [True])
    back = away.model_copy(update={"until_day": date(2027, 3, 30), "next_due_on": date(2027, 4, 30)})
    row = paced(plan_opened, coaching_missed, away, back)
    assert (row.missed, row.next_due_on, [miss.made_good for miss in row.misses]) == (True, date(2027, 4, 30), [False])
    joins_again = plan_opened.model_copy(update={"from_day": date(2027, 9, 1), "next_due_on": date(2027, 10, 1)})
    for pause, missed in ((away, []), (back, [False])):
        row = paced(plan_opened, coaching_missed, pause, plan_ended, joins_again)
        assert (row.away, [miss.made_good for miss in row.misses]) == ((), missed)


async def test_who_is_away_or_new_is_not_late(reading: Reading) -> None:
    await reading.told(*FLOOR, history(f"coaching.plan-{AINO}", plan_opened, plan_paused))
    for month, compliant in (("2027-03", True), ("2027-04", True), ("2027-05", False)):
        assert (await reading.item("cadence-compliance", "A", AINO, month=month))["compliant"] == compliant
    reading.it_is(at(10, month=4))
    assert (await reading.item("cadence-compliance", "A", AINO))["paused_until"] == "2027-04-20"
    assert (await reading.get("cadence-compliance", "A", AINO, month="2027-13")).status_code == 422


@pytest.mark.parametrize(("from_day", "away"), [(DUE, 1), (date(2027, 4, 1), 0)])
def test_a_pause_outlives_a_leaving_that_is_put_right(from_day: date, away: int) -> None:
    """Not one that the person comes back after."""
    back = plan_opened.model_copy(update={"from_day": from_day, "seq": 4})
    assert len(paced(plan_opened, plan_paused, plan_ended, back).away) == away


async def test_nobody_is_late_in_a_month_before_they_came(reading: Reading) -> None:
    came = joined(MARKKU).model_copy(update={"joined_on": date(2027, 3, 31)})
    await reading.told(*FLOOR, history(f"onboarding.person-{MARKKU}", came))
    for month, compliant in (("2027-02", []), ("2027-03", [True]), ("2027-04", [False])):
        items = await reading.items("cadence-compliance", "A", MARKKU, month=month)
        assert [each["compliant"] for each in items] == compliant, month


async def test_analysts_see_the_cadence_of_all_and_others_their_own(reading: Reading) -> None:
    await reading.told(*FLOOR, ONNI_PLAN_STREAM)
    assert {each["person_id"] for each in await reading.items("cadence-compliance", "N", MARKKU)} == {
        str(AINO),
        str(TUULA),
        str(ONNI),
    }
    assert [each["person_id"] for each in await reading.items("cadence-compliance", "A", TUULA)] == [str(TUULA)]
    assert (await reading.get("cadence-compliance", "A", TUULA, team_id=OTHER_TEAM)).status_code == 404


# The load of coaches


async def test_the_load_of_a_coach_by_week(reading: Reading) -> None:
    reading.it_is(at(1, month=4))
    moved = history(f"coaching.session-{SECOND}", *told((session_booked, session_moved), session_id=SECOND))
    held = told((session_booked, session_held), session_id=HELD_LATER, employee_id=ONNI)
    await reading.told(*FLOOR, moved, history(f"coaching.session-{HELD_LATER}", *held))
    assert await reading.items("coach-load", "S", SANNA) == [
        {
            "coach_id": str(SANNA),
            "week": "2027-W11",
            "employees": 2,
            "booked": 0,
            "held": 1,
            "moved": 0,
            "minutes": 45,
            "moves_per_session": "0.00",
            "unacknowledged": 1,
        },
        {
            "coach_id": str(SANNA),
            "week": "2027-W12",
            "employees": 2,
            "booked": 1,
            "held": 0,
            "moved": 1,
            "minutes": 45,
            "moves_per_session": "1.00",
            "unacknowledged": 0,
        },
    ]
    assert [each["week"] for each in await reading.items("coach-load", weeks=1)] == []
    assert len(await reading.items("coach-load", "M", MARKKU, "tampere")) == 2
    assert await reading.items("coach-load", "M", MARKKU, "turku") == []
    assert len(await reading.items("coach-load", site="tampere")) == 2
    assert await reading.items("coach-load", site="turku") == []
    assert (await reading.get("coach-load", "A", AINO, coach_id=SANNA)).status_code == 404


async def test_a_session_is_work_of_the_week_it_was_held_in(reading: Reading) -> None:
    reading.it_is(at(1, month=4))
    for day, week in ((11, "2027-W10"), (18, "2027-W11"), (30, "2027-W13")):
        held = told((session_booked, session_held), session_id=SECOND, held_at=at(day, 10))
        await reading.told(*FLOOR, history(f"coaching.session-{SECOND}", *held))
        assert [(each["week"], each["held"]) for each in await reading.items("coach-load")] == [(week, 1)]
        assert len(await reading.items("coach-load", weeks=1)) == (week == "2027-W13")


async def test_a_coach_is_of_the_site_whose_manager_sees_the_load(reading: Reading) -> None:
    reading.it_is(at(1, month=4))
    stands_in, trainer, elsewhere = (
        booked(UUID(int=350 + n), coach_id=coach) for n, coach in enumerate((DANI, TUULA, ONNI))
    )
    await reading.told(*FLOOR, stands_in, trainer, elsewhere)
    for site, coaches in (("tampere", [DANI, TUULA]), ("turku", [ONNI])):
        seen = await reading.items("coach-load", "M", MARKKU, site)
        assert [each["coach_id"] for each in seen] == list(map(str, coaches))
        assert await reading.items("coach-load", site=site) == seen
