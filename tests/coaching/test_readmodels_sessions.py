"""Conversations over HTTP: the calendar, the cadence, the load of coaches, and what was written down."""

from datetime import date
from typing import Any
from uuid import UUID

from shared.testing.interleavings import history
from tests.coaching.cast import (
    ACTION,
    AINO,
    DANI,
    FORM,
    MARKKU,
    NEXT_SESSION,
    ONNI,
    OTHER_TEAM,
    SANNA,
    SESSION,
    TEAM,
    TUULA,
    at,
)
from tests.coaching.conversation_streams import (
    ACTION_STREAMS,
    FORM_STREAM,
    HELD_LATER,
    ONNI_PLAN_STREAM,
    OTHER_FORM_STREAM,
    PLAN_EVENTS,
    SESSION_EVENTS,
    SESSION_STREAM,
    SESSION_STREAMS,
    told,
)
from tests.coaching.learning_streams import FLOOR
from tests.coaching.plans import (
    coaching_missed,
    plan_opened,
    plan_paused,
    session_counted,
    session_uncounted,
)
from tests.coaching.sessions import session_booked, session_held, session_moved
from tests.services.reading import Reading

NOT_VOIDED = history(f"coaching.session-{SESSION}", *SESSION_EVENTS, at=at(8))
SECOND = UUID(int=34)


def booked(session_id: UUID, **fields: Any) -> Any:
    facts = told((session_booked,), session_id=session_id, **fields)
    return history(f"coaching.session-{session_id}", *facts)


# Forms


async def test_forms_say_what_is_missing(reading: Reading) -> None:
    bare = told(tuple(fact.event for fact in FORM_STREAM[:1]), questions=())
    await reading.told(OTHER_FORM_STREAM, history(f"coaching.form-{FORM}", *bare))
    draft, other = await reading.items("forms", "A", AINO)
    assert (draft["version"], draft["newest"], draft["retired"]) == (0, False, False)
    assert draft["missing_sections"] == ["expectations", "goals", "successes", "challenges", "actions"]
    assert (other["version"], other["newest"], other["retired"], other["missing_sections"]) == (1, True, True, [])


async def test_a_draft_is_shown_while_it_is_newer(reading: Reading) -> None:
    await reading.told(FORM_STREAM)
    draft, first = await reading.items("forms")
    assert [draft["version"], first["version"]] == [0, 1]
    assert [each["code"] for each in draft["questions"]][:2] == ["expected", "new"]
    assert await reading.items("forms", newest=True) == [first]
    await reading.told(FORM_STREAM[:2])
    assert [each["version"] for each in await reading.items("forms")] == [1]


# The calendar


async def test_the_calendar_shows_both_parties_their_sessions(reading: Reading) -> None:
    await reading.told(*FLOOR, NOT_VOIDED)
    session = await reading.item("coaching-calendar", "A", AINO)
    assert session == await reading.item("coaching-calendar", "T", SANNA)
    assert session == {
        "session_id": str(SESSION),
        "employee_id": str(AINO),
        "coach_id": str(SANNA),
        "team_id": str(TEAM),
        "form_id": str(FORM),
        "kind": "regular",
        "starts_at": "2027-03-22T08:00:00Z",
        "starts_on": "2027-03-22",
        "minutes": 45,
        "place": "site",
        "state": "held",
        "held_on": "2027-03-18",
        "coach_busy": False,
        "moves": 1,
        "clashes": 1,
        "left_open": False,
        "prepared_by": ["coach", "employee"],
        "acknowledged_on": "2027-03-08",
        "reminded": True,
    }
    assert await reading.items("coaching-calendar", "A", TUULA) == []
    refused = await reading.get("coaching-calendar", "A", TUULA, employee_id=AINO)
    assert refused.status_code == 404


async def test_a_coach_at_two_places_at_once_is_seen(reading: Reading) -> None:
    overlapping = booked(SECOND, employee_id=TUULA, starts_at=at(18, 10, minute=30))
    after_it = booked(NEXT_SESSION, employee_id=ONNI, starts_at=at(18, 11, minute=15))
    elsewhere = booked(HELD_LATER, employee_id=ONNI, coach_id=MARKKU)
    await reading.told(*FLOOR, booked(SESSION), overlapping, after_it, elsewhere)
    items = await reading.items("coaching-calendar", "SM", SANNA)
    busy = {each["session_id"]: each["coach_busy"] for each in items}
    assert busy == {
        str(SESSION): True,
        str(SECOND): True,
        str(NEXT_SESSION): False,
        str(HELD_LATER): False,
    }


