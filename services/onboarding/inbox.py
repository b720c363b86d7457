"""What onboarding hears from coaching: this file is its whole dependency on other services."""

from datetime import date
from uuid import UUID

from shared.core.event import Event, Shape
from shared.core.types import Instant


class Need(Shape):
    """A development need that a session was about."""

    topic: str


class SessionHeld(Event, name="coaching.session-held"):
    """A coaching conversation was held: it counts as coaching of the stage."""

    session_id: UUID
    employee_id: UUID
    held_at: Instant
    needs: tuple[Need, ...]


class SessionVoided(Event, name="coaching.session-voided"):
    """A coaching conversation was recorded by mistake: it counts no more."""

    session_id: UUID
    employee_id: UUID


class SparringHeld(Event, name="coaching.sparring-held"):
    """A colleague sparred with somebody on a skill: it counts as sparring of the stage."""

    sparring_id: UUID
    employee_id: UUID
    skill: str
    held_at: Instant


class TrainingHeld(Event, name="coaching.training-held"):
    """A training was held: it counts as training of the stage for each who attended."""

    training_id: UUID
    skill: str
    attended: tuple[UUID, ...]
    held_at: Instant


class EvaluationRecorded(Event, name="coaching.evaluation-recorded"):
    """Somebody's contacts were evaluated: for a hire it counts as monitoring."""

    evaluation_id: UUID
    subject: str
    subject_id: UUID
    purpose: str
    observed_on: date


class EvaluationVoided(Event, name="coaching.evaluation-voided"):
    """An evaluation was recorded by mistake: it counts no more."""

    evaluation_id: UUID
    subject_id: UUID


Inbox = SessionHeld | SessionVoided | SparringHeld | TrainingHeld | EvaluationRecorded | EvaluationVoided
