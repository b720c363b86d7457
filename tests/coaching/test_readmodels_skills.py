"""Who masters what, who was asked, and who trains others."""

from datetime import date
from typing import Any
from uuid import UUID

from services.coaching.events.skills import Strength
from services.coaching.readmodels import mapping_rounds, skills_matrix, trainer_pool
from services.coaching.readmodels.mapping_rounds import Round
from services.coaching.readmodels.parts.levels import Level, Skilled
from services.coaching.readmodels.parts.trainers import Trainer
from shared.testing.interleavings import folded
from tests.coaching.cast import AINO, MARKKU, ONNI, OTHER_TEAM, SANNA, TEAM, TUULA, at
from tests.coaching.learning_streams import (
    AINO_SKILLS_STREAM,
    FLOOR,
    NEEDS_STREAM,
    OTHER,
    OTHER_POOL_STREAM,
    OTHER_ROUND_STREAM,
    OTHER_SPARRING_STREAM,
    POOL_STREAM,
    ROUND_STREAM,
    SKILLS_STREAM,
    SPARRING_STREAM,
    TRAINING_STREAM,
    of,
)
from tests.coaching.trainers import (
    POOL,
    ROUND,
    SERVING,
    interest_declined,
    interest_expressed,
    pool_opened,
    rules_agreed,
    skill_confirmed,
    term_ended,
    trainer_term_ended,
)
from tests.services.reading import TOKENS, Reading

# skills_matrix


def test_what_others_confirmed_counts_before_what_one_says() -> None:
    rows = folded(skills_matrix.read_model, SKILLS_STREAM + AINO_SKILLS_STREAM)[Skilled]
    billing = Level(skill="billing", level=3, by_self=False, can_teach=False, valid_until=date(2028, 3, 31))
    listening = Level(skill="listening", level=4, by_self=True, can_teach=True, valid_until=None)
    assert rows[TUULA].levels == (billing, listening)
    assert rows[AINO].levels == (billing.model_copy(update={"level": 4, "can_teach": True}),)
    assert (rows[TUULA].mapping_state, rows[TUULA].mapping_due_on) == ("late", date(2027, 9, 16))
    assert (rows[AINO].mapping_state, rows[AINO].mapping_due_on) == ("asked", date(2027, 3, 31))


def test_an_answer_replaces_the_one_before() -> None:
    rows = folded(skills_matrix.read_model, SKILLS_STREAM[:2])[Skilled]
    assert {each.skill: each.level for each in rows[TUULA].levels} == {"listening": 4, "billing": 2}
    assert (rows[TUULA].mapping_state, rows[TUULA].mapping_due_on) == ("answered", date(2027, 9, 16))
    other = Strength(skill="crm-search", level=3, can_teach=False)
    answered = SKILLS_STREAM[1].event.model_copy(update={"strengths": (other,)})
    rows = folded(skills_matrix.read_model, of("skills", SKILLS_STREAM[0].event, SKILLS_STREAM[1].event, answered))[
        Skilled
    ]
    assert [each.skill for each in rows[TUULA].levels] == ["crm-search"]


def test_who_was_confirmed_below_what_teaching_takes_does_not_teach() -> None:
    asked, answered = (fact.event for fact in SKILLS_STREAM[:2])
    told = answered.model_copy(update={"strengths": (Strength(skill="billing", level=3, can_teach=True),)})
    for level, teaches in ((1, False), (2, False), (3, True), (4, True)):
        confirmed = skill_confirmed.model_copy(update={"level": level})
        rows = folded(skills_matrix.read_model, of("skills", asked, told, confirmed))[Skilled]
        assert [(each.level, each.can_teach) for each in rows[TUULA].levels] == [(level, teaches)]


async def test_a_team_sees_what_it_hangs_on(reading: Reading) -> None:
    await reading.told(*FLOOR, SKILLS_STREAM, AINO_SKILLS_STREAM, NEEDS_STREAM)
    items = await reading.items("skills-matrix", "S", SANNA, team_id=TEAM)
    found = {(each["person_id"], each["skill"]): each for each in items}
    assert list(found) == [
        (str(AINO), "billing"),
        (str(AINO), "listening"),
        (str(TUULA), "billing"),
        (str(TUULA), "listening"),
    ]
    wanted, shared, alone = (
        found[str(AINO), "listening"],
        found[str(TUULA), "billing"],
        found[str(TUULA), "listening"],
    )
    assert (wanted["level"], wanted["need_open"], wanted["can_teach"]) == (None, True, False)
    assert (found[str(AINO), "billing"]["need_open"], shared["need_open"]) == (False, False), "that need was met"
    assert (shared["holders"], shared["teachers"], shared["single_point"]) == (2, 1, False)
    assert (alone["holders"], alone["teachers"], alone["single_point"]) == (1, 1, True)
    assert (alone["by_self"], shared["by_self"]) == (True, False)
    assert (alone["work_history"], alone["studies"]) == ("Ten years of service desks.", "Business college.")