async def test_the_calendar_is_filtered(reading: Reading) -> None:
    later = booked(SECOND, employee_id=ONNI, coach_id=DANI, starts_at=at(25, 9))
    await reading.told(*FLOOR, booked(SESSION), later)
    for filters, found in (
        ({"from": "2027-03-19"}, [SECOND]),
        ({"to": "2027-03-18"}, [SESSION]),
        ({"coach_id": SANNA}, [SESSION]),
        ({"employee_id": ONNI}, [SECOND]),
        ({"team_id": OTHER_TEAM}, [SECOND]),
        ({}, [SESSION, SECOND]),
    ):
        items = await reading.items("coaching-calendar", "M", MARKKU, **filters)
        assert [each["session_id"] for each in items] == list(map(str, found)), filters


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
    reading.it_is(at(3, month=4).replace(year=2028))
    assert await reading.items("cadence-compliance", "M", MARKKU, missed=True) == []


async def test_who_is_away_or_new_is_not_late(reading: Reading) -> None:
    await reading.told(*FLOOR, history(f"coaching.plan-{AINO}", plan_opened, plan_paused))
    for month, compliant in (("2027-03", True), ("2027-04", True), ("2027-05", False)):
        assert (await reading.item("cadence-compliance", "A", AINO, month=month))["compliant"] == compliant
    reading.it_is(at(10, month=4))
    assert (await reading.item("cadence-compliance", "A", AINO))["paused_until"] == "2027-04-20"
    assert (await reading.get("cadence-compliance", "A", AINO, month="2027-13")).status_code == 422


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


# What was written down


async def test_the_record_is_whole_and_for_the_two_alone(reading: Reading) -> None:
    await reading.told(*FLOOR, SESSION_STREAM, FORM_STREAM, *ACTION_STREAMS)
    record = await reading.item("session-record", "A", AINO, session_id=SESSION)
    assert (record["state"], record["voided_for"]) == ("voided", "Written down for the wrong person.")
    assert (record["form_version"], record["form_name"], record["score"]) == (1, "Monthly talk", 75)
    assert [each["code"] for each in record["questions"]][:2] == ["expected", "last-goals"]
    assert record["answers"][0]["text"] == "Billing alone by May."
    assert record["employee_topics"] == ["The search"]
    assert record["passed_on"][0]["text"] == "The search is slow."
    done, dropped = record["actions"]
    assert {(each["action_id"], each["state"]) for each in (done, dropped)} >= {(str(ACTION), "done")}
    (remark,) = record["remarks"]
    assert (remark["text"], remark["on"]) == ("It was the other script.", "2027-03-08")
    assert record["comment"] == "The new script helps too."
    for outsider, roles in ((TUULA, "A"), (MARKKU, "M"), (MARKKU, "H")):
        assert (await reading.get("session-record", roles, outsider, session_id=SESSION)).status_code == 404


async def test_the_deputy_reads_what_the_supervisor_wrote(reading: Reading) -> None:
    held = history(f"coaching.session-{SESSION}", session_booked, session_held)
    await reading.told(*FLOOR, held)
    assert len(await reading.items("session-record", "S", SANNA)) == 1
    assert len(await reading.items("session-record", "S", DANI)) == 1
    assert (await reading.get("session-record", "S", MARKKU, employee_id=AINO)).status_code == 404
    assert len(await reading.items("session-record", "A", AINO, employee_id=AINO)) == 1


async def test_a_coach_reads_all_that_the_coach_held_or_will(reading: Reading) -> None:
    await reading.told(*FLOOR, *SESSION_STREAMS, FORM_STREAM)
    records = await reading.items("session-record", "S", SANNA)
    assert {each["session_id"] for each in records} == {str(SESSION), str(NEXT_SESSION), str(HELD_LATER)}
