"""Deadlines as a listener: facts set and clear rows that say what to ask, by when."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Any

from shared.core.deadline import Deadline, Done, Due, Local
from shared.core.event import Recorded, event_types
from shared.core.service import Service
from shared.listen.decode import Decoder, Heard, Stretch
from shared.listen.isolating import one_by_one
from shared.listen.parking import Parking, StreamKey
from shared.listen.place import Place, Retried
from shared.store.database import Database, Driver
from shared.store.store import offset_of

DEADLINES = "deadlines"

_EASTERNMOST = timezone(timedelta(hours=14))  # no clock on earth is ahead of this one

Row = tuple[Any, ...]
RowKey = tuple[str, str, str]

_DELETE = """delete from deadlines d using unnest($1::text[], $2::text[], $3::text[]) as k(tenant, deadline, key)
    where (d.tenant, d.deadline, d.key) = (k.tenant, k.deadline, k.key)"""
_SET = """insert into deadlines (tenant, deadline, key, fact_id, earliest, due_at, at_offset, due_day, due_hour,
        team_id, command, body, correlation_id)
    select k.tenant, k.deadline, k.key, k.fact_id, k.earliest, k.due_at, k.at_offset, k.due_day, k.due_hour, k.team_id,
        k.command, k.body::json, k.correlation_id
    from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::int2[],
            $8::date[], $9::time[], $10::uuid[], $11::text[], $12::text[], $13::uuid[])
        as k(tenant, deadline, key, fact_id, earliest, due_at, at_offset, due_day, due_hour, team_id,
             command, body, correlation_id)
    order by 1, 2, 3
    on conflict (tenant, deadline, key) do update set
        fact_id = excluded.fact_id, earliest = excluded.earliest, due_at = excluded.due_at,
        at_offset = excluded.at_offset, due_day = excluded.due_day, due_hour = excluded.due_hour,
        team_id = excluded.team_id, command = excluded.command, body = excluded.body,
        correlation_id = excluded.correlation_id, error = null"""


def key_text(key: tuple[object, ...]) -> str:
    """A row's key as it is stored, and part of the id of what is asked: never to be written otherwise."""
    return json.dumps([str(part) for part in key], ensure_ascii=False, separators=(",", ":"))


def _when(when: datetime | Local) -> tuple[Any, ...]:
    """earliest, due_at, at_offset, due_day, due_hour, team_id"""
    if isinstance(when, Local):
        local: time = when.hour
        earliest = datetime.combine(when.day, local, tzinfo=_EASTERNMOST).astimezone(UTC)
        return earliest, None, None, when.day, local, when.team_id
    return when, when, offset_of(when), None, None, None


def _row(key: RowKey, due: Due, recorded: Recorded) -> Row:
    asked = type(due.command).__name__, due.command.model_dump_json()
    return (*key, recorded.id, *_when(due.when), *asked, recorded.correlation_id)


class DeadlineRows:
    """The part: the last fact of a batch to touch a row decides over it."""

    def __init__(self, deadlines: Iterable[Deadline]) -> None:
        self._by_name: dict[str, list[Deadline]] = {}
        for deadline in deadlines:
            for name in event_types(deadline.hears):
                self._by_name.setdefault(name, []).append(deadline)
        self.events = frozenset(self._by_name)

    async def apply(self, driver: Driver, facts: Sequence[Heard], blocked: set[StreamKey]) -> list[Parking]:
        rows: dict[RowKey, Row | None] = {}

        def handle(_: int, heard: Heard) -> None:
            rows.update(self._rows(heard))

        parked = await one_by_one(facts, blocked, handle)
        if gone := [key for key, row in rows.items() if row is None]:
            await driver.execute(_DELETE, *zip(*gone, strict=True))
        if there := [row for row in rows.values() if row is not None]:
            await driver.execute(_SET, *zip(*there, strict=True))
        return parked

    def _rows(self, heard: Heard) -> dict[RowKey, Row | None]:
        recorded, event, _ = heard
        rows: dict[RowKey, Row | None] = {}
        for deadline in self._by_name[recorded.name]:
            for change in _listed(deadline.rows(event, recorded)):
                key = recorded.tenant, deadline.name, key_text(change.key)
                rows[key] = _row(key, change, recorded) if isinstance(change, Due) else None
        return rows


def _listed(changes: Due | Done | Iterable[Due | Done] | None) -> Iterable[Due | Done]:
    if changes is None:
        return ()
    return (changes,) if isinstance(changes, (Due, Done)) else changes


class DeadlineListener:
    """`told` is called when rows may have changed."""

    def __init__(self, service: Service, database: Database, told: Callable[[], None]) -> None:
        self._told = told
        self._part = DeadlineRows(service.deadlines)
        self.place = Place(database, service.name, DEADLINES, self._part.events)

    async def take(self, stretches: Sequence[Stretch]) -> None:
        try:
            await self.place.move(stretches, self._part)
        finally:
            self._told()

    async def retry(self, key: StreamKey, decoder: Decoder, most: int | None = None) -> Retried:
        retried = await self.place.retry(key, self._part, decoder, most)
        self._told()
        return retried
