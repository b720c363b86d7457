"""By when coaching asks something of itself around learning."""

from datetime import date, time
from typing import Any

import pytest

from services.coaching.deadlines.learning import DEADLINES
from services.coaching.deciders.pool import EndTerm
from services.coaching.deciders.round import CloseRound, OpenRound
from services.coaching.deciders.skills import FlagMappingDue
from shared.core.deadline import ORGANISATION, Done, Due, Local
from shared.core.event import Event, event_types
from tests.coaching.cast import TEAM, TUULA
from tests.coaching.test_skills import plan_ended, plan_opened
from tests.coaching.trainers import (
    ASKED_ON,
    CLOSES,
    POOL,
    ROUND,
    TERM_ENDS,
    announced,
    mapping_answered,
    mapping_fell_due,
    round_closed,
    round_opened,
    trainer_appointed,
    trainer_term_ended,
)
from tests.services.envelopes import recorded

EVENING = time(18)


def rows(deadline: str, event: Event) -> Any:
    (found,) = (each for each in DEADLINES if each.name == deadline)
    assert event.event_name in event_types(found.hears)
    return found.rows(event, recorded(event))


def test_a_round_opens_on_its_morning() -> None:
    morning = Local(ASKED_ON, time(8), ORGANISATION)
    assert rows("round-opens", announced) == Due((ROUND,), morning, OpenRound(round_id=ROUND))


@pytest.mark.parametrize("event", [round_opened, round_closed])
def test_an_open_round_is_not_opened(event: Event) -> None:
    assert rows("round-opens", event) == Done((ROUND,))


def test_a_round_closes_on_its_last_evening() -> None:
    evening = Local(CLOSES, EVENING, ORGANISATION)
    assert rows("round-closes", round_opened) == Due((ROUND,), evening, CloseRound(round_id=ROUND))
    assert rows("round-closes", round_closed) == Done((ROUND,))


def test_a_new_person_is_mapped_within_ninety_days() -> None:
    due_on = date(2027, 5, 30)
    flag = FlagMappingDue(person_id=TUULA, due_on=due_on)
    assert rows("first-mapping-due", plan_opened) == Due((TUULA, "first"), Local(due_on, EVENING, TEAM), flag)
    assert rows("first-mapping-due", plan_ended) == Done((TUULA, "first"))


def test_everybody_is_mapped_twice_a_year() -> None:
    due_on = date(2027, 9, 16)
    flag = FlagMappingDue(person_id=TUULA, due_on=due_on)
    assert rows("skills-mapping-due", mapping_answered) == Due((TUULA,), Local(due_on, EVENING, TEAM), flag)


def test_who_is_late_is_told_of_again_a_month_later() -> None:
    due_on = date(2027, 10, 16)
    flag = FlagMappingDue(person_id=TUULA, due_on=due_on)
    assert rows("skills-mapping-due", mapping_fell_due) == Due((TUULA,), Local(due_on, EVENING, TEAM), flag)
    nowhere = mapping_fell_due.model_copy(update={"team_id": None})
    assert rows("skills-mapping-due", nowhere) == Due((TUULA,), Local(due_on, EVENING, ORGANISATION), flag)


def test_the_turn_passes_on_the_last_evening_of_a_term() -> None:
    end = EndTerm(pool_id=POOL, person_id=TUULA, reason="rotation", on=TERM_ENDS)
    assert rows("trainer-rotation-due", trainer_appointed) == Due((POOL, TUULA), Local(TERM_ENDS, EVENING, TEAM), end)
    assert rows("trainer-rotation-due", trainer_term_ended) == Done((POOL, TUULA))


def test_the_names_never_change() -> None:
    """They are part of the ids of the commands."""
    assert [deadline.name for deadline in DEADLINES] == [
        "round-opens",
        "round-closes",
        "first-mapping-due",
        "skills-mapping-due",
        "trainer-rotation-due",
    ]
