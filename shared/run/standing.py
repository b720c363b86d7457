"""Where a service stands: its store, its relay, how far each listener has come and what it has parked.

Read from the databases alone, so it is the same whether asked of a process or beside it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.feed.cloudevents import key_of, partition_of
from shared.listen.held import GONE, OUTDATED
from shared.listen.marks import IN_NEWEST_ERA
from shared.listen.ticker import ON_EARTH
from shared.replay import rebuilds
from shared.store.database import Database, Driver, is_transient
from shared.store.store import HEAD

_LOOK_AHEAD = 10_000  # facts that are assigned to partitions one by one; what lies further is counted whole

_NEWEST = "select position, recorded_at from facts order by position desc limit 1"
_RELAY = "select partitions, mark, trouble from relay"
_MARKS = f"""select listener, source, partitions, jsonb_object_agg(partition, position)::text as positions
    from marks m left join builds b using (build)
    where {IN_NEWEST_ERA} and fed is not false and (b.build is null or not {OUTDATED}) and not {GONE}
    group by listener, source, partitions order by listener, source"""
_PARKED = f"""select listener, count(*) as facts, count(distinct (tenant, source, stream)) as keys
    from parked left join builds b using (build) where (b.build is null or not {OUTDATED}) and not {GONE}
    group by listener order by listener"""
_DEADLINES = """select count(*) as rows, count(error) as set_aside,
        min(earliest) filter (where error is null) as earliest,
        extract(epoch from clock_timestamp()
            - min(coalesce(due_at, earliest + $1)) filter (where error is null))::float8 as late
    from deadlines"""
_REFUSED = "select count(*) from receipts where refused is not null"
_VERIFIED = """select read_model, rows, differing, at from verified join live using (read_model, version)
    order by read_model"""
_AGE = """select extract(epoch from clock_timestamp() - recorded_at)::float8 from facts
    where position > $1 order by position limit 1"""
_MISSING = """select position, tenant, stream, extract(epoch from clock_timestamp() - recorded_at)::float8 as age
    from facts where position > $1 order by position limit $2"""


@dataclass(frozen=True, slots=True)
class Lag:
    """`facts` not yet taken, and the age of the oldest of them in seconds; None where the source can't be reached.

    `ahead`: by how much more was taken than the source has. What it stores next is passed over then, as known already.
    """

    facts: int | None
    seconds: float | None
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """One listener and one source, by partition of the newest era."""

    listener: str
    source: str
    positions: Sequence[int]
    lag: Lag


@dataclass(frozen=True, slots=True)
class Relayed:
    """`trouble` is why nothing is sent: topic and store contradict each other."""

    partitions: int
    mark: int
    lag: Lag
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    listener: str
    keys: int
    facts: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What the last verification of a live read model found."""

    read_model: str
    rows: int
    differing: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    service: str
    head: int
    newest: datetime | None
    relay: Relayed | None
    listeners: Sequence[Heard]
    parked: Sequence[Parked]
    builds: Sequence[Mapping[str, Any]]
    verified: Sequence[Verified]
    deadlines: int
    next_deadline: datetime | None
    set_aside: int
    late: float  # seconds since the oldest of those that wait came due everywhere on earth
    refused: int


async def standing(name: str, databases: Mapping[str, Database]) -> Standing:
    """`databases` are those of all services that may be reached, this one among them: of a source that is away no lag
    is told.
    """
    async with databases[name].driver() as driver:
        head = await driver.fetchrow(_NEWEST)
        relay = await driver.fetchrow(_RELAY)
        marks = await driver.fetch(_MARKS)
        parked = await driver.fetch(_PARKED)
        deadlines = await driver.fetchrow(_DEADLINES, ON_EARTH)
        refused = await driver.fetchval(_REFUSED)
        builds = await rebuilds.shown(driver)
        verified = await driver.fetch(_VERIFIED)
    sources = await _there(databases, {row["source"] for row in marks} - {name})
    sources[name] = databases[name]
    return Standing(
        service=name,
        head=head["position"] if head else 0,
        newest=head["recorded_at"] if head else None,
        relay=await _relayed(databases[name], relay) if relay else None,
        listeners=[await _heard(sources, row) for row in marks],
        parked=[Parked(row["listener"], row["keys"], row["facts"]) for row in parked],
        builds=[one.as_dict() for one in builds],
        verified=[Verified(*row) for row in verified],
        deadlines=deadlines["rows"],
        next_deadline=deadlines["earliest"],
        set_aside=deadlines["set_aside"],
        late=max(deadlines["late"] or 0.0, 0.0),
        refused=refused,
    )


async def _relayed(database: Database, row: Any) -> Relayed:
    async with database.driver() as driver:
        return Relayed(row["partitions"], row["mark"], await _lag(driver, [row["mark"]]), row["trouble"])


async def _there(databases: Mapping[str, Database], sources: Collection[str]) -> dict[str, Database]:
    found = {}
    for source in databases.keys() & sources:
        try:
            async with databases[source].driver() as driver:
                await driver.execute("select 1")
            found[source] = databases[source]
        except Exception as error:
            if not is_transient(error):
                raise
    return found


async def _heard(databases: Mapping[str, Database], row: Any) -> Heard:
    by_partition = orjson.loads(row["positions"])
    positions = [by_partition.get(str(partition), 0) for partition in range(row["partitions"])]
    if row["source"] not in databases:
        return Heard(row["listener"], row["source"], positions, Lag(None, None))
    async with databases[row["source"]].driver() as driver:
        return Heard(row["listener"], row["source"], positions, await _lag(driver, positions))


async def _lag(driver: Driver, positions: Sequence[int]) -> Lag:
    head = await driver.fetchval(HEAD)
    low, ahead = min(positions), max(max(positions) - head, 0)
    if head <= low:
        return Lag(0, 0.0, ahead)
    if len(positions) == 1:
        return Lag(head - low, await driver.fetchval(_AGE, low))
    return _lag_over(positions, head, await driver.fetch(_MISSING, low, _LOOK_AHEAD), ahead)


def _lag_over(positions: Sequence[int], head: int, rows: Sequence[Any], ahead: int) -> Lag:
    ages = [row["age"] for row in rows if row["position"] > positions[_partition(row, len(positions))]]
    further = head - rows[-1]["position"] if len(rows) == _LOOK_AHEAD else 0
    return Lag(len(ages) + further, ages[0] if ages else 0.0, ahead)


def _partition(row: Any, partitions: int) -> int:
    return partition_of(key_of(row["tenant"], row["stream"]), partitions)
