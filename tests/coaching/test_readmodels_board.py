"""The board of a team, over HTTP."""

from collections.abc import Sequence
from uuid import UUID

from shared.testing.interleavings import Fact, history
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
    booked,
    told,
)
from tests.coaching.heard import (
    DEFERRED_STREAM,
    ITEM_STREAM,
    JOURNEY_STREAM,
    MESSAGE,
    MESSAGE_STREAM,
    OTHER_ITEM_STREAM,
    OTHER_MESSAGE,
    WEEK_STREAM,
    message_published,
    message_read,
)
from tests.coaching.learning_streams import FLOOR
from tests.coaching.people_matters import escalated_again, issue_escalated, issue_raised, issue_taken_up
from tests.services.reading import Reading

TEAM_TODAY = (
    *(*FLOOR, JOURNEY_STREAM[:7], *SESSION_STREAMS, *ACTION_STREAMS, WEEK_STREAM, MESSAGE_STREAM),
    *(ITEM_STREAM, OTHER_ITEM_STREAM, DEFERRED_STREAM, ISSUE_STREAM[:3], OTHER_ISSUE_STREAM),
    *(history(f"coaching.plan-{AINO}", *PLAN_EVENTS[:10]), booked(UUID(int=35))),
)


async def test_the_board_shows_where_a_person_stands_today(reading: Reading) -> None:
    await reading.told(*TEAM_TODAY)
    reading.it_is(at(8, 7))
    aino, _ = await reading.items("team-board", "S", SANNA, team_id=TEAM)
    del aino["header"]
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


async def test_every_line_shows_what_waits_for_the_team(reading: Reading) -> None:
    await reading.told(*TEAM_TODAY)
    reading.it_is(at(8, 7))
    board = await reading.items("team-board", "S", SANNA, team_id=TEAM)
    assert [line["header"] for line in board] == 2 * [
        {
            "open_feedback": 2,
            "overdue_feedback": 0,
            "untold": 2,
            "open_issues": 2,
            "escalated_issues": 1,
            "unread_messages": 1,
        }
    ]


async def test_who_has_no_journey_plan_or_shift_is_on_the_board_too(reading: Reading) -> None:
    await reading.told(*TEAM_TODAY)
    reading.it_is(at(8, 7))
    _, tuula = await reading.items("team-board", "S", SANNA, team_id=TEAM)
    assert (tuula["person_id"], tuula["journey_state"], tuula["stalled"]) == (str(TUULA), None, False)
    assert (tuula["missed"], tuula["shifts_today"]) == (False, [])


async def test_what_nobody_has_seen_to_is_overdue_in_the_end(reading: Reading) -> None:
    await reading.told(*TEAM_TODAY)
    reading.it_is(at(12, month=4))
    aino, *_ = await reading.items("team-board", "S", DANI, team_id=TEAM)
    assert (aino["header"]["overdue_feedback"], aino["overdue_actions"]) == (1, 1)


async def test_what_everybody_in_the_team_has_read_waits_for_nobody(reading: Reading) -> None:
    read_by_aino, read_by_all = MESSAGE_STREAM, told_to_all(OTHER_MESSAGE)
    await reading.told(*FLOOR, read_by_aino, read_by_all)
    board = await reading.items("team-board", "S", SANNA, team_id=TEAM)
    assert [line["header"]["unread_messages"] for line in board] == [1, 1]
    await reading.told(*FLOOR, told_to_all(MESSAGE), read_by_all)
    board = await reading.items("team-board", "S", SANNA, team_id=TEAM)
    assert [line["header"]["unread_messages"] for line in board] == [0, 0]


def told_to_all(message_id: UUID) -> Sequence[Fact]:
    read = (*told((message_read,), person_id=AINO), *told((message_read,), person_id=TUULA))
    return history(f"feedback.message-{message_id}", *told((message_published, *read), message_id=message_id))


async def test_the_board_counts_no_issue_that_its_reader_is_not_to_know_of(reading: Reading) -> None:
    about_onni = told((issue_raised, issue_escalated), issue_id=UUID(int=801))
    about_nobody = told((issue_raised,), issue_id=UUID(int=802), about="practice", person_id=None)
    open_to_all = [history("coaching.issue-801", *about_onni), history("coaching.issue-802", *about_nobody)]
    for whom, known_to in ((SANNA, {SANNA, MARKKU}), (DANI, {DANI, MARKKU}), (MARKKU, {SANNA, DANI, MARKKU})):
        by_markku = issue_taken_up.model_copy(update={"handler_id": MARKKU})
        raised, escalated, taken_up = told((issue_raised, issue_escalated, by_markku), person_id=whom)
        for facts, known in (
            ((raised,), known_to - {whom}),
            ((raised, escalated), known_to - {whom}),
            ((raised, escalated, taken_up), known_to),
        ):
            await reading.told(*FLOOR, *open_to_all, history("coaching.issue-800", *facts))
            up = len(facts) > 1
            for reader, roles, site in ((SANNA, "S", None), (DANI, "S", None), (MARKKU, "M", "tampere")):
                header = (await reading.items("team-board", roles, reader, site, team_id=TEAM))[0]["header"]
                one = reader in known
                assert (header["open_issues"], header["escalated_issues"]) == (2 + one, 1 + (one and up)), (
                    whom,
                    reader,
                    facts,
                )
                if roles == "S":
                    listed = await reading.items("issue-list", roles, reader, team_id=TEAM)
                    assert len(listed) == header["open_issues"]


async def test_who_manages_elsewhere_counts_as_who_leads_here(reading: Reading) -> None:
    (about_dani,) = told((issue_raised,), person_id=DANI)
    await reading.told(*FLOOR, history("coaching.issue-800", about_dani))
    for site, count in (("turku", 0), ("tampere", 1), (None, 1)):
        board = await reading.items("team-board", "SM", SANNA, site, team_id=TEAM)
        assert board[0]["header"]["open_issues"] == count
        assert len(await reading.items("issue-list", "SM", SANNA, site)) == count
    risen = told((issue_raised, issue_escalated, escalated_again), person_id=DANI)
    await reading.told(*FLOOR, history("coaching.issue-800", *risen))
    board = await reading.items("team-board", "HS", SANNA, team_id=TEAM)
    assert board[0]["header"]["open_issues"] == 1 == len(await reading.items("issue-list", "HS", SANNA))


async def test_the_board_is_for_those_who_lead(reading: Reading) -> None:
    await reading.told(*FLOOR, booked(NEXT_SESSION))
    for outsider, roles in ((AINO, "A"), (TUULA, "S")):
        assert (await reading.get("team-board", roles, outsider, team_id=TEAM)).status_code == 404
    assert (await reading.get("team-board", "S", SANNA)).status_code == 422, "which team?"
    assert len(await reading.items("team-board", "M", MARKKU, "tampere", team_id=TEAM)) == 2
    assert (await reading.get("team-board", "M", MARKKU, "turku", team_id=TEAM)).status_code == 404
    assert (await reading.get("team-board", "S", SANNA, team_id=OTHER_TEAM)).status_code == 404
