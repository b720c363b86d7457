"""The ticker: asks what has come due, in the order in which it came due."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta, timezone
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from shared.core.clock import Clock
from shared.core.deadline import Deadline
from shared.core.decider import Asked, Command
from shared.core.service import Service
from shared.listen.parking import words_of
from shared.listen.part import passes
from shared.store.answers import Askable, Request
from shared.store.database import Database, Driver
from shared.telemetry.metrics import DEADLINES_ASKED

log = structlog.get_logger()

Zones = Callable[[str], Awaitable[Mapping[UUID, str]]]  # an organisation to the time zones of its teams
LocalKey = tuple[str, date, time, UUID]  # tenant, day, hour, team

AT_ONCE = 100
LOOK_AGAIN = 5.0  # seconds after which rows set by other processes are seen
BREATH = 0.05

ON_EARTH = timedelta(hours=26)  # between the first and the last place to have an hour
_LOCAL = """select distinct tenant, due_day, due_hour, team_id from deadlines
    where error is null and due_at is null and earliest <= $1 and deadline = any($2::text[])"""
_DUE = """select d.*, d.body::text as asked, coalesce(d.due_at, l.due) as due
    from deadlines d
    left join unnest($2::text[], $3::date[], $4::time[], $5::uuid[], $6::timestamptz[])
        as l(tenant, due_day, due_hour, team_id, due) using (tenant, due_day, due_hour, team_id)
    where d.error is null and d.earliest <= $1 and coalesce(d.due_at, l.due) <= $1 and d.deadline = any($8::text[])
    order by due, d.tenant, d.deadline, d.key limit $7 for update of d skip locked"""
_GONE = """delete from deadlines d
    using unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) as k(tenant, deadline, key, fact)
    where (d.tenant, d.deadline, d.key, d.fact_id) = (k.tenant, k.deadline, k.key, k.fact)"""
_FAILED = "update deadlines set error = $5 where (tenant, deadline, key, fact_id) = ($1, $2, $3, $4)"
_EARLIEST = "select min(earliest), min(due_at) from deadlines where error is null and deadline = any($1::text[])"

_place_of: Callable[[Any], tuple[Any, ...]] = itemgetter("tenant", "deadline", "key", "fact_id")
_local_of: Callable[[Any], LocalKey] = itemgetter("tenant", "due_day", "due_hour", "team_id")


class Ticker:
    """Two tickers are harmless: they share the rows, and what both have asked has one effect by its id."""

    def __init__(
        self, service: Service, database: Database, desk: Askable, clock: Clock, zones: Zones, default_zone: str
    ) -> None:
        self._service, self._database, self._desk, self._clock = service, database, desk, clock
        self._zones, self._default_zone = zones, default_zone
        self._deadlines: dict[str, Deadline] = {deadline.name: deadline for deadline in service.deadlines}
        self._names = list(self._deadlines)  # those of a newer image are its own to ask
        self._commands: dict[str, type[Command]] = {
            command.__name__: command for decider in service.deciders for command in decider.command_types
        }
        self._news = asyncio.Event()
        self.trouble: str | None = None

    def told(self) -> None:
        """Rows may have changed, or the clock has been moved."""
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._news.clear()
            pause = LOOK_AGAIN
            try:
                await self.run_due(self._clock.now())
                if (due := await self.next_due()) is not None:
                    pause = min(max((due - self._clock.now()).total_seconds(), BREATH), LOOK_AGAIN)
                self.trouble = None
            except Exception as error:
                self.trouble = words_of(error)
                log.warning("ticker.failed", service=self._service.name, error=self.trouble)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._news.wait()

    async def next_due(self) -> datetime | None:
        """When the next row comes due, by the zones of now."""
        async with self._database.driver() as driver:
            earliest, instant = await driver.fetchrow(_EARLIEST, self._names)
            if earliest is None:
                return None
            local = await self._local(driver, earliest + ON_EARTH)
        dues: list[datetime] = [*local.values(), *([] if instant is None else [instant])]
        return min(dues, default=None)

    async def run_due(self, upto: datetime) -> int:
        """Asks everything due up to then. Answers how many rows there were."""
        total = 0
        while count := await self._round(upto):
            total += count
        return total

    async def _local(self, driver: Driver, upto: datetime) -> dict[LocalKey, datetime]:
        """The days and hours that may have come by then, as instants with the offset of the team's zone."""
        found: list[LocalKey] = [tuple(row) for row in await driver.fetch(_LOCAL, upto, self._names)]
        zones = {tenant: await self._zones(tenant) for tenant in {key[0] for key in found}}
        instants = {}
        for key in found:
            tenant, day, hour, team = key
            zone = self._zone(zones[tenant].get(team))
            at = datetime.combine(day, hour, tzinfo=zone)
            instants[key] = at.replace(tzinfo=timezone(at.utcoffset() or timedelta()))
        return instants

    def _zone(self, name: str | None) -> ZoneInfo:
        """One that this machine does not know is no reason to let everybody else's deadlines wait."""
        try:
            return ZoneInfo(name or self._default_zone)
        except ZoneInfoNotFoundError:
            log.error("deadline.zone_unknown", zone=name)
            return ZoneInfo(self._default_zone)

    async def _round(self, upto: datetime) -> int:
        outage: Exception | None = None
        async with self._database.driver() as driver, driver.transaction():
            local = await self._local(driver, upto)
            columns = [list(column) for column in zip(*local, strict=True)] or [[], [], [], []]
            rows = await driver.fetch(_DUE, upto, *columns, list(local.values()), AT_ONCE, self._names)
            for _, group in groupby(rows, itemgetter("due")):
                together, done = list(group), []
                answers = await asyncio.gather(*(self._ask(row, local) for row in together), return_exceptions=True)
                for row, answer in zip(together, answers, strict=True):
                    if answer is None:
                        done.append(_place_of(row))
                    elif not isinstance(answer, Exception):
                        raise answer
                    elif passes(answer):
                        outage = outage or answer
                    else:
                        await self._failed(driver, row, answer)
                if done:
                    await driver.execute(_GONE, *zip(*done, strict=True))
                if outage is not None:
                    break
        if outage is not None:
            raise outage
        return len(rows)

    async def _ask(self, row: Any, local: Mapping[LocalKey, datetime]) -> None:
        name, key, fact = row["deadline"], row["key"], row["fact_id"]
        if row["due_at"] is None:
            at = local[_local_of(row)]
        else:
            at = row["due_at"].astimezone(timezone(timedelta(minutes=row["at_offset"])))
        command = self._commands[row["command"]].model_validate_json(row["asked"])
        request = Request(
            row["tenant"],
            Asked(at, f"deadline:{name}", "deadline"),
            command_id=self._deadlines[name].command_id(key, fact),
            correlation_id=row["correlation_id"],
            causation_id=fact,
        )
        receipt = await self._desk.ask(command, request)
        DEADLINES_ASKED.labels(self._service.name, name, receipt.answer).inc()

    async def _failed(self, driver: Driver, row: Any, error: Exception) -> None:
        """The row stays, passed over, for somebody to look at."""
        log.error("deadline.failed", deadline=row["deadline"], key=row["key"], error=words_of(error))
        await driver.execute(_FAILED, *_place_of(row), words_of(error))
