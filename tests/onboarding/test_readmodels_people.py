"""People and teams by day: moves and appointments are recorded ahead, and who left is hidden after the last day."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.onboarding.events.structure import PersonJoinedTeam, PersonMovedTeam, SupervisorAppointed
from services.onboarding.readmodels import people, teams
from services.onboarding.readmodels.people import Person
from shared.core.directory import Lead, Member, Stay, Team
from shared.core.event import Event
from shared.testing.interleavings import folded, history
from tests.onboarding.organisation import (
    AINO_STREAM,
    ONNI,
    ONNI_STREAM,
    OTHER_STREAM,
    TEAM_STREAM,
    aino_joined,
    aino_moved,
    aino_promoted,
    hanna_appointed,
    onni_joined,
    onni_left,
    sanna_appointed,
    team_formed,
)
from tests.onboarding.plan import AINO, HANNA, MONDAY, OTHER_TEAM, SANNA, TEAM, TUULA, WINTER, at
from tests.services.reading import Reading

THIRD_TEAM = UUID(int=13)
IN_JULY = datetime(2027, 7, 1, 9, tzinfo=WINTER)


def row(*facts: Event) -> Person:
    (found,) = folded(people.read_model, history(f"onboarding.person-{AINO}", *facts))[Person].values()
    assert isinstance(found, Person)
    return found


def test_a_person_joins_a_team() -> None:
    assert row(aino_joined) == Person(
        person_id=AINO,
        display_name="Aino",
        role_code="agent",
        joined_on=MONDAY,
        left_on=None,
        team_id=TEAM,
        from_day=MONDAY,
        before=(),
    )


def test_a_move_keeps_the_stay_before_it() -> None:
    moved = row(aino_joined, aino_moved)
    assert (moved.team_id, moved.from_day) == (OTHER_TEAM, date(2027, 6, 1))
    assert moved.before == (Stay(team_id=TEAM, from_day=MONDAY),)


def test_a_move_in_between_leaves_the_planned_one_standing() -> None:
    sooner = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=THIRD_TEAM, from_day=date(2027, 5, 1))
    moved = row(aino_joined, aino_moved, sooner)
    stays = (Stay(team_id=TEAM, from_day=MONDAY), Stay(team_id=THIRD_TEAM, from_day=date(2027, 5, 1)))
    assert (moved.team_id, moved.from_day, moved.before) == (OTHER_TEAM, date(2027, 6, 1), stays)


def test_another_move_on_the_same_day_takes_the_place_of_the_planned_one() -> None:
    elsewhere = aino_moved.model_copy(update={"from_team_id": OTHER_TEAM, "to_team_id": THIRD_TEAM})
    moved = row(aino_joined, aino_moved, elsewhere)
    assert (moved.team_id, moved.before) == (THIRD_TEAM, (Stay(team_id=TEAM, from_day=MONDAY),))


def test_a_corrected_name_leaves_a_planned_move_standing() -> None:
    corrected = aino_joined.model_copy(update={"display_name": "Aino K."})
    assert row(aino_joined, aino_moved, corrected) == replace(row(aino_joined, aino_moved), display_name="Aino K.")


def test_a_corrected_name_of_who_has_moved_leaves_the_teams_of_before() -> None:
    told = aino_joined.model_copy(update={"team_id": OTHER_TEAM, "display_name": "Aino K.", "role_code": "expert"})
    moved = row(aino_joined, aino_moved)
    assert row(aino_joined, aino_moved, told) == replace(moved, display_name="Aino K.", role_code="expert")
    back = aino_moved.model_copy(update={"to_team_id": TEAM, "from_day": date(2027, 7, 1)})
    assert row(aino_joined, aino_moved, back, told) == replace(
        row(aino_joined, aino_moved, back), display_name="Aino K.", role_code="expert"
    )
    members = folded(teams.read_model, history(f"onboarding.person-{AINO}", aino_joined, aino_moved, told))[Member]
    assert (members[AINO].team_id, members[AINO].before) == (OTHER_TEAM, moved.before)


def test_a_corrected_team_of_the_first_day_leaves_later_moves() -> None:
    elsewhere = aino_joined.model_copy(update={"team_id": THIRD_TEAM})
    assert row(aino_joined, aino_moved, elsewhere) == row(elsewhere, aino_moved)


def test_a_corrected_first_day_takes_the_place_of_the_wrong_one() -> None:
    corrected = aino_joined.model_copy(update={"joined_on": date(2027, 3, 15)})
    assert row(aino_joined, corrected) == row(corrected)


def test_a_corrected_first_day_leaves_no_stay_behind_the_moves() -> None:
    too_late = aino_joined.model_copy(update={"joined_on": date(2027, 7, 1)})
    assert row(too_late, aino_joined, aino_moved) == row(aino_joined, aino_moved)
    assert row(aino_joined, aino_moved, too_late).before == ()


def test_a_planned_move_stands_when_a_leaving_was_a_mistake() -> None:
    left = onni_left.model_copy(update={"person_id": AINO})
    assert row(aino_joined, aino_moved, left, aino_joined) == row(aino_joined, aino_moved)


def test_who_joins_again_after_the_last_day_follows_no_plan_of_before() -> None:
    left = onni_left.model_copy(update={"person_id": AINO})
    again = aino_joined.model_copy(update={"joined_on": date(2027, 5, 3)})
    assert row(aino_joined, aino_moved, left, again) == row(again)


def test_a_role_changes() -> None:
    assert row(aino_joined, aino_promoted).role_code == "expert"


def test_who_left_may_join_again() -> None:
    left = onni_left.model_copy(update={"person_id": AINO})
    assert row(aino_joined, left).left_on == date(2027, 3, 31)
    again = PersonJoinedTeam(
        person_id=AINO, team_id=OTHER_TEAM, display_name="Aino", role_code="agent", joined_on=date(2028, 1, 3)
    )
    assert row(aino_joined, left, again) == row(again)


def test_a_team_and_who_leads_it() -> None:
    assert folded(teams.read_model, TEAM_STREAM)[Team][TEAM] == Team(
        team_id=TEAM,
        name="Tampere care",
        site="tampere",
        time_zone="Europe/Helsinki",
        supervisor_id=HANNA,
        deputy_id=None,
        since=date(2027, 4, 1),
        before=(Lead(since=date(2027, 3, 1), supervisor_id=SANNA, deputy_id=TUULA),),
        disbanded_on=None,
    )
    assert folded(teams.read_model, OTHER_STREAM)[Team][OTHER_TEAM].disbanded_on == date(2027, 12, 31)


def led(*appointed: Event) -> Team:
    (found,) = folded(teams.read_model, history(f"onboarding.team-{TEAM}", *appointed))[Team].values()
    assert isinstance(found, Team)
    return found


def test_an_appointment_in_between_leaves_the_planned_one_standing() -> None:
    now = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, since=date(2027, 3, 15))
    found = led(sanna_appointed, hanna_appointed, now)
    until_then = Lead(since=date(2027, 3, 1), supervisor_id=SANNA, deputy_id=TUULA)
    alone = Lead(since=date(2027, 3, 15), supervisor_id=SANNA, deputy_id=None)
    assert (found.supervisor_id, found.since, found.before) == (HANNA, date(2027, 4, 1), (until_then, alone))


def test_another_appointment_for_the_same_day_takes_the_place_of_the_planned_one() -> None:
    instead = hanna_appointed.model_copy(update={"supervisor_id": TUULA})
    found = led(sanna_appointed, hanna_appointed, instead)
    assert (found.supervisor_id, [lead.since for lead in found.before]) == (TUULA, [date(2027, 3, 1)])


def test_a_team_counts_its_members() -> None:
    members = folded(teams.read_model, AINO_STREAM + ONNI_STREAM)[Member]
    assert members == {
        AINO: Member(
            person_id=AINO,
            role_code="expert",
            joined_on=MONDAY,
            team_id=OTHER_TEAM,
            from_day=date(2027, 6, 1),
            before=(Stay(team_id=TEAM, from_day=MONDAY),),
        ),
        ONNI: Member(ONNI, "agent", joined_on=MONDAY, left_on=date(2027, 3, 31), team_id=TEAM, from_day=MONDAY),
    }


async def test_people_are_shown_in_the_team_of_the_day(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, OTHER_STREAM, AINO_STREAM, ONNI_STREAM)
    reading.it_is(at(1))
    before = await reading.items("people", team_id=TEAM)
    assert [each["display_name"] for each in before] == ["Aino", "Onni"], "the team waits for them"

    reading.it_is(IN_JULY)
    aino = {
        "person_id": str(AINO),
        "display_name": "Aino",
        "team_id": str(OTHER_TEAM),
        "role_code": "expert",
        "joined_on": "2027-03-08",
        "left_on": None,
    }
    assert await reading.items("people") == [aino]
    assert await reading.items("people", team_id=OTHER_TEAM) == [aino]
    left = await reading.item("people", team_id=TEAM, include_left=True)
    assert (left["display_name"], left["left_on"]) == ("Onni", "2027-03-31")


async def test_everybody_sees_their_own_team_and_no_other(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, OTHER_STREAM, AINO_STREAM, ONNI_STREAM)
    assert len(await reading.items("people", "A", ONNI)) == 2
    reading.it_is(IN_JULY)
    assert [each["display_name"] for each in await reading.items("people", "A", AINO)] == ["Aino"]
    assert (await reading.get("people", "A", AINO, team_id=TEAM)).status_code == 404
    assert (await reading.get("people", "C", AINO)).status_code == 404


async def test_who_leads_counts_from_its_day(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, OTHER_STREAM, AINO_STREAM, ONNI_STREAM)
    assert len(await reading.items("people", "S", SANNA)) == 2
    assert len(await reading.items("people", "S", TUULA)) == 2, "the deputy has the same rights"
    assert await reading.items("people", "S", HANNA) == []
    reading.it_is(datetime(2027, 4, 1, 9, tzinfo=WINTER))
    assert await reading.items("people", "S", SANNA) == []
    assert len(await reading.items("people", "S", HANNA)) == 1


async def test_a_manager_of_a_site_sees_its_people(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, OTHER_STREAM, AINO_STREAM, ONNI_STREAM)
    assert len(await reading.items("people", "M", HANNA, "tampere")) == 2
    assert await reading.items("people", "M", HANNA, "turku") == []


async def test_teams_are_shown_as_they_are_on_the_day(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, OTHER_STREAM, AINO_STREAM, ONNI_STREAM)
    tampere = {
        "team_id": str(TEAM),
        "name": "Tampere care",
        "site": "tampere",
        "time_zone": "Europe/Helsinki",
        "supervisor_id": str(SANNA),
        "deputy_id": str(TUULA),
        "disbanded_on": None,
        "members": 2,
    }
    assert await reading.items("teams", "A", AINO, site="tampere") == [tampere]
    reading.it_is(IN_JULY)
    later = {each["name"]: each for each in await reading.items("teams")}
    assert (later["Tampere care"]["supervisor_id"], later["Tampere care"]["deputy_id"]) == (str(HANNA), None)
    assert {name: each["members"] for name, each in later.items()} == {"Tampere care": 0, "Turku care": 1}
    assert later["Turku care"]["disbanded_on"] == "2027-12-31"


async def test_what_was_told_in_between_counts_until_the_day_of_what_was_planned(reading: Reading) -> None:
    sooner = PersonMovedTeam(person_id=AINO, from_team_id=TEAM, to_team_id=THIRD_TEAM, from_day=date(2027, 3, 15))
    now = SupervisorAppointed(team_id=TEAM, supervisor_id=TUULA, since=date(2027, 3, 15))
    await reading.told(
        history(f"onboarding.person-{AINO}", aino_joined, aino_moved, sooner),
        history(f"onboarding.team-{TEAM}", team_formed, sanna_appointed, hanna_appointed, now),
    )
    for day, team, supervisor in ((at(12), TEAM, SANNA), (at(15), THIRD_TEAM, TUULA), (IN_JULY, OTHER_TEAM, HANNA)):
        reading.it_is(day)
        assert (await reading.item("people"))["team_id"] == str(team)
        assert (await reading.item("teams"))["supervisor_id"] == str(supervisor)


async def test_a_team_without_an_appointment_that_counts_has_no_supervisor(reading: Reading) -> None:
    await reading.told(TEAM_STREAM, AINO_STREAM, history(f"onboarding.person-{ONNI}", onni_joined))
    reading.it_is(datetime(2027, 2, 26, 9, tzinfo=WINTER))
    assert (await reading.item("teams"))["supervisor_id"] is None
