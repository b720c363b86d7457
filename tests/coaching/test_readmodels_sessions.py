"""Conversations over HTTP: forms, the calendar, and what was written down."""

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
    NOT_VOIDED,
    OTHER_FORM_STREAM,
    SECOND,
    SESSION_STREAM,
    SESSION_STREAMS,
    booked,
    told,
)
from tests.coaching.learning_streams import FLOOR
from tests.coaching.sessions import action_agreed, session_booked, session_held
from tests.services.reading import Reading

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


async def test_a_record_has_what_was_agreed_with_its_employee_and_nobody_else(reading: Reading) -> None:
    held = history(f"coaching.session-{SESSION}", session_booked, session_held)
    others = action_agreed.model_copy(update={"action_id": UUID(int=900), "employee_id": ONNI})
    agreed = (history("coaching.action-1", action_agreed), history("coaching.action-900", others))
    await reading.told(*FLOOR, held, *agreed)
    (action,) = (await reading.item("session-record", "A", AINO, session_id=SESSION))["actions"]
    assert action["action_id"] == str(ACTION)


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
    states = {each["session_id"]: each["state"] for each in records}
    assert states == {str(SESSION): "voided", str(NEXT_SESSION): "cancelled", str(HELD_LATER): "held"}
