"""What can have happened to an agreed action: something one of the two will do."""

from datetime import date
from typing import Annotated
from uuid import UUID

from shared.core.event import Event, Personal

EMPLOYEE = Personal("employee_id")


class ActionAgreed(Event, name="coaching.action-agreed"):
    """Somebody will do something, and the two look at it again on this day."""

    action_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    session_id: UUID | None = None
    owner: str
    text: Annotated[str | None, EMPLOYEE]
    follow_up_on: date
    goal_id: UUID | None = None


class ActionDone(Event, name="coaching.action-done"):
    """What was agreed is done."""

    action_id: UUID
    employee_id: UUID
    on: date
    note: Annotated[str | None, EMPLOYEE] = None


class ActionCarriedOver(Event, name="coaching.action-carried-over"):
    """The two look at it again on a later day."""

    action_id: UUID
    employee_id: UUID
    team_id: UUID
    times: int
    follow_up_on: date
    note: Annotated[str | None, EMPLOYEE] = None


class ActionDropped(Event, name="coaching.action-dropped"):
    """It will not be done, for a reason."""

    action_id: UUID
    employee_id: UUID
    note: Annotated[str | None, EMPLOYEE]


class ActionFellDue(Event, name="coaching.action-fell-due"):
    """The day to look at it again has come and passed."""

    action_id: UUID
    employee_id: UUID
    coach_id: UUID
    team_id: UUID
    follow_up_on: date


ActionEvent = ActionAgreed | ActionDone | ActionCarriedOver | ActionDropped | ActionFellDue
