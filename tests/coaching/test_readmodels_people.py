"""What people bring, owe and are thanked for, over HTTP: preparation, lists, and the team's board."""

from typing import Any
from uuid import UUID

from shared.testing.interleavings import history
from tests.coaching.cast import (
    ACTION,
    AINO,
    DANI,
    GOAL,
    HANNA,
    MARKKU,
    NUMBER_GOAL,
    ONNI,
    OTHER_ACTION,
    SANNA,
    SESSION,
    TEAM,
    TUULA,
    at,
)
from tests.coaching.conversation_streams import (
    ACTION_STREAMS,
    DROPPED,
    FORM_STREAM,
    GOALS_STREAM,
    HELD_LATER,
    ISSUE_STREAM,
    OTHER_ISSUE,
    OTHER_ISSUE_STREAM,
    OTHER_THANKS,
    OTHER_THANKS_STREAM,
    PLAN_EVENTS,
    SESSION_STREAMS,
    THANKS_STREAM,
    TUULAS_GOALS_STREAM,
    told,
)
from tests.coaching.evaluated import evaluated, scale
from tests.coaching.heard import (
    IN_FIRST_RESPONSE,
    MESSAGE,
    MESSAGE_STREAM,
    OTHER_MESSAGE_STREAM,
    journey_started,
    message_published,
    stage_started,
    talk_asked_anew,
    talk_met,
)
from tests.coaching.learning_streams import EVALUATION_STREAM, FLOOR, joined
from tests.coaching.people_matters import ISSUE, RECOGNITION, goal_progressed, goal_set, issue_raised, issue_taken_up
from tests.coaching.sessions import aino_prepared, other_agreed, session_booked, session_held
from tests.services.reading import Reading

# Preparation


async def test_both_see_what_is_on_the_table(reading: Reading) -> None:
    before = told((session_booked, session_held), session_id=HELD_LATER, held_at=at(1, 10))
    action = history(f"coaching.action-{OTHER_ACTION}", other_agreed)
    journey = history(f"onboarding.journey-{AINO}", *IN_FIRST_RESPONSE)
    reading.it_is(at(17))
    await reading.told(
        *(*FLOOR, FORM_STREAM, action, journey, MESSAGE_STREAM, OTHER_MESSAGE_STREAM, EVALUATION_STREAM),
        *(GOALS_STREAM[:3], THANKS_STREAM, history(f"coaching.plan-{AINO}", *PLAN_EVENTS[:9])),
        history(f"coaching.session-{SESSION}", session_booked, aino_prepared),
        history(f"coaching.session-{HELD_LATER}", *before),
    )
    prep = await reading.item("session-prep", "A", AINO)
    assert prep == await reading.item("session-prep", "S", SANNA, session_id=SESSION)
    assert [each["code"] for each in prep["questions"]][:1] == ["expected"]
    assert (prep["employee_topics"], prep["coach_topics"]) == (["The search"], None)
    assert prep["last_time"] == {
        "held_on": "2027-03-01",
        "successes": ["Stayed calm with a caller who was not."],
        "challenges": ["The search is slow."],
    }
    (owed,) = prep["actions"]
    assert (owed["action_id"], owed["overdue"], owed["owner"]) == (str(OTHER_ACTION), True, "coach")
    assert [each["topic"] for each in prep["needs"]] == ["crm-search", "stress-tolerance"]
    assert [(each["goal_id"], each["value"]) for each in prep["goals"]] == [(str(GOAL), "4"), (str(NUMBER_GOAL), None)]
    assert prep["what_matters"] == "To be the one others ask about billing."
    assert prep["stage_focus"] == {
        "stage": "first-response",
        "title": "First response",
        "due_on": "2027-03-24",
        "open": [
            {"code": "listen", "kind": "monitor", "focus": "Greets, asks, sums up."},
            {"code": "spar-calm", "kind": "spar", "focus": "Silence."},
        ],
    }
    assert prep["strategy"] == [
        {
            "message_id": str(MESSAGE),
            "title": "Solved at once",
            "actions": ["Sums up before closing."],
            "effect": "Nobody calls twice.",
        }
    ]
    assert [each["recognition_id"] for each in prep["recognitions_since"]] == [str(RECOGNITION)]
    assert 1 <= len(prep["behaviours"]) <= 2
    assert prep["behaviours"] == sorted(prep["behaviours"], key=lambda each: each["score"])


