"""What is taught, when, to whom, and who was given the chance."""

from typing import Any
from uuid import UUID

from services.coaching.readmodels import training_calendar
from services.coaching.readmodels.parts.lessons import SparringEntry, TrainingEntry
from shared.testing.interleavings import folded, history
from tests.coaching.cast import AINO, DANI, HANNA, ONNI, OTHER_TEAM, SANNA, TEAM, TUULA
from tests.coaching.learning_streams import (
    FLOOR,
    NEEDS_STREAM,
    OTHER,
    OTHER_PACKAGE_STREAM,
    OTHER_SPARRING_STREAM,
    OTHER_TRAINING_STREAM,
    PACKAGE_STREAM,
    POOL_STREAM,
    SPARRING_STREAM,
    THANKS_STREAM,
    TRAINING_STREAM,
    joined,
    need_raised,
    of,
)
from tests.coaching.learnt import PACKAGE, SPARRING, TRAINING, training_held
from tests.services.reading import Reading

# learning_packages


async def test_packages_are_listed_with_what_was_held_and_who_waits_for_them(reading: Reading) -> None:
    of_hanna = need_raised.model_copy(update={"person_id": HANNA})
    left = history("coaching.plan-hanna", of_hanna)
    await reading.told(*FLOOR, PACKAGE_STREAM, OTHER_PACKAGE_STREAM, TRAINING_STREAM, NEEDS_STREAM, left)
    package, retired = await reading.items("learning-packages", "A", AINO, skill="listening")
    assert package == {
        "package_id": str(PACKAGE),
        "title": "Listening for the matter behind the question",
        "skill": "listening",
        "area": "service",
        "kind": "training",
        "minutes": 45,
        "source": "peer",
        "contact_types": ["billing"],
        "outline": "Three contacts, and what each caller wanted to know.",
        "trainers": [str(TUULA)],
        "version": 1,
        "material": "https://intra.example/listening",
        "state": "published",
        "held": 1,
        "needs_open": 1,
    }
    assert (retired["state"], retired["held"]) == ("retired", 0)
    assert await reading.items("learning-packages", area="sales") == []
    assert len(await reading.items("learning-packages", source="peer")) == 2


# training_calendar


def test_the_calendar_follows_trainings_and_sparrings() -> None:
    rows = folded(
        training_calendar.read_model,
        TRAINING_STREAM + OTHER_TRAINING_STREAM + SPARRING_STREAM + OTHER_SPARRING_STREAM,
    )
    held, cancelled = rows[TrainingEntry][TRAINING], rows[TrainingEntry][OTHER]
    assert (held.people, held.trainer_id, held.state) == ((AINO,), TUULA, "held")
    assert (cancelled.people, cancelled.trainer_id, cancelled.state) == ((AINO, ONNI), None, "cancelled")
    planned = folded(training_calendar.read_model, TRAINING_STREAM[:3])[TrainingEntry][TRAINING]
    assert (planned.people, planned.minutes) == ((AINO, DANI), 60)
    rated, given_up = rows[SparringEntry][SPARRING], rows[SparringEntry][OTHER]
    assert (rated.state, rated.useful, rated.tip) == ("rated", 5, "After the question, count to three.")
    assert (given_up.state, given_up.trainer_id) == ("cancelled", None)
    returned = folded(training_calendar.read_model, SPARRING_STREAM[:3])[SparringEntry][SPARRING]
    assert (returned.state, returned.starts_at, returned.trainer_id) == ("asked", None, None)


