"""What may be asked about a sparring."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.coaching.events.shapes import Seat
from shared.core.decider import Command, example, if_over, if_unknown
from shared.core.event import Personal
from shared.core.types import Code, Instant, Text200, Text300, Text600

SPARRING = "0195b1c0-0000-7000-8000-000000000a21"
TEAM = "0195b1c0-0000-7000-8000-0000000000b1"
RIIKKA = "0195b1c0-0000-7000-8000-000000000005"
NO_SPARRING = if_unknown("sparring") | if_over("sparring")


class AskSparring(Command):
    """Ask for a trainer beside one, for one skill."""

    model_config = example(
        sparring_id=SPARRING,
        employee_id=RIIKKA,
        team_id=TEAM,
        skill="sales-closing",
        wish="The moment when the customer hesitates.",
    )
    refused = {"sparring-exists": "a sparring with this id was asked for otherwise"}
    sparring_id: UUID
    employee_id: UUID
    team_id: UUID
    skill: Code
    need_id: UUID | None = None
    wish: Annotated[Text300 | None, Personal("employee_id")] = None


class BookSparring(Command):
    """Agree on when a trainer of the pool comes: for a quarter to half an hour."""

    model_config = example(
        sparring_id=SPARRING,
        pool_id="0195b1c0-0000-7000-8000-000000000d02",
        trainer={"person_id": "0195b1c0-0000-7000-8000-000000000003", "team_id": TEAM},
        starts_at="2027-03-30T10:00:00+03:00",
        minutes=25,
    )
    refused = NO_SPARRING | {
        "already-booked": "it is booked otherwise: return it first",
        "beyond-horizon": "nothing is booked more than 26 weeks ahead",
        "in-the-past": "it is booked for a time to come",
        "minutes-not-15-30": "a sparring takes a quarter to half an hour",
        "not-a-trainer": "on that day this person is no trainer of the pool",
        "topic-not-taught": "this trainer trains others in other topics",
        "trainer-is-employee": "nobody spars with themselves",
    }
    sparring_id: UUID
    pool_id: UUID
    trainer: Seat
    starts_at: Instant
    minutes: Annotated[int, Field(ge=1, le=120)]


class ReturnSparring(Command):
    """Tell that it does not come about at the booked time, so that it is booked anew. An agent names themselves."""

    model_config = example(sparring_id=SPARRING, employee_id=RIIKKA, cause="absence")
    refused = NO_SPARRING | {"not-the-employee": "this sparring is somebody else's"}
    sparring_id: UUID
    employee_id: UUID | None = None
    cause: Annotated[Text200 | None, Personal("employee_id")] = None


class HoldSparring(Command):
    """Tell what was heard in which number of contacts, and the one tip that was given."""

    model_config = example(
        sparring_id=SPARRING,
        held_at="2027-02-25T10:00:00+02:00",
        contacts=3,
        observations=["Asks well, then answers for the customer."],
        tip="After the question, count to three.",
    )
    refused = NO_SPARRING | {
        "held-in-future": "it has not been held yet",
        "not-booked": "no time was agreed on for it",
        "not-the-trainer": "the trainer who sat beside tells how it went",
    }
    sparring_id: UUID
    held_at: Instant
    contacts: Annotated[int, Field(ge=1, le=20)]
    observations: Annotated[tuple[Text300, ...], Field(min_length=1, max_length=5)]
    tip: Text600


class RateSparring(Command):
    """Say how useful it was, 1 to 5."""

    model_config = example(sparring_id=SPARRING, useful=5)
    refused = NO_SPARRING | {
        "not-held": "it is rated once it was held",
        "not-the-employee": "only who was sparred with says how useful it was",
    }
    sparring_id: UUID
    useful: Annotated[int, Field(ge=1, le=5)]


class CancelSparring(Command):
    """Give up the sparring. An agent names themselves."""

    model_config = example(sparring_id=SPARRING, employee_id=RIIKKA, reason="employee")
    refused = NO_SPARRING | {"not-the-employee": "this sparring is somebody else's"}
    sparring_id: UUID
    employee_id: UUID | None = None
    reason: Literal["staffing", "employee", "trainer", "other"]


SparringCommand = AskSparring | BookSparring | ReturnSparring | HoldSparring | RateSparring | CancelSparring
