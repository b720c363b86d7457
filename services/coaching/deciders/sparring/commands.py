"""What may be asked about a sparring."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.coaching.events.shapes import Seat
from shared.core.decider import Command, example
from shared.core.event import Personal
from shared.core.types import Code, Instant, Text200, Text300, Text600

SPARRING = "0195b1c0-0000-7000-8000-000000000a21"
TEAM = "0195b1c0-0000-7000-8000-0000000000b1"
RIIKKA = "0195b1c0-0000-7000-8000-000000000005"


class AskSparring(Command):
    """Ask for a trainer beside one, for one skill."""

    model_config = example(
        sparring_id=SPARRING,
        employee_id=RIIKKA,
        team_id=TEAM,
        skill="sales-closing",
        wish="The moment when the customer hesitates.",
    )
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
    sparring_id: UUID
    pool_id: UUID
    trainer: Seat
    starts_at: Instant
    minutes: Annotated[int, Field(ge=1, le=120)]


class ReturnSparring(Command):
    """Tell that it does not come about at the booked time, so that it is booked anew. An agent names themselves."""

    model_config = example(sparring_id=SPARRING, employee_id=RIIKKA, cause="absence")
    sparring_id: UUID
    employee_id: UUID | None = None
    cause: Annotated[Text200 | None, Personal("employee_id")] = None


class HoldSparring(Command):
    """Tell what was heard in which number of contacts, and the one tip that was given."""

    model_config = example(
        sparring_id=SPARRING,
        held_at="2027-03-30T10:00:00+03:00",
        contacts=3,
        observations=["Asks well, then answers for the customer."],
        tip="After the question, count to three.",
    )
    sparring_id: UUID
    held_at: Instant
    contacts: Annotated[int, Field(ge=1, le=20)]
    observations: Annotated[tuple[Text300, ...], Field(min_length=1, max_length=5)]
    tip: Text600


class RateSparring(Command):
    """Say how useful it was, 1 to 5."""

    model_config = example(sparring_id=SPARRING, useful=5)
    sparring_id: UUID
    useful: Annotated[int, Field(ge=1, le=5)]


class CancelSparring(Command):
    """Give up the sparring. An agent names themselves."""

    model_config = example(sparring_id=SPARRING, employee_id=RIIKKA, reason="employee")
    sparring_id: UUID
    employee_id: UUID | None = None
    reason: Literal["staffing", "employee", "trainer", "other"]


SparringCommand = AskSparring | BookSparring | ReturnSparring | HoldSparring | RateSparring | CancelSparring