async def test_a_scale_that_weighs_nothing_is_no_topic(reading: Reading) -> None:
    scales = (scale("carefulness", 0, 2, 0), scale("service-mindedness", 75, 2, 60), scale("integrity", 25, 1, 40))
    weighed = history("e", evaluated.model_copy(update={"scales": scales}))
    await reading.told(*FLOOR, weighed, history("s", session_booked))
    prep = await reading.item("session-prep", "A", AINO)
    assert [each["scale"] for each in prep["behaviours"]] == ["integrity", "service-mindedness"]


async def test_what_is_asked_anew_is_open_again_though_it_was_met_before(reading: Reading) -> None:
    for facts, asked in (((talk_met,), ["listen"]), ((talk_met, talk_asked_anew), ["listen", "talk"])):
        journey = history(f"onboarding.journey-{AINO}", journey_started, stage_started, *facts)
        await reading.told(*FLOOR, journey, history("s", session_booked))
        prep = await reading.item("session-prep", "A", AINO)
        assert [each["code"] for each in prep["stage_focus"]["open"]] == asked


async def test_what_is_expected_of_the_role_stands_in_until_the_team_has_said(reading: Reading) -> None:
    await reading.told(*FLOOR, history("m", message_published), history("s", session_booked))
    prep = await reading.item("session-prep", "A", AINO)
    assert [each["actions"] for each in prep["strategy"]] == [["Asks what else there is."]]
    assert (prep["last_time"], prep["stage_focus"], prep["what_matters"]) == (None, None, None)
    assert (prep["actions"], prep["needs"], prep["goals"], prep["behaviours"]) == ([], [], [], [])


async def test_only_the_two_prepare_what_is_to_come(reading: Reading) -> None:
    await reading.told(*FLOOR, *SESSION_STREAMS)
    assert await reading.items("session-prep", "A", AINO) == [], "held, voided or cancelled"
    await reading.told(*FLOOR, history("s", session_booked))
    for outsider in (TUULA, DANI):
        assert (await reading.get("session-prep", "AS", outsider, session_id=SESSION)).status_code == 404


# Actions


async def test_actions_are_overdue_the_day_after(reading: Reading) -> None:
    agreed = history(f"coaching.action-{OTHER_ACTION}", other_agreed)
    await reading.told(*FLOOR, agreed)
    for day, overdue in ((15, False), (16, True)):
        reading.it_is(at(day))
        item = await reading.item("action-list", "A", AINO)
        assert item["overdue"] is overdue
        assert len(await reading.items("action-list", "S", SANNA, overdue=True)) == overdue
    assert (await reading.get("action-list", "A", TUULA, employee_id=AINO)).status_code == 404


async def test_actions_are_listed_by_state(reading: Reading) -> None:
    await reading.told(*FLOOR, *ACTION_STREAMS)
    found = {
        state: [each["action_id"] for each in await reading.items("action-list", "S", DANI, state=state)]
        for state in ("open", "done", "dropped")
    }
    assert found == {"open": [str(OTHER_ACTION)], "done": [str(ACTION)], "dropped": [str(DROPPED)]}
    (carried,) = await reading.items("action-list", "S", SANNA, state="open", team_id=TEAM, employee_id=AINO)
    assert (carried["times_carried"], carried["fell_due"], carried["follow_up_on"]) == (1, False, "2027-04-08")


# Issues: raised by Aino, about Onni


async def test_an_issue_is_for_those_who_lead_the_team(reading: Reading) -> None:
    await reading.told(*FLOOR, OTHER_ISSUE_STREAM)
    item = await reading.item("issue-list", "S", SANNA)
    assert "raiser_id" not in item
    assert (item["issue_id"], item["state"], item["level"], item["backed"]) == (str(OTHER_ISSUE), "raised", 0, 0)
    assert await reading.item("issue-list", "A", AINO) == item, "who raised it"
    for outsider, roles in ((TUULA, "A"), (MARKKU, "M"), (MARKKU, "H"), (ONNI, "S")):
        assert await reading.items("issue-list", roles, outsider) == []


