"""One person's skills: asked about, told, confirmed, due again."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.coaching.deciders.skills import FlagMappingDue, skills
from services.coaching.events.plan import PlanEnded, PlanOpened
from services.coaching.events.skills import MappingAsked, MappingFellDue, SkillConfirmed, Strength
from shared.testing.scenario import Scenario
from tests.coaching.cast import MONDAY, SANNA, TEAM, TUULA, at, changed
from tests.coaching.trainers import (
    ASKED_ON,
    announce,
    answer,
    ask,
    confirm,
    mapping_answered,
    mapping_asked,
    skill_confirmed,
)

given = Scenario(skills).given
NOW: dict[str, Any] = {"at": at(17), "actor": TUULA}
DUE = date(2027, 9, 16)
flag = FlagMappingDue(person_id=TUULA, due_on=DUE)
plan_opened = PlanOpened(
    person_id=TUULA, team_id=TEAM, from_day=MONDAY, interval_days=30, next_due_on=date(2027, 3, 31), seq=1
)
plan_ended = PlanEnded(person_id=TUULA, on=date(2027, 6, 30), session_ids=(), seq=2)
fell_due = MappingFellDue(person_id=TUULA, team_id=TEAM, due_on=DUE)


def test_a_person_is_asked_once_in_a_round() -> None:
    assert skills.stream(ask) == f"coaching.skills-{TUULA}"
    given().when(ask, by="policy").then(mapping_asked)
    given(mapping_asked).when(ask, by="policy").then_nothing()


def test_a_person_answers_and_may_answer_anew() -> None:
    given(mapping_asked).when(answer, **NOW).then(mapping_answered)
    given(mapping_asked, mapping_answered).when(answer, **NOW).then_nothing()
    given(mapping_asked, mapping_answered).when(answer, **NOW | {"at": at(1, month=5)}).then_nothing()
    next_day = changed(answer, trainer_interest=False)
    given(mapping_asked, mapping_answered).when(next_day, **NOW | {"at": at(18)}).then(
        mapping_answered.model_copy(update={"trainer_interest": False, "answered_on": date(2027, 3, 18)})
    )


def test_only_what_is_asked_is_answered_and_in_time() -> None:
    given().when(answer, **NOW).then_rejected("unknown-skills")
    given(skill_confirmed).when(answer, **NOW).then_rejected("not-asked")
    given(fell_due).when(answer, **NOW).then_rejected("not-asked")
    given(mapping_asked).when(answer, **NOW | {"at": at(31)}).then(
        mapping_answered.model_copy(update={"answered_on": date(2027, 3, 31)})
    )
    given(mapping_asked).when(answer, **NOW | {"at": at(1, month=4)}).then_rejected("mapping-closed")


def test_who_teaches_masters_it_alone() -> None:
    beginner = Strength(skill="listening", level=2, can_teach=True)
    given(mapping_asked).when(changed(answer, strengths=(beginner,)), **NOW).then_rejected("teach-without-level")
    with pytest.raises(ValidationError, match="names something twice"):
        changed(answer, strengths=(beginner, beginner))


def test_somebody_else_confirms_a_skill() -> None:
    given().when(confirm, actor=SANNA).then(skill_confirmed)
    given(skill_confirmed).when(confirm, actor=SANNA).then_nothing()
    better = changed(confirm, level=4)
    given(skill_confirmed).when(better, actor=SANNA).then(SkillConfirmed(**dict(better)))
    given().when(confirm, actor=TUULA).then_rejected("own-skill")
    past = changed(confirm, valid_until=date(2027, 2, 28))
    given().when(past, actor=SANNA).then_rejected("in-the-past")


def test_a_mapping_falls_due_half_a_year_after_the_last_answer() -> None:
    answered = mapping_answered.model_copy(update={"answered_on": ASKED_ON})
    given(mapping_asked, answered).when(flag, by="deadline").then(fell_due)
    given(mapping_asked, answered, fell_due).when(flag, by="deadline").then_nothing()
    again = answered.model_copy(update={"answered_on": date(2027, 3, 18)})
    given(mapping_asked, again).when(flag, by="deadline").then_nothing()


def test_the_mapping_of_somebody_who_was_never_asked_falls_due_too() -> None:
    given().when(flag, by="deadline").then(fell_due.model_copy(update={"team_id": None}))
    given().when(flag, by="deadline", plan=[plan_opened]).then(fell_due)


def test_the_mapping_of_somebody_who_left_does_not_fall_due() -> None:
    given(mapping_asked).when(flag, by="deadline", plan=[plan_opened, plan_ended]).then_nothing()


def test_an_answer_to_an_older_round_makes_nobody_late() -> None:
    """The newest answer counts, whichever round it was to."""
    autumn = changed(ask, round_id=announce.pool_id)
    later = mapping_answered.model_copy(update={"round_id": autumn.round_id, "answered_on": date(2027, 9, 1)})
    given(mapping_asked, MappingAsked(**dict(autumn)), later, mapping_answered).when(flag, by="deadline").then_nothing()
