"""A team is formed, led and disbanded."""

from datetime import date
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.onboarding.deciders.team import (
    AppointDeputy,
    AppointSupervisor,
    DisbandTeam,
    FormTeam,
    RenameTeam,
    TeamCommand,
    team,
)
from services.onboarding.events.structure import SupervisorAppointed, TeamDisbanded, TeamFormed, TeamRenamed
from shared.testing.scenario import Scenario

TEAM = UUID(int=1)
SANNA, DANI, MARKKU = UUID(int=11), UUID(int=12), UUID(int=13)
MARCH, MAY, JUNE = date(2027, 3, 1), date(2027, 5, 3), date(2027, 6, 1)
given = Scenario(team).given

form_team = FormTeam(team_id=TEAM, name="Invoicing", site="tampere", time_zone="Europe/Helsinki")

formed = TeamFormed(team_id=TEAM, name="Invoicing", site="tampere", time_zone="Europe/Helsinki")
renamed = TeamRenamed(team_id=TEAM, name="Orders")
sanna_leads = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=DANI, since=MARCH)
dani_leads_from_may = SupervisorAppointed(team_id=TEAM, supervisor_id=DANI, since=MAY)
disbanded = TeamDisbanded(team_id=TEAM, on=JUNE)


def appoint(supervisor: UUID, since: date, deputy: UUID | None = None) -> AppointSupervisor:
    return AppointSupervisor(team_id=TEAM, supervisor_id=supervisor, deputy_id=deputy, since=since)


def appoint_deputy(deputy: UUID | None, since: date) -> AppointDeputy:
    return AppointDeputy(team_id=TEAM, deputy_id=deputy, since=since)


def test_a_team_is_formed() -> None:
    given().when(form_team).then(formed)


def test_its_stream_is_named_after_it() -> None:
    assert team.stream(form_team) == f"onboarding.team-{TEAM}"


def test_forming_it_again_changes_nothing() -> None:
    given(formed).when(form_team).then_nothing()


def test_forming_it_again_changes_nothing_after_it_was_renamed_and_disbanded() -> None:
    given(formed, renamed, disbanded).when(form_team).then_nothing()


@pytest.mark.parametrize(("field", "value"), [("name", "Orders"), ("site", "oulu"), ("time_zone", "Europe/Oslo")])
def test_a_known_id_cannot_be_formed_otherwise(field: str, value: str) -> None:
    otherwise = form_team.model_copy(update={field: value})
    given(formed).when(otherwise).then_rejected("team-exists")
    given(formed, disbanded).when(otherwise).then_rejected("team-exists")


@pytest.mark.parametrize("time_zone", ["Europe/Tampere", "localtime", "Factory"])
def test_a_time_zone_is_one_that_exists_and_the_same_everywhere(time_zone: str) -> None:
    with pytest.raises(ValidationError, match="IANA"):
        FormTeam(team_id=TEAM, name="Invoicing", site="tampere", time_zone=time_zone)


def test_a_team_gets_another_name() -> None:
    given(formed).when(RenameTeam(team_id=TEAM, name="Orders")).then(renamed)


def test_the_name_it_has_is_no_news() -> None:
    given(formed).when(RenameTeam(team_id=TEAM, name="Invoicing")).then_nothing()
    given(formed, renamed).when(RenameTeam(team_id=TEAM, name="Orders")).then_nothing()
    given(formed, renamed, disbanded).when(RenameTeam(team_id=TEAM, name="Orders")).then_nothing()


def test_it_may_go_back_to_its_first_name() -> None:
    given(formed, renamed).when(RenameTeam(team_id=TEAM, name="Invoicing")).then(
        TeamRenamed(team_id=TEAM, name="Invoicing")
    )


def test_a_supervisor_is_appointed_with_a_deputy() -> None:
    given(formed).when(appoint(SANNA, MARCH, DANI)).then(sanna_leads)


def test_an_appointment_may_lie_ahead() -> None:
    given(formed, sanna_leads).when(appoint(DANI, MAY)).then(dani_leads_from_may)


def test_an_appointment_told_again_changes_nothing() -> None:
    given(formed, sanna_leads).when(appoint(SANNA, MARCH, DANI)).then_nothing()
    given(formed, sanna_leads, dani_leads_from_may).when(appoint(SANNA, MARCH, DANI)).then_nothing()
    given(formed, sanna_leads, disbanded).when(appoint(SANNA, MARCH, DANI)).then_nothing()


def test_a_later_appointment_for_the_same_day_replaces_the_earlier() -> None:
    sanna_stays = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, since=MAY)
    given(formed, sanna_leads, dani_leads_from_may).when(appoint(SANNA, MAY)).then(sanna_stays)
    given(formed, sanna_leads, dani_leads_from_may, sanna_stays).when(appoint(DANI, MAY)).then(dani_leads_from_may)