async def test_history_is_for_oneself_and_for_who_leads(reading: Reading) -> None:
    await reading.told(*FLOOR, SKILLS_STREAM)
    reading.it_is(at(8))
    told: dict[str, Any] = {"skill": "listening", "can_teach": True, "min_level": 4}
    mine = await reading.item("skills-matrix", "A", TUULA, **told)
    manager = await reading.item("skills-matrix", "M", MARKKU, "tampere", **told)
    planner = await reading.item("skills-matrix", "P", MARKKU, "tampere", **told)
    assert mine["needs_text"] == "How to end a call."
    for one in (manager, planner):
        assert (one["level"], one["work_history"], one["studies"], one["needs_text"]) == (4, None, None, None)
    assert await reading.items("skills-matrix", "P", MARKKU, "turku", **told) == []
    assert (await reading.get("skills-matrix", "A", AINO, team_id=OTHER_TEAM)).status_code == 404


async def test_who_has_told_nothing_yet_is_there_and_who_left_is_not(reading: Reading) -> None:
    await reading.told(*FLOOR, SKILLS_STREAM)
    people = {each["person_id"]: each["skill"] for each in await reading.items("skills-matrix")}
    assert people == {str(AINO): None, str(ONNI): None, str(TUULA): "listening"}
    assert (await reading.item("skills-matrix", team_id=OTHER_TEAM))["single_point"] is False


async def test_a_confirmation_that_wears_off_is_told_two_months_before(reading: Reading) -> None:
    await reading.told(*FLOOR, of("skills", skill_confirmed))
    reading.it_is(at(30, month=1).replace(year=2028))
    assert not (await reading.item("skills-matrix", skill="billing"))["expires_soon"]
    for day in (at(31, month=1), at(31)):
        reading.it_is(day.replace(year=2028))
        assert (await reading.item("skills-matrix", skill="billing"))["expires_soon"]


async def test_who_was_confirmed_until_yesterday_holds_and_teaches_nothing(reading: Reading) -> None:
    for_ever = skill_confirmed.model_copy(update={"level": 4, "valid_until": None})
    for_a_year = skill_confirmed.model_copy(update={"person_id": AINO, "level": 4})
    await reading.told(*FLOOR, of("skills-tuula", for_ever), of("skills-aino", for_a_year))
    for day, expired in ((at(31), False), (at(1, month=4), True)):
        reading.it_is(day.replace(year=2028))
        aino, tuula = await reading.items("skills-matrix", "S", SANNA, skill="billing")
        assert (aino["expired"], aino["expires_soon"], aino["can_teach"]) == (expired, not expired, not expired)
        assert (aino["level"], aino["valid_until"]) == (4, "2028-03-31")
        assert (tuula["expired"], tuula["expires_soon"], tuula["can_teach"]) == (False, False, True)
        for line in (aino, tuula):
            assert (line["holders"], line["teachers"]) == ((1, 1) if expired else (2, 2))
            assert line["single_point"] == expired
    assert await reading.items("skills-matrix", skill="billing", can_teach=True) == [tuula]


# mapping_rounds


def test_a_round_is_open_closed_or_called_off() -> None:
    rows = folded(mapping_rounds.read_model, ROUND_STREAM + OTHER_ROUND_STREAM)[Round]
    assert (rows[ROUND].state, rows[ROUND].invited) == ("closed", 2)
    assert rows[OTHER].state == "called-off"


async def test_everybody_sees_how_many_have_answered(reading: Reading) -> None:
    await reading.told(ROUND_STREAM[:2], OTHER_ROUND_STREAM, SKILLS_STREAM, AINO_SKILLS_STREAM)
    found = await reading.item("mapping-rounds", "A", ONNI, state="open")
    assert found == {
        "round_id": str(ROUND),
        "pool_id": str(POOL),
        "title": "Spring mapping",
        "why": "Who would like to teach, and to learn what?",
        "opens_on": "2027-03-17",
        "closes_on": "2027-03-31",
        "closed_on": None,
        "skills": ["listening", "sales-closing"],
        "state": "open",
        "invited": 2,
        "asked": 2,
        "answered": 1,
    }
    assert len(await reading.items("mapping-rounds")) == 2


# trainer_pool


def test_a_trainer_waits_trains_and_rests() -> None:
    rows = folded(trainer_pool.read_model, POOL_STREAM + OTHER_POOL_STREAM)[Trainer]
    assert {who: row.state for (pool, who), row in rows.items() if pool == POOL} == {
        TUULA: "serving",
        AINO: "interested",
        ONNI: "withdrawn",
    }
    tuula = rows[OTHER, TUULA]
    assert (tuula.state, tuula.terms_served, tuula.waiting_since) == ("serving", 2, None)
    rested = folded(trainer_pool.read_model, OTHER_POOL_STREAM[:4])[Trainer][OTHER, TUULA]
    assert (rested.state, rested.ends_on) == ("rested", date(2027, 6, 30))
    given_up = (*(fact.event for fact in OTHER_POOL_STREAM[:5]), POOL_STREAM[-1].event)
    again = folded(trainer_pool.read_model, of("pool", *given_up, pool_id=OTHER, person_id=TUULA))[Trainer]
    assert again[OTHER, TUULA].state == "rested", "who has trained once is no stranger to the pool"


