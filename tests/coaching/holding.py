"""A session held by the coach right after the talk."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.coaching.deciders.session import ActionToAgree, HoldSession, MatterToPassOn
from services.coaching.events.session import SessionEvent
from services.coaching.events.shapes import GoalValue, NeedRef
from tests.coaching.booking import given
from tests.coaching.cast import (
    ACTION,
    GOAL,
    NEED,
    SANNA,
    SESSION,
    at,
)
from tests.coaching.forms import FORMS
from tests.coaching.sessions import (
    ANSWERS,
    ITEM,
    MESSAGE,
    STARTS,
    carried,
    other_agreed,
    session_booked,
)

AT = at(18, 11)
action = ActionToAgree(
    action_id=ACTION, owner="employee", text="Tries the search by number first.", follow_up_on=date(2027, 4, 1)
)
hold = HoldSession(
    session_id=SESSION,
    held_at=STARTS,
    answers=ANSWERS,
    successes=("Stayed calm with a caller who was not.",),
    challenges=("The search is slow.",),
    actions=(action,),
    needs=(NeedRef(need_id=NEED, topic="crm-search"),),
    reviewed=(carried,),
    progress=(GoalValue(goal_id=GOAL, value=Decimal(3)),),
    passed_on=(MatterToPassOn(item_id=ITEM, text="The search is slow."),),
    messages=(MESSAGE,),
)


class Asking:
    """Asked by the coach right after the talk, with the form published and the other action open."""

    def __init__(self, *facts: SessionEvent) -> None:
        self.scenario = given(session_booked, *facts)

    def when(self, command: HoldSession, *, actor: UUID = SANNA, **told: Any) -> Any:
        reviewed = [(other_agreed,) for _ in command.reviewed]
        asked: dict[str, Any] = {"at": AT, "actor": actor, "form": FORMS, "reviewed": reviewed}
        return self.scenario.when(command, **asked | told)


booked = Asking()
