"""What may be asked about a coaching session until it is held."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.coaching.events.session import SessionKind, Side
from services.coaching.events.shapes import Place
from shared.core.decider import Command, example, if_over, if_unknown
from shared.core.event import Personal
from shared.core.types import Instant, Text200, Text300

SESSION = "0195b1c0-0000-7000-8000-0000000000f1"
SANNA = "0195b1c0-0000-7000-8000-000000000002"
EMPLOYEE = Personal("employee_id")

MoveReason = Literal["illness", "absence", "emergency", "service-breakdown", "shift-changed", "employee-wish", "busy"]
Minutes = Annotated[int, Field(ge=15, le=120)]
NO_SESSION = if_unknown("session") | if_over("session")


class BookSession(Command):
    """Book a conversation. One that came unplanned is booked afterwards, and held."""

    model_config = example(
        session_id=SESSION,
        employee_id="0195b1c0-0000-7000-8000-000000000001",
        coach_id=SANNA,
        form_id="0195b1c0-0000-7000-8000-0000000000d1",
        kind="regular",
        starts_at="2027-03-18T10:00:00+02:00",
        minutes=45,
        place="site",
    )
    refused = {
        "beyond-horizon": "nothing is booked more than 26 weeks ahead",
        "coach-is-employee": "nobody coaches themselves",
        "form-unpublished": "there is no such published form to talk through",
        "in-the-past": "it lies further back than a talk is written down afterwards",
        "plan-not-open": "the person has no coaching plan that is open on that day, or it is paused",
        "session-exists": "a session with this id was booked with other fields",
    }
    session_id: UUID
    employee_id: UUID
    coach_id: UUID
    form_id: UUID
    kind: SessionKind
    starts_at: Instant
    minutes: Minutes
    place: Place


class PrepareSession(Command):
    """Say what one of the two wants to talk about; said anew, the newest counts."""

    model_config = example(session_id=SESSION, side="employee", topics=["The search", "Evening shifts"])
    refused = NO_SESSION | {"not-a-party": "the employee and the coach prepare, each their own side"}
    session_id: UUID
    side: Side
    topics: Annotated[tuple[Text200, ...], Field(min_length=1, max_length=5), EMPLOYEE]


class HandOverSession(Command):
    """Let somebody else hold the session."""

    model_config = example(session_id=SESSION, coach_id="0195b1c0-0000-7000-8000-000000000003")
    refused = NO_SESSION | {"coach-is-employee": "nobody coaches themselves"}
    session_id: UUID
    coach_id: UUID


class MoveSession(Command):
    """Move the session, which is the last resort; or keep its time after something else had taken it."""

    model_config = example(
        session_id=SESSION, starts_at="2027-03-22T10:00:00+02:00", reason="illness", note="Back on Monday."
    )
    refused = NO_SESSION | {
        "beyond-horizon": "nothing is booked more than 26 weeks ahead",
        "in-the-past": "a session is moved to a time to come",
        "moved-too-far": "a session is held within some weeks of its first time",
        "moved-too-often": "the session was moved as often as it may be: hold it, or cancel it with the reason",
        "not-a-party": "the employee or the coach moves a session; others take it over first",
        "not-last-resort": "being busy or a wish moves a session once, a week ahead",
    }
    session_id: UUID
    starts_at: Instant
    reason: Annotated[MoveReason, EMPLOYEE]
    note: Annotated[Text300 | None, EMPLOYEE] = None


class NoteClash(Command):
    """Note that something else has taken the time of the session."""

    model_config = example(session_id=SESSION, clash="0195b1c0-0000-7000-8000-0000000000f9", cause="absence")
    refused = if_unknown("session")
    session_id: UUID
    clash: UUID
    cause: Annotated[str | None, EMPLOYEE]


class CancelSession(Command):
    """Hold the session not at all."""

    model_config = example(session_id=SESSION, reason="other", note="Moved to the next series.")
    refused = NO_SESSION | {
        "note-missing": "another reason is told in words",
        "session-held": "the conversation was held: void the record if that is wrong",
    }
    session_id: UUID
    reason: Literal["left", "pause", "replaced", "other"]
    note: Annotated[Text300 | None, EMPLOYEE] = None


class FlagLeftOpen(Command):
    """Tell that nobody has said whether the session was held."""

    model_config = example(session_id=SESSION, starts_at="2027-03-18T10:00:00+02:00")
    refused = if_unknown("session")
    session_id: UUID
    starts_at: Instant
