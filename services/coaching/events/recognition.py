"""What can have happened to a recognition: thanks for something, and a reward that stands on it."""

from typing import Annotated
from uuid import UUID

from shared.core.event import Event, Personal


class RecognitionGiven(Event, name="coaching.recognition-given"):
    """Somebody was thanked, in words that say what for."""

    recognition_id: UUID
    person_id: UUID
    team_id: UUID
    kind: str
    text: Annotated[str | None, Personal("person_id")]
    public: bool
    ref: UUID | None = None


class RewardGranted(Event, name="coaching.reward-granted"):
    """What somebody was thanked for is rewarded too."""

    recognition_id: UUID
    person_id: UUID
    team_id: UUID
    reward: str
    value_cents: int | None = None
    value_minutes: int | None = None
    note: Annotated[str | None, Personal("person_id")] = None


RecognitionEvent = RecognitionGiven | RewardGranted
