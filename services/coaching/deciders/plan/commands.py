"""What may be asked about a coaching plan."""

from datetime import timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from services.coaching.deciders.plan.state import PLAN_NOT_OPEN
from services.coaching.events.shapes import INTERVAL, MET_BY, MOST_NEEDS, ORIGIN, ORIGIN_REF, NeedRef, Needs, Place
from shared.core.decider import Command, example, if_unknown
from shared.core.event import Personal
from shared.core.types import Code, Day, Instant, Text600, once

AINO = "0195b1c0-0000-7000-8000-000000000001"
SANNA = "0195b1c0-0000-7000-8000-000000000002"
TEAM = "0195b1c0-0000-7000-8000-0000000000b1"
SESSION = "0195b1c0-0000-7000-8000-0000000000f1"
NEED = {"need_id": "0195b1c0-0000-7000-8000-0000000000e1", "topic": "crm-search"}

LONGEST_PAUSE = timedelta(days=365)
NO_OPEN_PLAN = if_unknown("plan") | PLAN_NOT_OPEN


class OpenPlan(Command):
    """Coach a person from this day on."""

    model_config = example(person_id=AINO, team_id=TEAM, from_day="2027-03-08", interval_days=30, seq=1)
    person_id: UUID
    team_id: UUID
    from_day: Day
    interval_days: Annotated[int, Field(ge=7, le=31), INTERVAL] = 30
    seq: int


class MovePlan(Command):
    """Let the plan follow the person to another team."""

    model_config = example(person_id=AINO, team_id="0195b1c0-0000-7000-8000-0000000000b2", from_day="2027-06-01", seq=2)
    refused = if_unknown("plan")
    person_id: UUID
    team_id: UUID
    from_day: Day
    seq: int


class SetCadence(Command):
    """Coach a person more often, or less; once a month at least."""

    model_config = example(person_id=AINO, interval_days=14)
    refused = NO_OPEN_PLAN | {
        "too-often": "the days between two sessions are fewer than the least",
        "too-rare": "the days between two sessions are more than everybody is coached within",
    }
    person_id: UUID
    interval_days: Annotated[int, Field(ge=1, le=366), INTERVAL]


class PlanSeries(Command):
    """Plan sessions at the same time of day, some days apart."""

    model_config = example(
        person_id=AINO,
        coach_id=SANNA,
        form_id="0195b1c0-0000-7000-8000-0000000000d1",
        first="2027-03-18T10:00:00+02:00",
        every_days=28,
        count=3,
        minutes=45,
        place="site",
    )
    refused = NO_OPEN_PLAN | {
        "beyond-horizon": "nothing is booked more than 26 weeks ahead",
        "coach-is-employee": "nobody coaches themselves",
        "form-unpublished": "there is no such published form to talk through",
        "in-the-past": "a series begins later than now",
        "plan-not-open": "the person has no coaching plan that is open, or it is paused on one of the days",
    }
    person_id: UUID
    coach_id: UUID
    form_id: UUID
    first: Instant
    every_days: Annotated[int, Field(ge=7, le=31)]
    count: Annotated[int, Field(ge=2, le=12)]
    minutes: Annotated[int, Field(ge=15, le=120)]
    place: Place


class ChangeCoach(Command):
    """Let somebody else coach the person from this day; what is booked from then on is handed over."""

    model_config = example(person_id=AINO, coach_id="0195b1c0-0000-7000-8000-000000000003", from_day="2027-04-01")
    refused = NO_OPEN_PLAN | {
        "coach-is-employee": "nobody coaches themselves",
    }
    person_id: UUID
    coach_id: UUID
    from_day: Day


class NoteBooking(Command):
    """Note that a session is booked for this time."""

    model_config = example(person_id=AINO, session_id=SESSION, starts_at="2027-03-18T10:00:00+02:00", seq=1)
    refused = if_unknown("plan")
    person_id: UUID
    session_id: UUID
    starts_at: Instant
    seq: int


class DropBooking(Command):
    """Note that a session will not be held."""

    model_config = example(person_id=AINO, session_id=SESSION, seq=2)
    refused = if_unknown("plan")
    person_id: UUID
    session_id: UUID
    seq: int


class CountSession(Command):
    """Count a held session, and meet the needs it was about."""

    model_config = example(person_id=AINO, session_id=SESSION, held_on="2027-03-18", needs=[NEED])
    person_id: UUID
    session_id: UUID
    held_on: Day
    needs: Needs


class UncountSession(Command):
    """Count a session no more."""

    model_config = example(person_id=AINO, session_id=SESSION)
    refused = if_unknown("plan")
    person_id: UUID
    session_id: UUID


class RaiseNeed(Command):
    """Tell of something the person wants to learn, or should."""

    model_config = example(
        person_id=AINO,
        **NEED,
        origin="self",
        note="The search takes me longer than the customer's patience.",
    )
    person_id: UUID
    need_id: UUID
    topic: Code
    origin: Annotated[Literal["check", "mapping", "stall", "evaluation", "self", "supervisor"], ORIGIN]
    origin_ref: Annotated[UUID | None, ORIGIN_REF] = None
    note: Annotated[Text600 | None, Personal("person_id")] = None


class MeetNeeds(Command):
    """Tell that needs were taken care of, by what `ref` names."""

    model_config = example(person_id=AINO, needs=[NEED], ref="0195b1c0-0000-7000-8000-0000000000f2")
    refused = if_unknown("plan")
    person_id: UUID
    needs: Annotated[tuple[NeedRef, ...], Field(min_length=1, max_length=MOST_NEEDS), once("need_id")]
    ref: Annotated[UUID, MET_BY]


class NoteWhatMatters(Command):
    """Write down what matters to the person at work; the newest text counts."""

    model_config = example(person_id=AINO, text="To be the one others ask about billing.")
    refused = if_unknown("plan")
    person_id: UUID
    text: Annotated[Text600, Personal("person_id")]


class PausePlan(Command):
    """Coach the person not on these days; told with other days, the person comes back earlier or later."""

    model_config = example(person_id=AINO, from_day="2027-06-01", until_day="2027-08-31", reason="study")
    refused = NO_OPEN_PLAN | {
        "dates-reversed": "a pause ends on its first day at the earliest",
    }
    person_id: UUID
    from_day: Day
    until_day: Day
    reason: Annotated[Literal["leave", "study", "other"], Personal("person_id")]

    @model_validator(mode="after")
    def _not_for_ever(self) -> Self:
        if self.until_day - self.from_day > LONGEST_PAUSE:
            raise ValueError(f"a pause takes {LONGEST_PAUSE.days} days at most")
        return self


class FlagMissing(Command):
    """Tell that the due day has passed without a session."""

    model_config = example(person_id=AINO, due_on="2027-04-07")
    refused = if_unknown("plan")
    person_id: UUID
    due_on: Day


class EndPlan(Command):
    """Coach the person no more after this day."""

    model_config = example(person_id=AINO, on="2027-12-31", seq=5)
    refused = if_unknown("plan")
    person_id: UUID
    on: Day
    seq: int


PlanCommand = (
    OpenPlan
    | MovePlan
    | SetCadence
    | PlanSeries
    | ChangeCoach
    | NoteBooking
    | DropBooking
    | CountSession
    | UncountSession
    | RaiseNeed
    | MeetNeeds
    | NoteWhatMatters
    | PausePlan
    | FlagMissing
    | EndPlan
)
