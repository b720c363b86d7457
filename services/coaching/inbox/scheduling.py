"""Heard from scheduling: who works when, and what else is in their shifts."""

from typing import Annotated
from uuid import UUID

from shared.core.event import Event, Personal, Shape
from shared.core.types import Instant


class Shift(Shape):
    """A shift; an open one is nobody's."""

    shift_id: UUID
    person_id: UUID | None = None
    starts_at: Instant
    ends_at: Instant
    contact_types: tuple[str, ...]
    place: str


class Holder(Shape):
    """Whose a shift was."""

    shift_id: UUID
    person_id: UUID


class ShiftPlaced(Event, name="scheduling.shift-placed"):
    """A shift is planned."""

    team_id: UUID
    week: str
    shift: Shift


class ShiftChanged(Event, name="scheduling.shift-changed"):
    """A shift is another than it was."""

    team_id: UUID
    week: str
    shift: Shift


class ShiftRemoved(Event, name="scheduling.shift-removed"):
    """A shift is planned no more."""

    shift_id: UUID
    person_id: UUID | None = None


class ShiftPicked(Event, name="scheduling.shift-picked"):
    """Somebody has taken an open shift."""

    team_id: UUID
    week: str
    shift: Shift


class SwapMade(Event, name="scheduling.swap-made"):
    """Shifts have changed hands."""

    team_id: UUID
    week: str
    shifts: tuple[Shift, ...]
    previous: tuple[Holder, ...]


class ShiftReleased(Event, name="scheduling.shift-released"):
    """The person is not in the shift any more."""

    shift: Shift


class PlaceChosen(Event, name="scheduling.place-chosen"):
    """The person works the shift at another place."""

    shift_id: UUID
    person_id: UUID
    place: str


class WeekPublished(Event, name="scheduling.week-published"):
    """The shifts of the week hold."""

    team_id: UUID
    week: str


class ActivityPlaced(Event, name="scheduling.activity-placed"):
    """Something else than contacts has its time in somebody's day."""

    activity_id: UUID
    person_id: UUID
    kind: str
    starts_at: Instant
    minutes: int


class ActivityRemoved(Event, name="scheduling.activity-removed"):
    """It has its time no more."""

    activity_id: UUID
    person_id: UUID


class ActivityDisplaced(Event, name="scheduling.activity-displaced"):
    """Something has taken the time of what `ref` names."""

    activity_id: UUID
    person_id: UUID
    kind: str
    ref: str
    cause: Annotated[str | None, Personal("person_id")]
    cause_ref: str

    def of(self, kind: str) -> UUID | None:
        """The stream of this kind that it stands for; what planners placed by hand stands for none."""
        try:
            return UUID(self.ref) if self.kind == kind else None
        except ValueError:
            return None


ShiftFact = (
    ShiftPlaced | ShiftChanged | ShiftRemoved | ShiftPicked | SwapMade | ShiftReleased | PlaceChosen | WeekPublished
)
ActivityFact = ActivityPlaced | ActivityRemoved | ActivityDisplaced
