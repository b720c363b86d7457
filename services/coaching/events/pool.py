"""What can have happened in a trainer pool: who wants to train, who does, by which rules, for how long."""

from datetime import date
from typing import Annotated
from uuid import UUID

from services.coaching.events.shapes import MAX_SHARE, SHARE
from shared.core.event import Event, Personal


class PoolOpened(Event, name="coaching.pool-opened"):
    """Agents may train agents from this day on, told in good time."""

    pool_id: UUID
    title: str
    term_days: int
    max_share: Annotated[int, MAX_SHARE]
    announced_on: date
    starts_on: date


class PoolRulesAgreed(Event, name="coaching.pool-rules-agreed"):
    """The rules of training hold as agreed with the trainers, also for days on which staffing changes."""

    pool_id: UUID
    version: int
    rules: tuple[str, ...]
    changing_days_rule: str
    agreed_by: tuple[UUID, ...]


class InterestExpressed(Event, name="coaching.interest-expressed"):
    """A person would like to train others in these topics, and has waited for it since then."""

    pool_id: UUID
    person_id: UUID
    team_id: UUID
    topics: tuple[str, ...]
    waiting_since: date


class InterestWithdrawn(Event, name="coaching.interest-withdrawn"):
    """A person no longer waits to be a trainer."""

    pool_id: UUID
    person_id: UUID


class InterestDeclined(Event, name="coaching.interest-declined"):
    """Not now, for these reasons; it is looked at again on this day, and the place in the queue is kept."""

    pool_id: UUID
    person_id: UUID
    reasons: Annotated[str | None, Personal("person_id")]
    next_review_on: date


class TrainerAppointed(Event, name="coaching.trainer-appointed"):
    """A person trains others for a term, for a share of the contract time, under an agreement."""

    pool_id: UUID
    person_id: UUID
    team_id: UUID
    topics: tuple[str, ...]
    starts_on: date
    ends_on: date
    share: Annotated[int, SHARE]
    term_no: int
    agreement_ref: str
    fairness_note: Annotated[str | None, Personal("person_id")] = None


class TrainerTermEnded(Event, name="coaching.trainer-term-ended"):
    """A trainer's term ended; somebody else's turn comes."""

    pool_id: UUID
    person_id: UUID
    team_id: UUID
    starts_on: date
    ended_on: date
    reason: str


PoolEvent = (
    PoolOpened
    | PoolRulesAgreed
    | InterestExpressed
    | InterestWithdrawn
    | InterestDeclined
    | TrainerAppointed
    | TrainerTermEnded
)
