"""Who waits to be a trainer: interest is kept until it is withdrawn or met, and a no has its reasons."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from services.coaching.deciders.pool.commands import DeclineInterest, ExpressInterest, WithdrawInterest
from services.coaching.deciders.pool.state import Interest, Open
from services.coaching.events.pool import InterestDeclined, InterestExpressed, InterestWithdrawn, PoolEvent
from shared.core.decider import Asked, Rejected


def express_interest(command: ExpressInterest, pool: Open, asked: Asked) -> Sequence[PoolEvent]:
    """A person tells it today: a wait that could be dated back would be no queue."""
    if pool.serving(command.person_id, asked.day) is not None:
        if not asked.by_person:
            return []
        raise Rejected("already-serving", "who is a trainer now waits for the next term once this one has ended")
    waiting = pool.queue.get(command.person_id)
    if waiting is not None and waiting.expressed.topics == command.topics:
        return []
    if asked.by_person and command.on > asked.day:
        raise Rejected("in-the-future", "the wait begins today at the latest")
    if asked.by_person and command.on < asked.day and waiting is None:
        raise Rejected("in-the-past", "the wait begins on the day it is told")
    told = dict(command)
    told.pop("on")
    since = waiting.expressed.waiting_since if waiting else _begins(command.person_id, command.on, pool)
    return [InterestExpressed(**told, waiting_since=since)]


def _begins(person_id: UUID, on: date, pool: Open) -> date:
    """What was told before the last term ended counts from its end. After one that never began the wait goes on."""
    newest = pool.newest(person_id)
    if newest is not None and not newest.began and newest.waited_since is not None:
        return newest.waited_since
    return max((on, *(term.last_day for term in pool.served(person_id) if term.began)))


def withdraw_interest(command: WithdrawInterest, pool: Open) -> Sequence[PoolEvent]:
    return [InterestWithdrawn(**dict(command))] if command.person_id in pool.queue else []


def decline_interest(command: DeclineInterest, pool: Open, asked: Asked) -> Sequence[PoolEvent]:
    declined = InterestDeclined(**dict(command))
    if waiting_of(command.person_id, pool).declined == declined:
        return []
    if command.next_review_on < asked.day:
        raise Rejected("in-the-past", "it is looked at again on a day to come")
    if command.next_review_on > asked.day + timedelta(days=pool.opened.term_days):
        raise Rejected("review-too-late", "it is looked at again within the length of a term")
    return [declined]


def waiting_of(person_id: UUID, pool: Open) -> Interest:
    if person_id not in pool.queue:
        raise Rejected("not-interested", "this person does not wait to be a trainer")
    return pool.queue[person_id]
