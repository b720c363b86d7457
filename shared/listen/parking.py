"""Facts that could not be handled, and those of their stream behind them: kept whole, blocking nothing else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from shared.core.event import Recorded
from shared.feed.batch import Broken
from shared.store.database import Driver

UNREADABLE = "unreadable"  # stands for the listener of records whose envelope no listener could read
LIMIT = 100

_ENVELOPE = TypeAdapter(Recorded)
_ERROR = 4000


class StreamKey(NamedTuple):
    """What is blocked by a poison fact, in one listener."""

    tenant: str
    source: str
    stream: str


class TooManyBlocked(Exception):
    """So many streams cannot be poisoned by facts: it is the code that fails, and the listener stops."""


@dataclass(frozen=True, slots=True)
class Parking:
    """To be parked: with its own error, or behind an earlier fact of its stream."""

    recorded: Recorded
    error: str | None


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked fact as it is shown, or a record whose envelope cannot be read: that has its headers for envelope."""

    listener: str
    key: StreamKey
    position: int
    partition: int
    envelope: dict[str, Any]
    data: bytes
    error: str | None
    first_seen: datetime
    attempts: int

    @property
    def recorded(self) -> Recorded:
        return _ENVELOPE.validate_python({**self.envelope, "data": self.data})


def key_of(recorded: Recorded) -> StreamKey:
    return StreamKey(recorded.tenant, recorded.source, recorded.stream)


def words_of(error: BaseException) -> str:
    """An error's words, storable whatever is in them."""
    words = f"{type(error).__name__}: {error}"[:_ERROR]
    return words.encode(errors="backslashreplace").decode().replace("\0", "\\0")


_COLUMNS = "position, partition, fact::text, data, error, first_seen, attempts"
_KEY = "listener = $1 and tenant = $2 and source = $3 and stream = $4"
_PARK = """insert into parked (listener, tenant, source, stream, position, partition, fact, data, error, first_seen)
    select $1, k.tenant, k.source, k.stream, k.position, k.partition, k.fact::json, k.data, k.error, clock_timestamp()
    from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::int[], $7::text[], $8::bytea[], $9::text[])
        as k(tenant, source, stream, position, partition, fact, data, error)
    where not exists (select from discarded d where d.listener = $1 and d.tenant = k.tenant and d.source = k.source
        and d.stream = k.stream and d.position = k.position and d.partition = k.partition)
    on conflict do nothing"""

_BLOCKED = """select count(distinct (tenant, source, stream)), (array_agg(error order by first_seen desc, position desc)
        filter (where error is not null))[1] from parked where listener = $1"""


async def park(driver: Driver, listener: str, facts: Iterable[Parking]) -> None:
    rows = []
    for recorded, error in ((fact.recorded, fact.error) for fact in facts):
        data = recorded.data if isinstance(recorded.data, bytes) else recorded.data.encode()
        envelope = _ENVELOPE.dump_python(recorded._replace(data=""), mode="json")
        fact = json.dumps(dict(zip(Recorded._fields, envelope, strict=True)))
        rows.append((*key_of(recorded), recorded.position, 0, fact, data, error))
    if rows:
        await driver.execute(_PARK, listener, *zip(*rows, strict=True))


async def refuse_too_many(driver: Driver, listener: str) -> None:
    """Raises TooManyBlocked, for those who have parked beside each other."""
    blocked, newest = await driver.fetchrow(_BLOCKED, listener)
    if blocked > LIMIT:
        raise TooManyBlocked(f"{listener}: {blocked} streams, the newest by {newest}")


async def park_unreadable(driver: Driver, source: str, partition: int, records: Iterable[Broken]) -> None:
    """Once per service, under its place on the topic. It stays a single row however often it is read."""
    rows = [("", source, "", r.offset, partition, r.headers, r.raw, r.error.replace("\0", "\\0")) for r in records]
    await driver.execute(_PARK, UNREADABLE, *zip(*rows, strict=True))


async def shown(driver: Driver, listener: str, key: StreamKey) -> list[Parked]:
    """What is parked under one key, in the order in which it is to be handled."""
    query = f"select {_COLUMNS} from parked where {_KEY} order by position, partition"
    rows = await driver.fetch(query, listener, *key)
    return [
        Parked(listener, key, position, partition, json.loads(fact), data, error, first_seen, attempts)
        for position, partition, fact, data, error, first_seen, attempts in rows
    ]


async def release(driver: Driver, fact: Parked) -> None:
    """It was handled after all."""
    await driver.execute(f"delete from parked where {_KEY} and position = $5 and partition = $6", *_place(fact))


async def failed_again(driver: Driver, fact: Parked, error: str | None) -> None:
    again = f"update parked set error = $7, attempts = attempts + 1 where {_KEY} and position = $5 and partition = $6"
    await driver.execute(again, *_place(fact), error)


async def discard(driver: Driver, fact: Parked, who: str, why: str) -> None:
    """It will not be handled, and that is kept with who said so. What waits behind it is to be retried."""
    await driver.execute(
        f"""with gone as (delete from parked where {_KEY} and position = $5 and partition = $6 returning *)
            insert into discarded select listener, tenant, source, stream, position, partition, fact, data, error,
                clock_timestamp(), $7, $8 from gone""",
        *_place(fact),
        who,
        why,
    )


def _place(fact: Parked) -> tuple[Any, ...]:
    return fact.listener, *fact.key, fact.position, fact.partition
