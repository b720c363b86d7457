"""A person joins, moves, changes role, leaves, and may join again."""

from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import pytest

from services.onboarding.deciders.person import (
    ChangeRole,
    JoinTeam,
    MoveToTeam,
    PersonCommand,
    RecordLeaving,
    person,
)
from services.onboarding.events.structure import (
    PersonJoinedTeam,
    PersonLeft,
    PersonMovedTeam,
    RoleChanged,
    TeamDisbanded,
    TeamFormed,
)
from shared.testing.scenario import Scenario

AINO = UUID(int=1)
SALES, BILLING, ORDERS = UUID(int=21), UUID(int=22), UUID(int=23)
FIRST_DAY, MAY, JUNE, JULY = date(2027, 3, 8), date(2027, 5, 3), date(2027, 6, 1), date(2027, 7, 1)
given = Scenario(person).given


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone(timedelta(hours=3)))


sales = TeamFormed(team_id=SALES, name="Sales", site="tampere", time_zone="Europe/Helsinki")
billing = sales.model_copy(update={"team_id": BILLING, "name": "Billing"})
sales_disbanded = TeamDisbanded(team_id=SALES, on=JUNE)
billing_disbanded = TeamDisbanded(team_id=BILLING, on=JUNE)

join_sales = JoinTeam(person_id=AINO, team_id=SALES, display_name="Aino", role_code="agent", joined_on=FIRST_DAY)
join_billing = join_sales.model_copy(update={"team_id": BILLING})
move_to_billing = MoveToTeam(person_id=AINO, team_id=BILLING, from_day=JUNE)
become_senior = ChangeRole(person_id=AINO, role_code="senior", since=MAY)
leave_in_july = RecordLeaving(person_id=AINO, last_day=JULY, reason="own-choice")

joined_sales = PersonJoinedTeam(
    person_id=AINO, team_id=SALES, display_name="Aino", role_code="agent", joined_on=FIRST_DAY
)
moved_to_billing = PersonMovedTeam(person_id=AINO, from_team_id=SALES, to_team_id=BILLING, from_day=JUNE)
became_senior = RoleChanged(person_id=AINO, role_code="senior", since=MAY)
left_in_july = PersonLeft(person_id=AINO, team_id=SALES, last_day=JULY, reason="own-choice")


def test_a_person_joins_a_team() -> None:
    given().when(join_sales, team=[sales]).then(joined_sales)


def test_the_stream_is_named_after_the_person() -> None:
    assert person.stream(join_sales) == f"onboarding.person-{AINO}"


@pytest.mark.parametrize("team", [[], [sales, sales_disbanded]], ids=["never formed", "disbanded"])
def test_a_team_that_is_not_there_cannot_be_joined_or_moved_to(team: list[TeamFormed]) -> None:
    given().when(join_sales, team=team).then_rejected("unknown-team")
    given(joined_sales, left_in_july).when(join_sales, team=team).then_rejected("unknown-team")
    given(joined_sales).when(join_billing, team=team).then_rejected("unknown-team")
    given(joined_sales).when(move_to_billing, team=team).then_rejected("unknown-team")


def test_joining_again_changes_nothing() -> None:
    given(joined_sales).when(join_sales, team=[sales]).then_nothing()
    given(joined_sales, became_senior).when(join_sales, team=[sales]).then_nothing()


def test_joining_again_changes_nothing_after_a_move_or_the_end_of_the_team() -> None:
    given(joined_sales, moved_to_billing).when(join_sales, team=[sales], at=noon(JULY)).then_nothing()
    given(joined_sales).when(join_sales, team=[sales, sales_disbanded]).then_nothing()


@pytest.mark.parametrize(
    "corrected",
    [{"display_name": "Aino K."}, {"joined_on": date(2027, 3, 15)}, {"role_code": "trainee"}],
    ids=lambda corrected: next(iter(corrected)),
)
def test_joining_the_same_team_otherwise_corrects_the_record(corrected: dict[str, object]) -> None:
    correction = join_sales.model_copy(update=corrected)
    given(joined_sales).when(correction, team=[sales]).then(joined_sales.model_copy(update=corrected))


def test_a_record_is_corrected_even_while_the_team_ends() -> None:
    given(joined_sales).when(
        join_sales.model_copy(update={"display_name": "Aino K."}), team=[sales, sales_disbanded]
    ).then(joined_sales.model_copy(update={"display_name": "Aino K."}))


def test_a_name_whose_key_was_lost_is_told_anew() -> None:
    erased = joined_sales.model_copy(update={"display_name": None})
    given(erased).when(join_sales, team=[sales]).then(joined_sales)


def test_a_person_is_in_one_team_at_a_time() -> None:
    given(joined_sales).when(join_billing, team=[billing]).then_rejected("already-in-team")