async def test_an_issue_goes_up_level_by_level(reading: Reading) -> None:
    await reading.told(*FLOOR, ISSUE_STREAM[:3])
    assert len(await reading.items("issue-list", "M", MARKKU, "tampere")) == 1
    assert await reading.items("issue-list", "M", MARKKU, "turku") == []
    assert await reading.items("issue-list", "H", MARKKU) == []
    await reading.told(*FLOOR, ISSUE_STREAM[:4])
    item = await reading.item("issue-list", "H", MARKKU, level=2)
    assert (item["level"], item["backed"], item["address_by"]) == (2, 1, "2027-03-29")
    assert await reading.items("issue-list", "H", MARKKU, level=1) == []


async def test_an_issue_about_those_who_lead_goes_to_their_manager(reading: Reading) -> None:
    about_sanna = issue_raised.model_copy(update={"person_id": SANNA})
    taken_up = issue_taken_up.model_copy(update={"person_id": SANNA, "handler_id": MARKKU})
    await reading.told(*FLOOR, history("i", about_sanna))
    assert await reading.items("issue-list", "S", SANNA) == []
    assert await reading.items("issue-list", "S", DANI) == []
    assert len(await reading.items("issue-list", "M", MARKKU, "tampere")) == 1
    await reading.told(*FLOOR, history("i", about_sanna, taken_up))
    assert len(await reading.items("issue-list", "M", MARKKU, "tampere", state="in-hand")) == 1


async def test_whom_an_issue_is_about_sees_it_once_it_is_taken_up(reading: Reading) -> None:
    await reading.told(*FLOOR, ISSUE_STREAM[:4])
    assert await reading.items("issue-list", "A", ONNI) == []
    for facts, state in ((5, "in-hand"), (6, "resolved")):
        await reading.told(*FLOOR, ISSUE_STREAM[:facts])
        item = await reading.item("issue-list", "A", ONNI, state=state)
        assert (item["person_id"], item["plan"]) == (str(ONNI), "Talks with both on Thursday.")
        assert "raiser_id" not in item
        assert await reading.items("issue-list", "A", TUULA) == [], "who is another's colleague"


async def test_who_leads_sees_an_issue_about_oneself_once_it_is_taken_up(reading: Reading) -> None:
    about_sanna, taken_up = told((issue_raised, issue_taken_up), person_id=SANNA)
    by_the_manager = taken_up.model_copy(update={"handler_id": MARKKU})
    await reading.told(*FLOOR, history("i", about_sanna, by_the_manager))
    assert len(await reading.items("issue-list", "S", SANNA)) == 1
    assert await reading.items("issue-list", "S", DANI) == [], "that is for the manager"


async def test_who_deals_with_an_issue_sees_it_whoever_they_are(reading: Reading) -> None:
    await reading.told(*FLOOR, history("i", issue_raised))
    assert await reading.items("issue-list", "H", TUULA) == []
    taken_up = issue_taken_up.model_copy(update={"handler_id": TUULA})
    await reading.told(*FLOOR, history("i", issue_raised, taken_up))
    assert (await reading.item("issue-list", "H", TUULA))["handler_id"] == str(TUULA)


async def test_the_person_it_is_about_never_sees_who_will_speak_first(reading: Reading) -> None:
    about_a_supervisor_of_more = issue_raised.model_copy(update={"person_id": MARKKU})
    await reading.told(*FLOOR, history("i", about_a_supervisor_of_more, at=at(1)))
    escalated = told(tuple(fact.event for fact in ISSUE_STREAM[2:4]), person_id=MARKKU)
    await reading.told(*FLOOR, history("i", about_a_supervisor_of_more, *escalated))
    assert await reading.items("issue-list", "HM", MARKKU) == []
    taken_up = issue_taken_up.model_copy(update={"person_id": MARKKU})
    await reading.told(*FLOOR, history("i", about_a_supervisor_of_more, *escalated, taken_up))
    assert len(await reading.items("issue-list", "HM", MARKKU, team_id=TEAM)) == 1
    assert str(ISSUE)