async def test_a_tip_is_between_two(reading: Reading) -> None:
    await reading.told(*FLOOR, SPARRING_STREAM)
    told = ("observations", "tip", "wish")
    for roles, person in (("A", AINO), ("T", TUULA)):
        own = await reading.item("training-calendar", roles, person)
        assert [own[name] for name in told] == [
            ["Asks well, then answers for the customer."],
            "After the question, count to three.",
            "The silent ones.",
        ]
    led = await reading.item("training-calendar", "S", SANNA, team_id=TEAM)
    assert [led[name] for name in told] == [None, None, None]
    assert {name: led[name] for name in ("activity_id", "kind", "skill", "people", "trainer_id", "useful")} == {
        "activity_id": str(SPARRING),
        "kind": "sparring",
        "skill": "listening",
        "people": [str(AINO)],
        "trainer_id": str(TUULA),
        "useful": 5,
    }


async def test_the_calendar_is_read_by_person_team_and_day(reading: Reading) -> None:
    await reading.told(*FLOOR, TRAINING_STREAM, SPARRING_STREAM[:3], OTHER_TRAINING_STREAM, OTHER_SPARRING_STREAM)
    everything = await reading.items("training-calendar", "T", DANI)
    assert [each["activity_id"] for each in everything] == [str(n) for n in (TRAINING, OTHER, SPARRING, OTHER)], (
        "what waits to be booked comes last"
    )
    days: dict[str, Any] = {"from": "2027-04-08", "to": "2027-04-08"}
    assert len(await reading.items("training-calendar", "T", DANI, **days)) == 2
    assert await reading.items("training-calendar", "T", DANI, **{"from": "2027-04-09"}) == []
    assert await reading.items("training-calendar", "T", DANI, to="2027-04-07") == []
    of_tuula = await reading.items("training-calendar", "A", TUULA, person_id=TUULA)
    assert [each["activity_id"] for each in of_tuula] == [str(TRAINING)], "the trainer's too"
    of_others = await reading.items("training-calendar", "T", DANI, team_id=OTHER_TEAM)
    assert {each["activity_id"] for each in of_others} == {str(OTHER)}
    assert (await reading.get("training-calendar", "A", HANNA, person_id=ONNI)).status_code == 404


# opportunities


async def test_chances_are_counted_year_by_year(reading: Reading) -> None:
    await reading.told(*FLOOR, TRAINING_STREAM, SPARRING_STREAM, POOL_STREAM, THANKS_STREAM, NEEDS_STREAM)
    aino = await reading.item("opportunities", "A", AINO)
    assert aino == {
        "person_id": str(AINO),
        "team_id": str(TEAM),
        "year": 2027,
        "trainings": 1,
        "sparrings": 1,
        "trainer_terms": 0,
        "recognitions": 0,
        "rewards": 0,
        "needs_raised": 2,
        "needs_met": 1,
        "needs_met_share": 50,
        "chances": 2,
        "team_median": None,
        "difference": None,
    }
    tuula = await reading.item("opportunities", "A", TUULA)
    assert (tuula["trainer_terms"], tuula["recognitions"], tuula["rewards"], tuula["needs_met_share"]) == (
        1,
        1,
        1,
        None,
    )
    nobody = await reading.items("opportunities", year=2026)
    assert [each["chances"] for each in nobody] == [0, 0, 0], "also who was given nothing is there, and who left is not"
    assert (await reading.get("opportunities", "S", SANNA, team_id=OTHER_TEAM)).status_code == 404


async def test_a_team_of_five_has_a_median(reading: Reading) -> None:
    people = [UUID(int=number) for number in range(901, 906)]
    team = [history(f"onboarding.person-{person}", joined(person)) for person in people]
    trainings = [
        of(f"training-{n}", training_held, training_id=UUID(int=n), attended=tuple(people[n:])) for n in range(5)
    ]
    await reading.told(*FLOOR[:2], *team, *trainings)
    found = await reading.items("opportunities", "S", SANNA, team_id=TEAM)
    assert [each["chances"] for each in found] == [1, 2, 3, 4, 5]
    assert {each["team_median"] for each in found} == {"3"}
    assert [each["difference"] for each in found] == ["-2", "-1", "0", "1", "2"]
    analyst = await reading.items("opportunities", "N", year=2027)
    assert len(analyst) == 5