def test_nobody_is_the_own_deputy() -> None:
    given(formed).when(appoint(SANNA, MARCH, SANNA)).then_rejected("deputy-is-supervisor")
    given(formed, sanna_leads).when(appoint_deputy(SANNA, MAY)).then_rejected("deputy-is-supervisor")


def test_another_deputy_under_the_same_supervisor() -> None:
    given(formed, sanna_leads).when(appoint_deputy(MARKKU, MAY)).then(
        SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=MARKKU, since=MAY)
    )


def test_no_deputy_any_more() -> None:
    given(formed, sanna_leads).when(appoint_deputy(None, MAY)).then(
        SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, since=MAY)
    )


def test_a_deputy_stands_in_for_who_leads_on_that_day() -> None:
    led = given(formed, sanna_leads, dani_leads_from_may)
    led.when(appoint_deputy(MARKKU, date(2027, 4, 1))).then(
        SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=MARKKU, since=date(2027, 4, 1))
    )
    led.when(appoint_deputy(MARKKU, JUNE)).then(
        SupervisorAppointed(team_id=TEAM, supervisor_id=DANI, deputy_id=MARKKU, since=JUNE)
    )


def test_the_deputy_told_again_changes_nothing() -> None:
    given(formed, sanna_leads).when(appoint_deputy(DANI, MARCH)).then_nothing()
    given(formed, sanna_leads, disbanded).when(appoint_deputy(DANI, MARCH)).then_nothing()


def test_a_planned_deputy_stands_in_for_a_supervisor_appointed_later() -> None:
    planned = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=DANI, since=JUNE)
    markku_leads = SupervisorAppointed(team_id=TEAM, supervisor_id=MARKKU, since=MAY)
    under_markku = planned.model_copy(update={"supervisor_id": MARKKU})
    given(formed, sanna_leads, planned).when(appoint(MARKKU, MAY)).then(markku_leads, under_markku)
    given(formed, sanna_leads, planned, markku_leads, under_markku).when(appoint(MARKKU, MAY)).then_nothing()


def test_a_planned_deputy_who_leads_by_then_is_the_own_deputy_no_more() -> None:
    planned = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=DANI, since=JUNE)
    dani_alone = SupervisorAppointed(team_id=TEAM, supervisor_id=DANI, since=JUNE)
    given(formed, sanna_leads, planned).when(appoint(DANI, MAY)).then(dani_leads_from_may, dani_alone)


def test_who_leads_later_by_an_appointment_of_their_own_stays_appointed() -> None:
    markku_from_june = SupervisorAppointed(team_id=TEAM, supervisor_id=MARKKU, since=JUNE)
    given(formed, sanna_leads, markku_from_june).when(appoint(DANI, MAY)).then(dani_leads_from_may)
    another_deputy = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=MARKKU, since=MAY)
    planned = SupervisorAppointed(team_id=TEAM, supervisor_id=SANNA, deputy_id=DANI, since=JUNE)
    given(formed, sanna_leads, planned).when(appoint(SANNA, MAY, MARKKU)).then(another_deputy)


def test_no_deputy_without_a_supervisor() -> None:
    given(formed).when(appoint_deputy(DANI, MARCH)).then_rejected("supervisor-missing")
    given(formed, dani_leads_from_may).when(appoint_deputy(SANNA, MARCH)).then_rejected("supervisor-missing")


def test_a_team_is_disbanded() -> None:
    given(formed).when(DisbandTeam(team_id=TEAM, on=JUNE)).then(disbanded)


def test_disbanding_it_again_changes_nothing() -> None:
    given(formed, disbanded).when(DisbandTeam(team_id=TEAM, on=JUNE)).then_nothing()


ANYTHING_NEW: list[TeamCommand] = [
    RenameTeam(team_id=TEAM, name="Billing"),
    appoint(MARKKU, MARCH),
    appoint_deputy(MARKKU, MAY),
    DisbandTeam(team_id=TEAM, on=MAY),
]


@pytest.mark.parametrize("command", ANYTHING_NEW, ids=lambda command: type(command).__name__)
def test_a_team_that_was_never_formed_is_unknown(command: TeamCommand) -> None:
    given().when(command).then_rejected("unknown-team")


@pytest.mark.parametrize("command", ANYTHING_NEW, ids=lambda command: type(command).__name__)
def test_nothing_new_happens_to_a_disbanded_team(command: TeamCommand) -> None:
    given(formed, sanna_leads, disbanded).when(command).then_rejected("team-over")
    given(formed, disbanded).when(command).then_rejected("team-over")