# Goals


async def test_goals_show_where_they_stand_and_how_they_came_there(reading: Reading) -> None:
    await reading.told(*FLOOR, GOALS_STREAM)
    acting, number = await reading.items("goal-list", "A", AINO)
    assert (acting["goal_id"], acting["value"], acting["progress"], acting["state"]) == (str(GOAL), "4", 100, "reached")
    assert acting["curve"] == [
        {"on": "2027-03-18", "value": "3", "source": "session"},
        {"on": "2027-03-25", "value": "4", "source": "measured"},
    ]
    assert (number["goal_id"], number["value"], number["progress"]) == (str(NUMBER_GOAL), None, None)
    assert [each["goal_id"] for each in await reading.items("goal-list", "S", SANNA, state="dropped")] == [
        str(NUMBER_GOAL)
    ]
    assert (await reading.get("goal-list", "A", TUULA, person_id=AINO)).status_code == 404


async def test_analysts_see_the_averages_of_five(reading: Reading) -> None:
    people = [UUID(int=300 + n) for n in range(5)]
    streams: list[Any] = []
    for person in people:
        streams.append(history(f"onboarding.person-{person}", joined(person)))
        goals = told((goal_set, goal_progressed), person_id=person)
        streams.append(history(f"coaching.goals-{person}", *goals))
    await reading.told(*FLOOR, *streams)
    average = await reading.item("goal-list", "N", MARKKU)
    assert (average["team_id"], average["n"], average["person_id"], average["title"]) == (str(TEAM), 5, None, None)
    assert (average["value"], average["progress"], average["target"]) == ("3.00", 50, "4.00")
    await reading.told(*FLOOR, *streams[:8])
    assert await reading.items("goal-list", "N", MARKKU) == [], "four are too few"


async def test_goals_of_who_has_left_are_history(reading: Reading) -> None:
    hannas = history("coaching.goals-hanna", *told((goal_set, goal_progressed), person_id=HANNA))
    four = [UUID(int=300 + n) for n in range(4)]
    streams: list[Any] = [hannas]
    for person in four:
        streams.append(history(f"onboarding.person-{person}", joined(person)))
        streams.append(history(f"coaching.goals-{person}", *told((goal_set, goal_progressed), person_id=person)))
    reading.it_is(at(1))
    await reading.told(*FLOOR, *streams)
    assert len(await reading.items("goal-list", "S", SANNA, person_id=HANNA)) == 1, "the last day"
    assert (await reading.item("goal-list", "N", MARKKU))["n"] == 5
    reading.it_is(at(2))
    assert {each["person_id"] for each in await reading.items("goal-list", "S", SANNA)} == set(map(str, four))
    assert await reading.items("goal-list", "N", MARKKU) == [], "four are left"
    assert await reading.items("goal-list", "A", HANNA) == []


async def test_goals_of_who_is_not_known_yet_are_their_own(reading: Reading) -> None:
    await reading.told(TUULAS_GOALS_STREAM)
    item = await reading.item("goal-list", "A", TUULA)
    assert (item["person_id"], item["team_id"]) == (str(TUULA), None)


# Thanks


async def test_public_thanks_are_for_everybody_and_rewards_are_not(reading: Reading) -> None:
    await reading.told(*FLOOR, THANKS_STREAM, OTHER_THANKS_STREAM)
    mine = await reading.item("recognition-list", "A", AINO)
    assert (mine["recognition_id"], mine["reward"], mine["value_minutes"]) == (str(RECOGNITION), "paid-time", 120)
    seen = await reading.item("recognition-list", "A", TUULA)
    assert (seen["text"], seen["reward"], seen["reward_note"]) == (mine["text"], None, None)
    ids = [each["recognition_id"] for each in await reading.items("recognition-list", "A", ONNI)]
    assert set(ids) == {str(RECOGNITION), str(OTHER_THANKS)}
    assert len(await reading.items("recognition-list", "S", SANNA, person_id=AINO, team_id=TEAM)) == 1