async def test_the_pool_shows_the_queue_and_what_trainers_did(reading: Reading) -> None:
    await reading.told(*FLOOR, POOL_STREAM, SPARRING_STREAM, OTHER_SPARRING_STREAM, TRAINING_STREAM)
    reading.it_is(at(28))
    waits, withdrawn, serves = await reading.items("trainer-pool", "S", SANNA, pool_id=POOL)
    assert [each["person_id"] for each in (waits, withdrawn, serves)] == [str(AINO), str(ONNI), str(TUULA)]
    assert (waits["queue"], waits["waiting_days"], waits["declined_reasons"]) == (
        *(1, 10),
        "Two train already this spring.",
    )
    assert (serves["queue"], serves["sparrings"], serves["trainings"], serves["contacts"]) == (None, 1, 1, 3)
    assert (serves["usefulness"], serves["share"], serves["terms_served"]) == ("5.00", 20, 1)
    assert (serves["rules_version"], serves["max_share"], serves["title"]) == (1, 40, "Tampere trainers")
    assert withdrawn["state"] == "withdrawn"


async def test_a_trainer_serves_until_the_term_ends_however_early_that_was_told(reading: Reading) -> None:
    for told, month, state in (
        (trainer_term_ended, 5, "serving"),
        (trainer_term_ended, 7, "rested"),
        (term_ended(ended_on=date(2027, 3, 20)), 3, "rested"),
        (term_ended(ended_on=date(2035, 1, 1)), 10, "rested"),
    ):
        await reading.told(*FLOOR, of("pool", *SERVING, told))
        reading.it_is(at(19, month=month))
        (tuula,) = await reading.items("trainer-pool", pool_id=POOL)
        assert tuula["state"] == state, (told, month)
        assert await reading.items("trainer-pool", state=state) == [tuula]


async def test_the_queue_goes_by_terms_then_by_waiting(reading: Reading) -> None:
    people = [AINO, ONNI, TUULA]
    queue = [
        interest_expressed.model_copy(update={"person_id": person, "waiting_since": date(2027, 3, 20 - n)})
        for n, person in enumerate(people)
    ]
    await reading.told(*FLOOR, of("pool", pool_opened, *queue))
    found = await reading.items("trainer-pool", state="interested", topic="listening")
    assert [each["person_id"] for each in found] == [str(person) for person in reversed(people)]
    assert [each["queue"] for each in found] == [1, 2, 3]
    assert await reading.items("trainer-pool", topic="billing") == []


async def test_a_pool_tells_its_rules_before_anybody_is_in_it(reading: Reading) -> None:
    empty = of("pool", pool_opened, rules_agreed, pool_id=OTHER)
    await reading.told(*FLOOR, empty)
    for roles in "SHM":
        pool = await reading.item("trainer-pool", roles, MARKKU, pool_id=OTHER)
        assert (pool["person_id"], pool["state"], pool["topics"], pool["queue"]) == (None, None, [], None)
        assert (pool["title"], pool["term_days"], pool["max_share"]) == ("Tampere trainers", 183, 40)
        assert (pool["rules_version"], pool["rules"]) == (1, list(rules_agreed.rules))
        assert pool["changing_days_rule"] == rules_agreed.changing_days_rule
        assert (pool["terms_served"], pool["sparrings"], pool["trainings"], pool["contacts"]) == (0, 0, 0, 0)
    assert await reading.items("trainer-pool", "T", TUULA) == [], "they are no part of it"
    assert await reading.items("trainer-pool", state="interested") == []


async def test_a_pool_without_people_is_passed_from_page_to_page(reading: Reading) -> None:
    await reading.told(*FLOOR, *(of("pool", pool_opened, pool_id=UUID(int=n)) for n in (130, 140)), POOL_STREAM)
    whole = await reading.items("trainer-pool")
    assert [each["person_id"] for each in whole] == [None, str(AINO), str(ONNI), str(TUULA), None]
    headers = {"Authorization": f"Bearer {TOKENS.issue(str(MARKKU), 'org', 'H')}"}
    path = "/v1/trainer-pool?limit=1"
    for line in whole:
        page = (await reading.client.get(path, headers=headers)).json()
        assert page["items"] == [line]
        path = page["next"]
    assert path is None


async def test_reasons_are_between_two_and_the_queue_for_the_pool(reading: Reading) -> None:
    declined = of("pool", *(fact.event for fact in POOL_STREAM[:2]), interest_declined)
    await reading.told(*FLOOR, declined, OTHER_POOL_STREAM)
    mine = await reading.item("trainer-pool", "A", TUULA, pool_id=POOL)
    assert mine["declined_reasons"] == interest_declined.reasons
    assert await reading.items("trainer-pool", "A", AINO) == []
    await reading.told(*FLOOR, POOL_STREAM)
    seen = await reading.items("trainer-pool", "T", TUULA)
    assert {each["person_id"]: each["declined_reasons"] for each in seen} == {
        str(AINO): None,
        str(ONNI): None,
        str(TUULA): None,
    }
    assert (await reading.get("trainer-pool", "C")).status_code == 404
