"""Heard from scheduling: what happens to the times that were agreed on."""

from typing import Annotated
from uuid import UUID

from shared.core.event import Event, Personal


class ActivityDisplaced(Event, name="scheduling.activity-displaced"):
    """Somebody cannot come to what was planned; `ref` names it in the service that planned it."""

    activity_id: UUID
    person_id: UUID
    kind: str
    ref: str
    cause: Annotated[str | None, Personal("person_id")]
    cause_ref: str


WeekFact = ActivityDisplaced