def test_a_move_that_lies_ahead_counts_from_its_day() -> None:
    moving = given(joined_sales, moved_to_billing)
    corrected = join_sales.model_copy(update={"display_name": "Aino K."})
    moving.when(corrected, team=[sales], at=noon(MAY)).then(joined_sales.model_copy(update={"display_name": "Aino K."}))
    moving.when(corrected, team=[sales], at=noon(JUNE)).then_rejected("already-in-team")
    moving.when(join_billing, team=[billing], at=noon(MAY)).then_rejected("already-in-team")


def test_a_correction_leaves_a_move_that_lies_ahead_in_place() -> None:
    renamed = joined_sales.model_copy(update={"display_name": "Aino K."})
    given(joined_sales, moved_to_billing, renamed).when(move_to_billing, team=[billing]).then_nothing()


def test_a_corrected_first_day_leaves_no_stay_behind() -> None:
    too_late = joined_sales.model_copy(update={"joined_on": date(2027, 3, 15)})
    april = MoveToTeam(person_id=AINO, team_id=BILLING, from_day=date(2027, 3, 12))
    moved = moved_to_billing.model_copy(update={"from_day": date(2027, 3, 12)})
    given(too_late, joined_sales).when(april, team=[billing]).then(moved)
    given(too_late, joined_sales, moved).when(leave_in_july).then(left_in_july.model_copy(update={"team_id": BILLING}))


def test_a_move_counts_from_the_corrected_first_day() -> None:
    later = joined_sales.model_copy(update={"joined_on": date(2027, 3, 15)})
    early = MoveToTeam(person_id=AINO, team_id=BILLING, from_day=FIRST_DAY)
    moved = moved_to_billing.model_copy(update={"from_day": date(2027, 3, 15)})
    given(joined_sales, later).when(early, team=[billing]).then(moved)


def test_a_person_moves_to_another_team() -> None:
    given(joined_sales).when(move_to_billing, team=[billing]).then(moved_to_billing)


def test_the_same_move_again_changes_nothing() -> None:
    given(joined_sales, moved_to_billing).when(move_to_billing, team=[billing]).then_nothing()
    given(joined_sales, moved_to_billing).when(move_to_billing, team=[billing, billing_disbanded]).then_nothing()
    given(joined_sales, moved_to_billing, left_in_july).when(move_to_billing, team=[billing]).then_nothing()


def test_nobody_moves_to_the_team_they_are_in() -> None:
    stay = MoveToTeam(person_id=AINO, team_id=SALES, from_day=JUNE)
    given(joined_sales).when(stay, team=[sales]).then_nothing()


def test_a_move_that_lies_ahead_is_taken_back_by_another_for_its_day() -> None:
    stay = MoveToTeam(person_id=AINO, team_id=SALES, from_day=JUNE)
    stayed = PersonMovedTeam(person_id=AINO, from_team_id=BILLING, to_team_id=SALES, from_day=JUNE)
    given(joined_sales, moved_to_billing).when(stay, team=[sales]).then(stayed)
    given(joined_sales, moved_to_billing, stayed).when(move_to_billing, team=[billing]).then(moved_to_billing)


def test_a_move_dated_before_the_first_day_counts_from_that_day() -> None:
    early = MoveToTeam(person_id=AINO, team_id=BILLING, from_day=date(2027, 3, 1))
    moved = PersonMovedTeam(person_id=AINO, from_team_id=SALES, to_team_id=BILLING, from_day=FIRST_DAY)
    given(joined_sales).when(early, team=[billing]).then(moved)
    given(joined_sales, moved).when(early, team=[billing]).then_nothing()


def test_a_person_gets_another_role() -> None:
    given(joined_sales).when(become_senior).then(became_senior)


def test_the_role_a_person_has_is_no_news() -> None:
    given(joined_sales, became_senior).when(become_senior).then_nothing()
    given(joined_sales, became_senior, left_in_july).when(become_senior).then_nothing()
    given(joined_sales).when(ChangeRole(person_id=AINO, role_code="agent", since=FIRST_DAY)).then_nothing()


def test_a_person_leaves() -> None:
    given(joined_sales).when(leave_in_july).then(left_in_july)


def test_a_leaving_names_the_team_of_the_last_day() -> None:
    given(joined_sales, moved_to_billing).when(leave_in_july).then(left_in_july.model_copy(update={"team_id": BILLING}))
    given(joined_sales, moved_to_billing).when(leave_in_july.model_copy(update={"last_day": MAY})).then(
        left_in_july.model_copy(update={"last_day": MAY})
    )


def test_somebody_who_never_came_leaves_the_team_they_would_have_joined() -> None:
    never_came = date(2027, 3, 5)
    given(joined_sales).when(leave_in_july.model_copy(update={"last_day": never_came})).then(
        left_in_july.model_copy(update={"last_day": never_came})
    )


