"""Terms of trainers: by agreement, under rules, for a time, and in fair turns."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.coaching.deciders.pool.commands import AppointTrainer, EndTerm
from services.coaching.deciders.pool.queue import waiting_of
from services.coaching.deciders.pool.state import Open
from services.coaching.events.pool import PoolEvent, TrainerAppointed, TrainerTermEnded
from shared.core.decider import Asked, Rejected


def appoint_trainer(command: AppointTrainer, pool: Open) -> Sequence[PoolEvent]:
    served = pool.served(command.person_id)
    if any(_is_told(command, term.appointed) for term in served):
        return []
    if pool.serving(command.person_id, command.starts_on) is not None:
        raise Rejected("already-serving", "this person is a trainer now, on other terms")
    waiting_of(command.person_id, pool)
    _refuse_unagreed(command, pool)
    _refuse_unfit(command, pool)
    _refuse_unfair(command, pool)
    told = dict(command)
    told.pop("rules_accepted")
    return [TrainerAppointed(**told, term_no=len(served) + 1)]


def _is_told(command: AppointTrainer, appointed: TrainerAppointed) -> bool:
    return all(getattr(appointed, field) == value for field, value in command if field != "rules_accepted")


def _refuse_unagreed(command: AppointTrainer, pool: Open) -> None:
    if command.agreement_ref is None:
        raise Rejected("agreement-missing", "pay and job description are agreed on first")
    if pool.rules is None:
        raise Rejected("rules-not-agreed", "the pool has no rules yet")
    if not command.rules_accepted:
        raise Rejected("rules-not-accepted", "a trainer accepts the rules of the pool")


def _refuse_unfit(command: AppointTrainer, pool: Open) -> None:
    if command.share > pool.opened.max_share:
        raise Rejected("share-too-big", f"a trainer trains {pool.opened.max_share} % of the contract time at most")
    if (command.ends_on - command.starts_on).days >= pool.opened.term_days:
        raise Rejected("term-too-long", f"a term takes {pool.opened.term_days} days at most, so that others come too")
    if command.ends_on < command.starts_on:
        raise Rejected("dates-reversed", "the term ends before it starts")


def _refuse_unfair(command: AppointTrainer, pool: Open) -> None:
    if command.fairness_note is not None:
        return
    mine = _turn(command.person_id, pool)
    earlier = [
        person_id
        for person_id, interest in pool.queue.items()
        if set(interest.expressed.topics) & set(command.topics) and _turn(person_id, pool) < mine
    ]
    if earlier:
        raise Rejected(
            "longer-waiting", f"{len(earlier)} have served less or waited longer: say why this one comes first"
        )


def _turn(person_id: UUID, pool: Open) -> tuple[int, date]:
    """Who has served fewer terms comes first, then who has waited longer."""
    served = sum(term.began for term in pool.served(person_id))
    return served, pool.queue[person_id].expressed.waiting_since


def end_term(command: EndTerm, pool: Open, asked: Asked) -> Sequence[PoolEvent]:
    term = pool.newest(command.person_id)
    if term is None or term.ended is not None or (asked.by == "deadline" and term.appointed.ends_on != command.on):
        if asked.by == "deadline" or _is_ended_so(command, pool):
            return []
        raise Rejected("not-serving", "this person is no trainer now")
    if asked.by_person and command.on > term.appointed.ends_on:
        raise Rejected("not-serving", f"the term ends on {term.appointed.ends_on} anyway")
    if asked.actor == str(command.person_id) and command.reason != "own-wish":
        raise Rejected("own-wish-only", "a trainer ends the own term by own wish")
    return [
        TrainerTermEnded(
            pool_id=command.pool_id,
            person_id=command.person_id,
            team_id=term.appointed.team_id,
            starts_on=term.appointed.starts_on,
            ended_on=command.on,
            reason=command.reason,
        )
    ]


def _is_ended_so(command: EndTerm, pool: Open) -> bool:
    ends = (term.ended for term in pool.served(command.person_id))
    return any(ended is not None and (ended.ended_on, ended.reason) == (command.on, command.reason) for ended in ends)
