"""Which streams are blocked, in which listener, by what: found by whatever is known of them."""

from dataclasses import astuple, dataclass
from datetime import datetime

from shared.listen import parking
from shared.listen.held import OUTDATED
from shared.listen.parking import Parked, StreamKey
from shared.store.database import Driver

# A record whose stream cannot be read blocks nothing: each stands alone. What an outdated build has parked is nobody's
# trouble, unless that build is asked for.
_LISTED = f"""select listener, tenant, source, stream, facts, position, partition, error, first_seen, attempts from (
        select distinct on (listener, tenant, source, stream, alone) *,
            count(*) over (partition by listener, tenant, source, stream, alone) as facts
        from (select p.*, case when stream = '' then partition || '/' || position else '' end as alone
            from parked p left join builds b using (build)
            where b.build is null or listener = $1 or not {OUTDATED}) each
        order by listener, tenant, source, stream, alone, position) first
    where listener = coalesce($1, listener) and tenant = coalesce($2, tenant) and source = coalesce($3, source)
        and stream = coalesce($4, stream) and ($5::text is null or strpos(lower(error), lower($5)) > 0)
        and first_seen < coalesce($6, 'infinity'::timestamptz) and position = coalesce($7, position)
    order by listener, tenant, source, stream, position, partition"""


_LISTENERS = "select listener from marks union select listener from parked"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of the first fact: `error` is a part of its words, `before` a time later than it was first seen at."""

    listener: str | None = None
    tenant: str | None = None
    source: str | None = None
    stream: str | None = None
    error: str | None = None
    before: datetime | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """One blocked stream of one listener, by its first fact, or one record that cannot be read."""

    listener: str
    key: StreamKey
    facts: int
    position: int
    partition: int
    error: str | None
    first_seen: datetime
    attempts: int

    @property
    def behind(self) -> int:
        """How many wait for the first."""
        return self.facts - 1

    @property
    def readable(self) -> bool:
        return self.listener != parking.UNREADABLE


async def listed(driver: Driver, wanted: Wanted | None = None) -> list[Blocked]:
    return [
        Blocked(listener, StreamKey(tenant, source, stream), *rest)
        for listener, tenant, source, stream, *rest in await driver.fetch(_LISTED, *astuple(wanted or Wanted()))
    ]


async def listeners(driver: Driver) -> set[str]:
    """All that have taken facts here, whether any of them is parked or not."""
    return {listener for (listener,) in await driver.fetch(_LISTENERS)} | {parking.UNREADABLE}


async def sequence(driver: Driver, blocked: Blocked) -> list[Parked]:
    """The first and all behind it, in the order in which they are to be handled; such a record alone."""
    found = await parking.shown(driver, blocked.listener, blocked.key)
    if blocked.readable:
        return found
    return [one for one in found if (one.position, one.partition) == (blocked.position, blocked.partition)]
