"""Heard from feedback: strategy messages, and how far the items of a team are."""

from datetime import date
from uuid import UUID

from shared.core.event import Event, Shape
from shared.core.types import Instant


class Expectation(Shape):
    """What those in a role do in contacts because of a message, and how it shows in the whole."""

    role_code: str
    actions: tuple[str, ...]
    effect: str


class MessagePublished(Event, name="feedback.message-published"):
    """A strategy message is for these teams."""

    message_id: UUID
    title: str
    expectations: tuple[Expectation, ...]
    team_ids: tuple[UUID, ...]


class MessageConcretised(Event, name="feedback.message-concretised"):
    """A team has said what the message means in its own work."""

    message_id: UUID
    team_id: UUID
    actions: tuple[str, ...]
    effect: str


class MessageRead(Event, name="feedback.message-read"):
    """Somebody of the team has read the message."""

    message_id: UUID
    team_id: UUID
    person_id: UUID


class MessageWithdrawn(Event, name="feedback.message-withdrawn"):
    """The message holds no more."""

    message_id: UUID


class FeedbackSubmitted(Event, name="feedback.feedback-submitted"):
    """A piece of feedback is for this team to answer."""

    item_id: UUID
    team_id: UUID
    kind: str
    acknowledge_by: Instant
    decide_by: date


class FeedbackAcknowledged(Event, name="feedback.feedback-acknowledged"):
    """The giver knows that it was received."""

    item_id: UUID


class FeedbackAssigned(Event, name="feedback.feedback-assigned"):
    """Somebody decides on it by this day."""

    item_id: UUID
    decide_by: date


class FeedbackAccepted(Event, name="feedback.feedback-accepted"):
    """It will be done; the giver is told by this day."""

    item_id: UUID
    tell_back_by: date


class FeedbackDeclined(Event, name="feedback.feedback-declined"):
    """It will not be done; the giver is told by this day."""

    item_id: UUID
    tell_back_by: date


class FeedbackDeferred(Event, name="feedback.feedback-deferred"):
    """It is decided on later; the giver is told by this day."""

    item_id: UUID
    until: date
    tell_back_by: date


class FeedbackRevived(Event, name="feedback.feedback-revived"):
    """It is to be decided on again."""

    item_id: UUID
    decide_by: date


class FeedbackToldBack(Event, name="feedback.feedback-told-back"):
    """The giver has been told, for the last time or not."""

    item_id: UUID
    final: bool


class FeedbackClosed(Event, name="feedback.feedback-closed"):
    """Nothing is left to do about it."""

    item_id: UUID


class FeedbackReopened(Event, name="feedback.feedback-reopened"):
    """The giver was not content with the answer."""

    item_id: UUID
    decide_by: date


class FeedbackEscalated(Event, name="feedback.feedback-escalated"):
    """It was left too long, and the next level knows."""

    item_id: UUID
    level: int


class FeedbackWithdrawn(Event, name="feedback.feedback-withdrawn"):
    """The giver has taken it back."""

    item_id: UUID


MessageFact = MessagePublished | MessageConcretised | MessageRead | MessageWithdrawn
ItemFact = (
    FeedbackSubmitted
    | FeedbackAcknowledged
    | FeedbackAssigned
    | FeedbackAccepted
    | FeedbackDeclined
    | FeedbackDeferred
    | FeedbackRevived
    | FeedbackToldBack
    | FeedbackClosed
    | FeedbackReopened
    | FeedbackEscalated
    | FeedbackWithdrawn
)
