"""Reading the event store. Positions are gapless and in commit order, so `after a cursor` never skips."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from shared.core.event import Recorded
from shared.store.database import Database
from shared.store.passing import PASSING, Passing
from shared.store.share import Share

COLUMNS = (
    "position, tenant, stream, version, name, id, at, recorded_at, actor,"
    " correlation_id, causation_id, traceparent, data::text, at_offset"
)
_STREAM = f"select {COLUMNS} from facts where tenant = $1 and stream = $2 and version > $3 order by version"
_TENANTS = """with recursive t (tenant) as (
        (select tenant from facts order by tenant limit 1) union all
        select (select tenant from facts where tenant > t.tenant order by tenant limit 1) from t
            where t.tenant is not null
    ) select tenant from t where exists (select from facts f where f.tenant = t.tenant and f.stream = $1)"""
_KEYS_BACK = "select position, tenant, stream from facts where position <= $1 order by position desc limit $2"
HEAD = "select coalesce(max(position), 0) from facts"

_zones: dict[int, timezone] = {}
_recorded = tuple.__new__  # what Recorded(…) comes to, once for each fact that is read


def _zone(minutes: int) -> timezone:
    zone = _zones.get(minutes)
    if zone is None:
        zone = _zones[minutes] = timezone(timedelta(minutes=minutes))
    return zone


def offset_of(at: datetime) -> int:
    """Minutes east of UTC."""
    offset = at.utcoffset()
    assert offset is not None, "a time without an offset has no day"
    return int(offset.total_seconds()) // 60


def recorded(source: str, row: Sequence[Any]) -> Recorded:
    """A row of COLUMNS as the fact it holds."""
    position, tenant, stream, version, name, id, at, recorded_at, actor, correlation, cause, trace, data, east = row
    at = at.astimezone(_zones.get(east) or _zone(east))
    first = source, position, tenant, stream, version, name, id, at, recorded_at
    return _recorded(Recorded, (*first, actor, correlation, cause, trace, data))


class EventStore:
    """`source` is the service whose store it is."""

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self.source = source

    async def head(self) -> int:
        """The position of the newest fact, 0 in an empty store."""
        async with self._database.driver() as driver:
            return int(await driver.fetchval(HEAD))

    async def stream(self, tenant: str, stream: str, after_version: int = 0) -> list[Recorded]:
        async with self._database.driver() as driver:
            rows = await driver.fetch(_STREAM, tenant, stream, after_version)
        return [recorded(self.source, row) for row in rows]

    async def tenants_of(self, stream: str) -> list[str]:
        """The organisations that have a stream of this name: from one to the next on the index, however many facts."""
        async with self._database.driver() as driver:
            return [row["tenant"] for row in await driver.fetch(_TENANTS, stream)]

    async def read(
        self,
        after: int,
        limit: int = 1000,
        names: Collection[str] | None = None,
        tenant: str | None = None,
        stream_prefix: str | None = None,
        upto: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        share: Share | None = None,
    ) -> list[Recorded]:
        """The next facts after a position, in position order. `since` and `until` are about `at`.

        No filter on names costs an index look-up; the others are applied while reading on.
        """
        wheres = {
            "position > {}": after,
            "name = any({})": list(names) if names is not None else None,
            "tenant = {}": tenant,
            "starts_with(stream, {})": stream_prefix,
            "position <= {}": upto,
            "at >= {}": since,
            "at < {}": until,
        }
        used = [(where, value) for where, value in wheres.items() if value is not None]
        clauses = [clause.format(f"${n}") for n, (clause, _) in enumerate(used, 1)]
        where = " and ".join(clauses if share is None else [*clauses, share.where])
        query = f"select {COLUMNS} from facts where {where} order by position limit {int(limit)}"
        async with self._database.driver() as driver:
            rows = await driver.fetch(query, *(value for _, value in used))
        return [recorded(self.source, row) for row in rows]

    async def passing(self, after: int, limit: int = 1000) -> list[Passing]:
        """The next facts after a position, for who hands them on as they are."""
        async with self._database.driver() as driver:
            found: list[Passing] = await driver.fetch(PASSING, after, limit, record_class=Passing)
        return found

    async def keys_back(self, position: int, limit: int = 10_000) -> list[tuple[int, str, str]]:
        """Positions, tenants and streams of the facts up to a position, the newest first."""
        async with self._database.driver() as driver:
            return list(map(tuple, await driver.fetch(_KEYS_BACK, position, limit)))
