"""A trainer pool with Tuula, Dani and Onni, and the mapping round that asked for them, as commands and facts."""

from datetime import date
from typing import Any
from uuid import UUID

from services.coaching.deciders.pool import (
    AgreeRules,
    AppointTrainer,
    DeclineInterest,
    EndTerm,
    ExpressInterest,
    OpenPool,
    WithdrawInterest,
)
from services.coaching.deciders.round import AnnounceRound
from services.coaching.deciders.skills import AnswerMapping, AskForMapping, ConfirmSkill
from services.coaching.events.pool import (
    InterestDeclined,
    InterestExpressed,
    InterestWithdrawn,
    PoolEvent,
    PoolOpened,
    PoolRulesAgreed,
    TrainerAppointed,
    TrainerTermEnded,
)
from services.coaching.events.round import RoundAnnounced, RoundClosed, RoundOpened
from services.coaching.events.shapes import Seat
from services.coaching.events.skills import MappingAnswered, MappingAsked, MappingFellDue, SkillConfirmed, Strength
from tests.coaching.cast import AINO, ONNI, TEAM, TUULA

POOL, ROUND = UUID(int=131), UUID(int=132)
CALLED, ASKED_ON, CLOSES = date(2027, 3, 3), date(2027, 3, 17), date(2027, 3, 31)
TERM_BEGINS, TERM_ENDS = date(2027, 3, 22), date(2027, 9, 20)


def seat(person_id: UUID, team_id: UUID = TEAM) -> Seat:
    return Seat(person_id=person_id, team_id=team_id)


# The round

announce = AnnounceRound(
    round_id=ROUND,
    pool_id=POOL,
    title="Spring mapping",
    why="Who would like to teach, and to learn what?",
    people=(seat(TUULA), seat(AINO)),
    opens_on=ASKED_ON,
    closes_on=CLOSES,
    skills=("listening", "sales-closing"),
)
announced = RoundAnnounced(**dict(announce))
round_opened = RoundOpened(
    round_id=ROUND, pool_id=POOL, people=announce.people, closes_on=CLOSES, skills=announce.skills
)
round_closed = RoundClosed(round_id=ROUND, closed_on=CLOSES)

# The mapping of Tuula

ask = AskForMapping(
    person_id=TUULA, team_id=TEAM, round_id=ROUND, pool_id=POOL, closes_on=CLOSES, skills=announce.skills
)
answer = AnswerMapping(
    person_id=TUULA,
    round_id=ROUND,
    work_history="Ten years of service desks.",
    studies="Business college.",
    strengths=(
        Strength(skill="listening", level=4, can_teach=True),
        Strength(skill="billing", level=2, can_teach=False),
    ),
    trainer_interest=True,
    needs=("sales-closing",),
    needs_text="How to end a call.",
)
confirm = ConfirmSkill(person_id=TUULA, skill="billing", level=3, valid_until=date(2028, 3, 31), evidence="observed")
mapping_asked = MappingAsked(**dict(ask))
mapping_answered = MappingAnswered(
    **dict(answer), team_id=TEAM, pool_id=POOL, answered_on=ASKED_ON, teachable=("listening",)
)
skill_confirmed = SkillConfirmed(**dict(confirm))
mapping_fell_due = MappingFellDue(person_id=TUULA, team_id=TEAM, due_on=date(2027, 9, 16))

# The pool

open_pool = OpenPool(pool_id=POOL, title="Tampere trainers", announced_on=CALLED, starts_on=date(2027, 3, 17))
agree = AgreeRules(
    pool_id=POOL,
    rules=("A training day is told a week ahead.",),
    changing_days_rule="Under 80 % staffing the training moves.",
    agreed_by=(TUULA, ONNI),
)
express = ExpressInterest(pool_id=POOL, person_id=TUULA, team_id=TEAM, topics=("listening",), on=ASKED_ON)
withdraw = WithdrawInterest(pool_id=POOL, person_id=TUULA)
decline = DeclineInterest(
    pool_id=POOL, person_id=TUULA, reasons="Two train already this spring.", next_review_on=date(2027, 4, 26)
)
appoint = AppointTrainer(
    pool_id=POOL,
    person_id=TUULA,
    team_id=TEAM,
    topics=("listening",),
    starts_on=TERM_BEGINS,
    ends_on=TERM_ENDS,
    share=20,
    agreement_ref="HR 2027/118",
    rules_accepted=True,
)
end = EndTerm(pool_id=POOL, person_id=TUULA, reason="agreed", on=date(2027, 6, 30))

pool_opened = PoolOpened(**dict(open_pool))
rules_agreed = PoolRulesAgreed(**dict(agree), version=1)


def expressed(person_id: UUID = TUULA, since: date = ASKED_ON, *topics: str) -> InterestExpressed:
    return InterestExpressed(
        pool_id=POOL, person_id=person_id, team_id=TEAM, topics=topics or ("listening",), waiting_since=since
    )


interest_expressed = expressed()
interest_withdrawn = InterestWithdrawn(pool_id=POOL, person_id=TUULA)
interest_declined = InterestDeclined(**dict(decline))


def appointed(**fields: Any) -> TrainerAppointed:
    told = dict(appoint) | {"term_no": 1} | fields
    told.pop("rules_accepted")
    return TrainerAppointed(**told)


trainer_appointed = appointed()


def term_ended(**fields: Any) -> TrainerTermEnded:
    told: dict[str, Any] = {
        "pool_id": POOL,
        "person_id": TUULA,
        "team_id": TEAM,
        "starts_on": TERM_BEGINS,
        "ended_on": end.on,
        "reason": "agreed",
    }
    return TrainerTermEnded(**told | fields)


trainer_term_ended = term_ended()
IN_QUEUE: tuple[PoolEvent, ...] = (pool_opened, rules_agreed, interest_expressed)
SERVING: tuple[PoolEvent, ...] = (*IN_QUEUE, trainer_appointed)
