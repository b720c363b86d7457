"""The trainer pool of a site or the organisation: opened in good time, with agreed rules, in fair turns."""

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never
from uuid import UUID

from services.coaching.deciders.pool.commands import (
    AgreeRules,
    AppointTrainer,
    DeclineInterest,
    EndTerm,
    ExpressInterest,
    OpenPool,
    PoolCommand,
    WithdrawInterest,
)
from services.coaching.deciders.pool.queue import decline_interest, express_interest, withdraw_interest
from services.coaching.deciders.pool.state import Open, Pool, Unopened, evolve, known
from services.coaching.deciders.pool.terms import appoint_trainer, end_term
from services.coaching.events.pool import PoolEvent, PoolOpened, PoolRulesAgreed
from shared.core.decider import Asked, Decider, Rejected, Seen

NOTICE = timedelta(days=14)


def stream_of(pool_id: UUID) -> str:
    return f"coaching.pool-{pool_id}"


def decide(command: PoolCommand, pool: Pool, seen: Seen, asked: Asked) -> Sequence[PoolEvent]:
    match command:
        case OpenPool():
            return _open(command, pool)
        case AgreeRules():
            return _agree(command, known(pool), asked)
        case ExpressInterest():
            return express_interest(command, known(pool), asked)
        case WithdrawInterest():
            return withdraw_interest(command, known(pool))
        case DeclineInterest():
            return decline_interest(command, known(pool), asked)
        case AppointTrainer():
            return appoint_trainer(command, known(pool))
        case EndTerm():
            return end_term(command, known(pool), asked)
        case _:
            assert_never(command)


def _open(command: OpenPool, pool: Pool) -> Sequence[PoolEvent]:
    opened = PoolOpened(**dict(command))
    if isinstance(pool, Open):
        if pool.opened == opened:
            return []
        raise Rejected("pool-exists", "a pool with this id was opened with other terms")
    if command.starts_on < command.announced_on + NOTICE:
        raise Rejected("announced-too-late", "people hear of it at least 14 days before it starts")
    return [opened]


def _agree(command: AgreeRules, pool: Open, asked: Asked) -> Sequence[PoolEvent]:
    version = 1 if pool.rules is None else pool.rules.version
    agreed = PoolRulesAgreed(**dict(command), version=version)
    if agreed == pool.rules:
        return []
    if missing := set(pool.trainers(asked.day)) - set(command.agreed_by):
        raise Rejected("trainer-not-agreed", f"{len(missing)} who train now have not agreed to these rules")
    return [agreed if pool.rules is None else agreed.model_copy(update={"version": version + 1})]


pool: Decider[PoolCommand, Pool, PoolEvent] = Decider(
    kind="pool",
    commands=PoolCommand,
    events=PoolEvent,
    stream=lambda command: stream_of(command.pool_id),
    initial=Unopened(),
    decide=decide,
    evolve=evolve,
)

__all__ = [
    "AgreeRules",
    "AppointTrainer",
    "DeclineInterest",
    "EndTerm",
    "ExpressInterest",
    "Open",
    "OpenPool",
    "Pool",
    "PoolCommand",
    "WithdrawInterest",
    "pool",
    "stream_of",
]