def test_leaving_again_changes_nothing() -> None:
    given(joined_sales, left_in_july).when(leave_in_july).then_nothing()


def test_another_last_day_needs_the_person_back_first() -> None:
    in_june = leave_in_july.model_copy(update={"last_day": JUNE})
    given(joined_sales, left_in_july).when(in_june).then_rejected("already-left")
    given(joined_sales, left_in_july, joined_sales).when(in_june).then(
        left_in_july.model_copy(update={"last_day": JUNE})
    )


def test_a_leaving_recorded_by_mistake_is_put_right_by_joining() -> None:
    given(joined_sales, left_in_july).when(join_sales, team=[sales]).then(joined_sales)


def test_who_left_may_join_again_elsewhere() -> None:
    back = join_billing.model_copy(update={"joined_on": date(2027, 9, 1)})
    joined = joined_sales.model_copy(update={"team_id": BILLING, "joined_on": date(2027, 9, 1)})
    given(joined_sales, left_in_july).when(back, team=[billing]).then(joined)
    to_orders = MoveToTeam(person_id=AINO, team_id=ORDERS, from_day=date(2027, 10, 1))
    moved = PersonMovedTeam(person_id=AINO, from_team_id=BILLING, to_team_id=ORDERS, from_day=date(2027, 10, 1))
    given(joined_sales, left_in_july, joined).when(to_orders, team=[billing]).then(moved)


def test_who_joins_again_has_left_the_teams_and_plans_of_before() -> None:
    september = date(2027, 9, 1)
    back = joined_sales.model_copy(update={"team_id": BILLING, "joined_on": september})
    planned = PersonMovedTeam(person_id=AINO, from_team_id=SALES, to_team_id=ORDERS, from_day=date(2027, 10, 1))
    returned = given(joined_sales, planned, left_in_july, back)
    a_week_later = join_billing.model_copy(update={"joined_on": date(2027, 9, 8)})
    returned.when(a_week_later, team=[billing]).then(back.model_copy(update={"joined_on": date(2027, 9, 8)}))
    returned.when(join_sales, team=[sales]).then_rejected("already-in-team")
    to_orders = MoveToTeam(person_id=AINO, team_id=ORDERS, from_day=date(2027, 8, 30))
    from_the_first_day = planned.model_copy(update={"from_team_id": BILLING, "from_day": september})
    returned.when(to_orders, team=[billing]).then(from_the_first_day)
    returned.when(leave_in_july.model_copy(update={"last_day": date(2027, 12, 31)})).then(
        left_in_july.model_copy(update={"last_day": date(2027, 12, 31), "team_id": BILLING})
    )


def test_a_planned_move_stands_when_a_leaving_was_a_mistake() -> None:
    given(joined_sales, moved_to_billing, left_in_july, joined_sales).when(
        move_to_billing, team=[billing]
    ).then_nothing()


def test_who_leaves_moves_until_the_last_day() -> None:
    leaving = given(joined_sales, left_in_july)
    leaving.when(move_to_billing, team=[billing]).then(moved_to_billing)
    on_the_last_day = moved_to_billing.model_copy(update={"from_day": JULY})
    leaving.when(MoveToTeam(person_id=AINO, team_id=BILLING, from_day=JULY), team=[billing]).then(on_the_last_day)
    leaving.when(MoveToTeam(person_id=AINO, team_id=SALES, from_day=JUNE), team=[sales]).then_nothing()
    leaving.when(move_to_billing, team=[billing, billing_disbanded]).then_rejected("unknown-team")


def test_who_moved_before_the_last_day_leaves_on_it() -> None:
    moved = given(joined_sales, left_in_july, moved_to_billing)
    moved.when(move_to_billing, team=[billing]).then_nothing()
    moved.when(leave_in_july).then_nothing()
    in_august = MoveToTeam(person_id=AINO, team_id=ORDERS, from_day=date(2027, 8, 2))
    moved.when(in_august, team=[billing]).then_rejected("person-left")


def test_nobody_who_has_left_moves_even_where_they_were() -> None:
    stay = MoveToTeam(person_id=AINO, team_id=SALES, from_day=date(2027, 8, 1))
    given(joined_sales, left_in_july).when(stay, team=[sales]).then_rejected("person-left")


def test_nothing_new_happens_to_who_has_left() -> None:
    in_august = MoveToTeam(person_id=AINO, team_id=BILLING, from_day=date(2027, 8, 2))
    given(joined_sales, left_in_july).when(in_august, team=[billing]).then_rejected("person-left")
    given(joined_sales, left_in_july).when(become_senior).then_rejected("person-left")


@pytest.mark.parametrize(
    "command", [move_to_billing, become_senior, leave_in_july], ids=lambda command: type(command).__name__
)
def test_somebody_who_never_joined_is_unknown(command: PersonCommand) -> None:
    given().when(command).then_rejected("unknown-person")
