"""The board of a team, over HTTP."""

from uuid import UUID

from shared.testing.interleavings import history
from tests.coaching.cast import (
    AINO,
    DANI,
    MARKKU,
    NEXT_SESSION,
    OTHER_TEAM,
    SANNA,
    TEAM,
    TUULA,
    at,
)
from tests.coaching.conversation_streams import (
    ACTION_STREAMS,
    ISSUE_STREAM,
    OTHER_ISSUE_STREAM,
    PLAN_EVENTS,
    SESSION_STREAMS,
    told,
)
from tests.coaching.heard import (
    DEFERRED_STREAM,
    ITEM_STREAM,
    JOURNEY_STREAM,
    MESSAGE_STREAM,
    OTHER_ITEM_STREAM,
    WEEK_STREAM,
)
from tests.coaching.learning_streams import FLOOR
from tests.coaching.sessions import session_booked
from tests.services.reading import Reading


async def test_the_board_of_a_team(reading: Reading) -> None:
    await reading.told(
        *(*FLOOR, JOURNEY_STREAM[:7], *SESSION_STREAMS, *ACTION_STREAMS, WEEK_STREAM, MESSAGE_STREAM),
        *(ITEM_STREAM, OTHER_ITEM_STREAM, DEFERRED_STREAM, ISSUE_STREAM[:3], OTHER_ISSUE_STREAM),
        history(f"coaching.plan-{AINO}", *PLAN_EVENTS[:10]),
        history(f"coaching.session-{UUID(int=35)}", *told((session_booked,), session_id=UUID(int=35))),
    )
    reading.it_is(at(8, 7))
    aino, tuula = await reading.items("team-board", "S", SANNA, team_id=TEAM)
    header = aino.pop("header")
    assert aino == {
        "person_id": str(AINO),
        "team_id": str(TEAM),
        "role_code": "agent",
        "joined_on": "2027-03-01",
        "left_on": None,
        "journey_state": "underway",
        "stage": "first-response",
        "stage_title": "First response",
        "stage_due_on": "2027-03-24",
        "stalled": True,
        "next_session_at": "2027-03-18T08:00:00Z",
        "last_held_on": None,
        "left_open": False,
        "next_due_on": "2027-04-30",
        "missed": True,
        "open_actions": 1,
        "overdue_actions": 0,
        "open_needs": ["crm-search", "stress-tolerance"],
        "shifts_today": [
            {
                "starts_at": "2027-03-08T06:00:00Z",
                "ends_at": "2027-03-08T14:00:00Z",
                "place": "remote",
                "contact_types": ["billing"],
            }
        ],
        "activities_today": [],
    }
    assert header == {
        "open_feedback": 2,
        "overdue_feedback": 0,
        "untold": 2,
        "open_issues": 2,
        "escalated_issues": 1,
        "unread_messages": 1,
    }
    assert (tuula["journey_state"], tuula["stalled"], tuula["missed"], tuula["shifts_today"]) == (
        None,
        False,
        False,
        [],
    )
    reading.it_is(at(12, month=4))
    (later, *_) = await reading.items("team-board", "S", DANI, team_id=TEAM)
    assert (later["header"]["overdue_feedback"], later["overdue_actions"]) == (1, 1)


async def test_the_board_is_for_those_who_lead(reading: Reading) -> None:
    await reading.told(*FLOOR, history("s", *told((session_booked,), session_id=NEXT_SESSION)))
    for outsider, roles in ((AINO, "A"), (TUULA, "S")):
        assert (await reading.get("team-board", roles, outsider, team_id=TEAM)).status_code == 404
    assert (await reading.get("team-board", "S", SANNA)).status_code == 422, "which team?"
    assert len(await reading.items("team-board", "M", MARKKU, "tampere", team_id=TEAM)) == 2
    assert (await reading.get("team-board", "M", MARKKU, "turku", team_id=TEAM)).status_code == 404
    assert (await reading.get("team-board", "S", SANNA, team_id=OTHER_TEAM)).status_code == 404
