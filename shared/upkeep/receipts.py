"""Receipts of facts that were put back: of policies and deadlines, where the id of the command can be told.

A policy's commands on one fact are numbered: those that brought facts get the lowest numbers. That is right for all
policies that ask one thing at a time; where a command before another brought nothing, the later one may be decided
again. A deadline's id needs the key of its row: it is told where the row, back from the copy too, is the only one of
its fact. Refusals and answers without facts are not on the topic: these are decided again.
"""

from typing import Any
from uuid import UUID

from shared.core.ids import derive
from shared.store.database import Driver

_COMMANDS = """with commands as (
        select tenant, stream, actor, causation_id, recorded_at, max(version) as version,
               min(position) as first, max(position) as last
        from facts where causation_id is not null and (starts_with(actor, 'policy:') or starts_with(actor, 'deadline:'))
        group by tenant, stream, actor, correlation_id, causation_id, recorded_at
    ), numbered as (
        select *, row_number() over (partition by tenant, actor, causation_id order by first) - 1 as number
        from commands
    ), kept as (
        select tenant, deadline, fact_id, min(key) as key from deadlines
        group by tenant, deadline, fact_id having count(*) = 1
    )
    select n.*, k.key from numbered n left join kept k
        on k.tenant = n.tenant and k.fact_id = n.causation_id and n.actor = 'deadline:' || k.deadline
    where n.first > $1 order by n.first"""
_WRITE = """insert into receipts (tenant, command_id, stream, version, position, first, last, asked_by)
    values ($1, $2, $3, $4, $6, $5, $6, $7) on conflict do nothing"""
_PAGE = 1000


async def write(driver: Driver, after: int) -> int:
    """For the facts after a position, inside the caller's transaction. Answers how many there are."""
    count = 0
    cursor = await driver.cursor(_COMMANDS, after)
    while rows := await cursor.fetch(_PAGE):
        receipts = [_receipt(row, command) for row in rows if (command := _command_id(row)) is not None]
        await driver.executemany(_WRITE, receipts)
        count += len(receipts)
    return count


def _command_id(row: Any) -> UUID | None:
    kind, _, name = row["actor"].partition(":")
    if kind == "policy":
        return derive("policy", name, row["causation_id"], row["number"])
    return None if row["key"] is None else derive("deadline", name, row["key"], row["causation_id"])


def _receipt(row: Any, command_id: UUID) -> tuple[Any, ...]:
    return row["tenant"], command_id, row["stream"], row["version"], row["first"], row["last"], row["actor"]
