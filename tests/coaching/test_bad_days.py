"""Days on which something is wrong: the service was down, a policy is refused, the clocks were changed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime

import pytest

from services.coaching.deciders.plan import PlanSeries
from services.coaching.events.plan import CoachingMissed
from services.coaching.inbox.directory import PersonLeft
from services.coaching.service import service
from shared.testing.interleavings import history
from tests.coaching.booking import book
from tests.coaching.cast import AINO, FORM, ONNI, SANNA, TEAM, at, changed
from tests.coaching.forms import publish, start
from tests.coaching.learning_streams import joined
from tests.services.living import Living

ZONES = {TEAM: "Europe/Helsinki"}
PLAN = f"coaching.plan-{AINO}"
AINO_JOINS = history(f"onboarding.person-{AINO}", joined(AINO), at=at(1))
ONNI_JOINS = history(f"onboarding.person-{ONNI}", joined(ONNI), at=at(1))
Starts = Callable[[], Awaitable[Living]]


@pytest.fixture
async def starts(database: str) -> AsyncIterator[Starts]:
    """Coaching, each time as another process that finds what the one before has left."""
    opened: list[Living] = []

    async def living() -> Living:
        opened.append(Living(service, database, ZONES))
        await opened[-1].start()
        return opened[-1]

    yield living
    for each in opened:
        await each.close()


async def with_a_form(coaching: Living) -> None:
    await coaching.ask(start, at(1), SANNA)
    await coaching.ask(publish, at(1), SANNA)


async def test_what_came_due_while_the_service_was_down_is_asked_once_with_the_time_it_was_due(starts: Starts) -> None:
    before = await starts()
    await before.told(*AINO_JOINS)
    await before.settle()
    assert await before.it_is(at(31, 17, month=3)) == 0
    await before.close()
    a_week_later = await starts()
    assert await a_week_later.it_is(at(7, 9, month=4)) == 1
    (missed,) = await a_week_later.facts(PLAN, "coaching.coaching-missed")
    told = CoachingMissed.model_validate_json(missed.data)
    assert (missed.actor, missed.at.isoformat()) == ("deadline:coaching-missing", "2027-03-31T18:00:00+03:00")
    assert (told.due_on, told.next_due_on) == (date(2027, 3, 31), date(2027, 4, 30))
    again = await starts()
    assert await again.it_is(at(30, 17, month=4)) == 0
    assert await again.it_is(at(30, 18, month=4, minute=1)) == 1


async def test_a_policy_that_is_refused_is_kept_for_ops_and_stops_nobody(starts: Starts) -> None:
    coaching = await starts()
    await with_a_form(coaching)
    await coaching.told(*AINO_JOINS)
    series = PlanSeries(
        person_id=AINO, coach_id=SANNA, form_id=FORM, first=at(4, 10), every_days=7, count=2, minutes=45, place="site"
    )
    await coaching.ask(series, at(2), SANNA)
    left = PersonLeft(person_id=AINO, team_id=TEAM, last_day=date(2027, 3, 2))
    await coaching.told(*history(f"onboarding.person-{AINO}", joined(AINO), left, at=at(2))[1:])
    await coaching.settle()
    refused = [(each.asked_by, each.command, each.code) for each in await coaching.refused()]
    assert refused == [("policy:book-series", "BookSession", "plan-not-open")] * 2
    await coaching.told(*ONNI_JOINS)
    await coaching.settle()
    assert len(await coaching.facts(f"coaching.plan-{ONNI}", "coaching.plan-opened")) == 1
    assert len(await coaching.refused()) == 2, "asked once, whatever is heard afterwards"


@pytest.mark.parametrize(
    ("friday", "noon_of_monday"),
    [
        (datetime.fromisoformat("2027-03-26T10:00:00+02:00"), "2027-03-29T12:00:00+03:00"),
        (datetime.fromisoformat("2027-10-29T10:00:00+03:00"), "2027-11-01T12:00:00+02:00"),
    ],
    ids=["clocks go forward", "clocks go back"],
)
async def test_the_next_working_day_begins_by_the_clock_of_the_team(
    starts: Starts, friday: datetime, noon_of_monday: str
) -> None:
    coaching = await starts()
    await with_a_form(coaching)
    await coaching.told(*AINO_JOINS)
    await coaching.settle()
    await coaching.ask(changed(book, starts_at=friday), friday, SANNA)
    await coaching.settle()
    monday = datetime.fromisoformat(noon_of_monday)
    await coaching.it_is(monday.replace(hour=11, minute=59))
    stream = f"coaching.session-{book.session_id}"
    assert await coaching.facts(stream, "coaching.session-left-open") == []
    await coaching.it_is(monday.replace(minute=1))
    (left_open,) = await coaching.facts(stream, "coaching.session-left-open")
    assert left_open.at.isoformat() == noon_of_monday
