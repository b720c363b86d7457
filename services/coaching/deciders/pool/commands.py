"""What may be asked about a trainer pool."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.coaching.events.shapes import MAX_SHARE, SHARE
from shared.core.decider import Command, example, if_unknown
from shared.core.event import Personal
from shared.core.types import Code, Day, Text60, Text80, Text300, once

POOL = "0195b1c0-0000-7000-8000-000000000d02"
TEAM = "0195b1c0-0000-7000-8000-0000000000b1"
TUULA = "0195b1c0-0000-7000-8000-000000000003"


class OpenPool(Command):
    """Let agents train agents, at a site or in the organisation; people hear of it two weeks before it starts.

    `term_days` is the longest term.
    """

    model_config = example(pool_id=POOL, title="Tampere trainers", announced_on="2027-03-03", starts_on="2027-03-22")
    refused = {
        "announced-too-late": "people hear of it at least 14 days before it starts",
        "pool-exists": "a pool with this id was opened with other terms",
    }
    pool_id: UUID
    title: Text80
    term_days: Annotated[int, Field(ge=28, le=365)] = 183
    max_share: Annotated[int, Field(ge=5, le=60), MAX_SHARE] = 40
    announced_on: Day
    starts_on: Day


class AgreeRules(Command):
    """Write down the rules as agreed with every serving trainer, also for days on which staffing changes."""

    model_config = example(
        pool_id=POOL,
        rules=["A training day is told a week ahead.", "Trainers take contacts on every working day."],
        changing_days_rule="Under 80 % staffing the training moves to the next quiet day of the same week.",
        agreed_by=[TUULA],
    )
    refused = if_unknown("pool") | {"trainer-not-agreed": "somebody who trains now has not agreed to these rules"}
    pool_id: UUID
    rules: Annotated[tuple[Text300, ...], Field(min_length=1, max_length=20)]
    changing_days_rule: Text300
    agreed_by: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200), once()]


class ExpressInterest(Command):
    """Tell that one would like to train others in these topics; other topics keep the place in the queue.

    As many topics as strengths are asked about in a mapping.
    """

    model_config = example(pool_id=POOL, person_id=TUULA, team_id=TEAM, topics=["sales-closing"], on="2027-03-01")
    refused = if_unknown("pool") | {
        "already-serving": "who is a trainer now waits for the next term once this one has ended",
        "in-the-future": "the wait begins today at the latest",
        "in-the-past": "the wait begins on the day it is told",
    }
    pool_id: UUID
    person_id: UUID
    team_id: UUID
    topics: Annotated[tuple[Code, ...], Field(min_length=1, max_length=30), once()]
    on: Day


class WithdrawInterest(Command):
    """Wait for it no longer. Who has left is taken out of the queue by a supervisor or by H."""

    model_config = example(pool_id=POOL, person_id=TUULA)
    refused = if_unknown("pool")
    pool_id: UUID
    person_id: UUID


class DeclineInterest(Command):
    """Tell somebody why not now, and when it is looked at again. The place in the queue is kept."""

    model_config = example(
        pool_id=POOL,
        person_id=TUULA,
        reasons="Two in the team train already this spring; your turn is next.",
        next_review_on="2027-04-26",
    )
    refused = if_unknown("pool") | {
        "in-the-past": "it is looked at again on a day to come",
        "not-interested": "this person does not wait to be a trainer",
        "review-too-late": "it is looked at again within the length of a term",
    }
    pool_id: UUID
    person_id: UUID
    reasons: Annotated[str, Field(min_length=20, max_length=600), Personal("person_id")]
    next_review_on: Day


class AppointTrainer(Command):
    """Appoint somebody who waits, for a term. Who passes over one that has waited longer says why.

    `agreement_ref` is where pay and job description are agreed on, under the collective agreement.
    """

    model_config = example(
        pool_id=POOL,
        person_id=TUULA,
        team_id=TEAM,
        topics=["sales-closing"],
        starts_on="2027-03-22",
        ends_on="2027-09-20",
        share=20,
        agreement_ref="HR 2027/118",
        rules_accepted=True,
    )
    refused = if_unknown("pool") | {
        "agreement-missing": "pay and job description are agreed on first",
        "already-serving": "this person is a trainer now, on other terms",
        "dates-reversed": "the term ends before it starts",
        "longer-waiting": "others have served less or waited longer: say why this one comes first",
        "not-interested": "this person does not wait to be a trainer",
        "rules-not-accepted": "a trainer accepts the rules of the pool",
        "rules-not-agreed": "the pool has no rules yet",
        "share-too-big": "the share of the contract time is bigger than the pool allows",
        "term-too-long": "the term is longer than the pool allows, so that others come too",
    }
    pool_id: UUID
    person_id: UUID
    team_id: UUID
    topics: Annotated[tuple[Code, ...], Field(min_length=1, max_length=10), once()]
    starts_on: Day
    ends_on: Day
    share: Annotated[int, Field(ge=1, le=60), SHARE]
    agreement_ref: Text60 | None = None
    rules_accepted: bool
    fairness_note: Annotated[Text300 | None, Personal("person_id")] = None


class EndTerm(Command):
    """End a trainer's term; a trainer may do so by own wish. On the last evening this happens by itself."""

    model_config = example(pool_id=POOL, person_id=TUULA, reason="own-wish", on="2027-06-30")
    refused = if_unknown("pool") | {
        "not-serving": "this person is no trainer, now or on that day",
        "own-wish-only": "a trainer ends the own term by own wish",
    }
    pool_id: UUID
    person_id: UUID
    reason: Literal["rotation", "own-wish", "agreed", "left"]
    on: Day


PoolCommand = OpenPool | AgreeRules | ExpressInterest | WithdrawInterest | DeclineInterest | AppointTrainer | EndTerm
