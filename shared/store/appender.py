"""Appending: one call of the server-side function for all commands that wait, under one lock, in one transaction."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from shared.core.decider import Asked
from shared.store.grouping import Grouping
from shared.store.held import HeldConnection
from shared.store.store import offset_of
from shared.telemetry.metrics import APPEND_GROUP, APPEND_SECONDS, STORE_HEAD

_APPEND = """select * from append(
    $1::text[], $2::text[], $3::int[], $4::uuid[], $5::bytea[], $6::timestamptz[], $7::smallint[], $8::text[],
    $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
    $16::int[], $17::text[], $18::uuid[], $19::text[])"""


_REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.ProgramLimitExceededError)


class NewFact(NamedTuple):
    name: str
    id: UUID
    data: str


class Append(NamedTuple):
    """One command's facts, to follow `expected` in `stream`. `hash` None: the id alone tells a repeat."""

    tenant: str
    stream: str
    expected: int
    command_id: UUID
    hash: bytes | None
    asked: Asked
    correlation_id: UUID
    causation_id: UUID | None
    traceparent: str | None
    command: str
    facts: Sequence[NewFact]
    refused: str | None = None
    reason: str | None = None


class Outcome(NamedTuple):
    """`outcome` is appended, repeated (the first answer follows), reused (the id, for something else) or moved."""

    ordinal: int
    outcome: str
    version: int
    position: int
    first: int | None
    last: int | None
    refused: str | None
    reason: str | None
    recorded_at: object


class Appender:
    """When the connection breaks during the call, the same group with the same ids is asked again on a new one: the
    lock puts it behind the lost one, and the receipts answer.
    """

    def __init__(self, held: HeldConnection, service: str) -> None:
        self._held = held
        self._seconds, self._size = APPEND_SECONDS.labels(service), APPEND_GROUP.labels(service)
        self._head = STORE_HEAD.labels(service)
        self._group: Grouping[Append, Outcome] = Grouping(self._append, _keys)

    async def append(self, append: Append) -> Outcome:
        """Raises OutcomeUnknown when the database is away too long, and what the database says of data it refuses."""
        return await self._group.ask(append)

    async def close(self) -> None:
        await self._group.drained()
        await self._held.close()

    async def _append(self, group: Sequence[Append]) -> Sequence[Outcome | Exception]:
        self._size.observe(len(group))
        try:
            with self._seconds.time():
                rows = await self._held.fetch(_APPEND, *_columns(group))
        except _REFUSED as error:
            if len(group) == 1:
                return [error]
            return [(await self._append([append]))[0] for append in group]
        outcomes = [Outcome(*row) for row in rows]
        self._head.set(max(outcome.position for outcome in outcomes))
        return outcomes


def _keys(append: Append) -> tuple[object, object]:
    return (append.tenant, append.stream), (append.tenant, append.command_id)


def _columns(group: Sequence[Append]) -> tuple[list[object], ...]:
    per_command = [
        (
            a.tenant, a.stream, a.expected, a.command_id, a.hash, a.asked.at, offset_of(a.asked.at), a.asked.actor,
            a.correlation_id, a.causation_id, a.traceparent,
            None if a.asked.by_person else a.asked.actor, a.command, a.refused, a.reason,
        )
        for a in group
    ]  # fmt: skip
    per_fact = [(n, *fact) for n, append in enumerate(group, 1) for fact in append.facts]
    columns = [*zip(*per_command, strict=True), *(zip(*per_fact, strict=True) if per_fact else [()] * 4)]
    return tuple(list(column) for column in columns)
