"""What may be asked about the record of a coaching session: written down, taken back, seen, added to."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.coaching.deciders.session.commands import EMPLOYEE, NO_SESSION, SESSION
from services.coaching.events.shapes import ActionReview, AgreedAction, Answer, GoalValue, Needs, PassedOn
from shared.core.decider import Command, example
from shared.core.types import Instant, Text300, Text600, Text1000, once

Told = Annotated[tuple[Text300, ...], Field(max_length=10), EMPLOYEE]


class ActionToAgree(AgreedAction):
    text: Annotated[Text300, EMPLOYEE]


class MatterToPassOn(PassedOn):
    text: Annotated[Text600, EMPLOYEE]


HELD: dict[str, Any] = {
    "session_id": SESSION,
    "held_at": "2027-02-26T10:00:00+02:00",
    "answers": [
        {"question": "expected", "text": "To find the customer while they still greet."},
        {"question": "last-goals", "text": "This is our first conversation."},
        {"question": "next-time", "text": "Ask for the number first: it finds the customer at once."},
        {"question": "will-do", "text": "The search by customer number, and we listen in two weeks."},
    ],
    "successes": ["Stayed calm with a caller who was not."],
    "challenges": ["The search is slow."],
    "actions": [
        {
            "action_id": "0195b1c0-0000-7000-8000-0000000000a1",
            "owner": "employee",
            "text": "Tries the search by customer number first.",
            "follow_up_on": "2027-04-01",
        }
    ],
    "needs": [{"need_id": "0195b1c0-0000-7000-8000-0000000000e1", "topic": "crm-search"}],
    "reviewed": [],
    "progress": [],
    "passed_on": [{"item_id": "0195b1c0-0000-7000-8000-0000000000b9", "text": "The search is slow."}],
    "messages": [],
}


class HoldSession(Command):
    """Write down what was said, agreed and gone through: whoever held it. No form means the booked one."""

    model_config = example(**HELD)
    refused = NO_SESSION | {
        "action-exists": "something else was agreed under the same id, also if it was voided since",
        "action-missing": "something is agreed, or carried over from before",
        "answer-missing": "a question is neither answered nor passed over",
        "answer-out-of-scale": "an answer does not fit the scale or the choices of its question",
        "answer-unknown": "a question is answered that the form does not ask, or it is answered twice",
        "carried-too-often": "carried over three times already: do it, split it or drop it",
        "coach-is-employee": "whoever coached writes down what was said",
        "follow-up-in-past": "what was agreed is looked at again on a later day",
        "follow-up-missing": "what is carried over has no later day to look at it again",
        "form-unpublished": "there is no such form that was ever published",
        "held-in-future": "only a conversation that was held is written down",
        "in-the-past": "it was held further back than a talk is written down afterwards, and before the booked time",
        "note-missing": "what is dropped has no reason",
        "session-held": "the session was held with other fields: add a remark, or void it",
        "success-missing": "every conversation names a success",
        "unknown-action": "nothing was agreed with the person under this id",
    }
    session_id: UUID
    form_id: UUID | None = None
    held_at: Instant
    answers: Annotated[tuple[Answer, ...], Field(max_length=40)]
    successes: Told
    challenges: Told
    actions: Annotated[tuple[ActionToAgree, ...], Field(max_length=10), once("action_id")]
    needs: Needs
    reviewed: Annotated[tuple[ActionReview, ...], Field(max_length=20), once("action_id")]
    progress: Annotated[tuple[GoalValue, ...], Field(max_length=10), once("goal_id")]
    passed_on: Annotated[tuple[MatterToPassOn, ...], Field(max_length=5), once("item_id")]
    messages: Annotated[tuple[UUID, ...], Field(max_length=5), once()]


class VoidSession(Command):
    """Take back a session that was recorded by mistake, with what was agreed in it."""

    model_config = example(session_id=SESSION, reason="Written down for the wrong person.")
    refused = NO_SESSION | {
        "not-held": "the conversation has not been held",
        "own-session": "nobody takes back what another has written down about them",
        "void-too-late": "a record is voided within some days; a remark may be added",
    }
    session_id: UUID
    reason: Annotated[str, Field(min_length=10, max_length=300), EMPLOYEE]


class AcknowledgeSession(Command):
    """Say, as the employee, that what was written down has been seen."""

    model_config = example(session_id=SESSION, comment="I would add that the new script helps.")
    refused = NO_SESSION | {
        "not-held": "the conversation has not been held",
        "not-the-employee": "the employee says that it was seen",
    }
    session_id: UUID
    comment: Annotated[Text1000 | None, EMPLOYEE] = None


class RemindAcknowledgement(Command):
    """Remind the employee to look at what was written down."""

    model_config = example(session_id=SESSION)
    session_id: UUID


class AddRemark(Command):
    """Add something to a held session, as one of the two."""

    model_config = example(
        session_id=SESSION, remark_id="0195b1c0-0000-7000-8000-0000000000f5", text="It was the other script."
    )
    refused = NO_SESSION | {
        "not-a-party": "the two who talked add remarks",
        "not-held": "the conversation has not been held",
    }
    session_id: UUID
    remark_id: UUID
    text: Annotated[Text1000, EMPLOYEE]
