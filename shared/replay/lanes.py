"""Filling a build in lanes, each in a process of its own, as far as the own store reaches.

Killed at any moment, each lane goes on from its own last checkpoint. What lanes cannot do (a row of two lanes, one that
the database refuses) is begun anew without them.
"""

import os
from asyncio import StreamReader
from dataclasses import dataclass
from typing import Final

import structlog

from shared.listen import parking
from shared.listen.builds import Build
from shared.listen.decode import Heard
from shared.listen.marks import KeptMarks, Mark, collect
from shared.listen.turns import lock, turn
from shared.replay import rebuilds
from shared.replay.dropping import forget
from shared.replay.filled import is_new
from shared.replay.history import WIDEST, StoreHistory
from shared.replay.lane import columns_of, listener_of
from shared.replay.nursery import Nursery, Start
from shared.replay.order import Order, Report
from shared.replay.plan import Plan
from shared.replay.steering import Steering
from shared.store.database import Database, Driver
from shared.store.share import Share

LEAST: Final = 400_000  # facts to fold: for fewer, processes take longer to start than they save
SAMPLE: Final = 5_000  # facts that tell whether lanes are of use
MOST: Final = 4

_UNDER_WAY = "select distinct listener from marks where build = $1 and listener <> $2"
_STAND = "select listener, position from marks where build = $1 and listener <> $2 and source = $3"
_MERGED = "delete from marks where build = $1 and listener <> $2"

log = structlog.get_logger()


class LaneLost(ConnectionError):
    """A lane ended in an outage: it passes, and the lane goes on."""


class Overtaken(ConnectionError):
    """Somebody else has run this rebuild meanwhile: begun again, it is told that they do, or goes on from there."""


@dataclass(frozen=True)
class Lanes:
    """`start` gives the process that they come from; none: no lanes."""

    start: Start | None = None
    count: int = 1
    least: int = LEAST

    @classmethod
    def one_each(cls, start: Start | None) -> "Lanes":
        """One for each processor that this process may use."""
        mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return cls(start, min(mine, MOST))


@dataclass(frozen=True)
class InLanes:
    lanes: Lanes
    database: Database
    build: Build
    history: StoreHistory
    steering: Steering
    plan: Plan

    async def fill(self) -> None:
        """All that is in the store now; nothing where it is not worth it, or not possible."""
        async with self.database.driver() as driver:
            marks = await KeptMarks.load(driver, self.build.listener, self.build.sources)
            begun = await driver.fetch(_UNDER_WAY, self.build.number, self.build.listener)
        upto = await self.history.store.head()
        if begun:
            await self._go_on(_of(begun[0]["listener"]), upto)
        elif is_new(marks) and self._may_be_worth_it(upto):
            await self._begin(upto)

    async def _go_on(self, lanes: int, upto: int) -> None:
        columns = columns_of(self.build.model, await self._sample(upto)) if self.lanes.start else None
        if columns is None:
            await self._start_over(lanes)
        else:
            await self._fill(self._order(columns, lanes, upto))

    def _may_be_worth_it(self, upto: int) -> bool:
        return (
            self.lanes.start is not None
            and self.lanes.count > 1
            and not self.steering.tempo.is_throttled
            and upto >= self.lanes.least
        )

    async def _begin(self, upto: int) -> None:
        """Where so many of the facts are heard, as far as the sample goes."""
        sample = await self._sample(upto)
        columns = columns_of(self.build.model, sample)
        passed = sample[-1].recorded.position if len(sample) == SAMPLE else min(upto, WIDEST)
        if columns is not None and upto * len(sample) / passed >= self.lanes.least:
            await self._fill(self._order(columns, self.lanes.count, upto))

    async def _sample(self, upto: int) -> list[Heard]:
        """The first facts that it hears, among no more than one statement passes over."""
        names = list(self.build.model.events)
        facts = await self.history.store.read(0, SAMPLE, names, upto=min(upto, WIDEST))
        return [self.history.decoder.read(fact) for fact in facts]

    async def _fill(self, order: Order) -> None:
        log.info("rebuild.in_lanes", listener=self.build.listener, lanes=order.lanes)
        self.steering.total = order.upto
        failed = await self._run(order)
        if not failed:
            await self._merge(order)
        elif all(report.transient for report in failed):
            raise LaneLost(failed[0].failed)
        else:
            await self._start_over(order.lanes, failed[0].failed)

    def _order(self, columns: tuple[int, ...], lanes: int, upto: int) -> Order:
        return Order(
            dsn=self.database.dsn,
            read_model=self.build.model.name,
            build=self.build.number,
            owner=os.getpid(),
            lanes=lanes,
            columns=columns,
            upto=upto,
            kept=max(self.plan.kept // lanes, 1),
            checkpoint=self.plan.checkpoint,
            throttle=self.steering.tempo.share,
        )

    async def _run(self, order: Order) -> list[Report]:
        """What failed."""
        assert self.lanes.start is not None
        nursery, failed = self.lanes.start(), list[Report]()
        async with nursery.carrying_out(order) as reports:
            await self.steering.until(self._follow(nursery, reports, order, failed))
            await self.steering.look()
        return failed

    async def _follow(self, nursery: Nursery, reports: StreamReader, order: Order, failed: list[Report]) -> None:
        passed = 0
        async for line in reports:
            report = Report.model_validate_json(line)
            passed += report.passed
            self.steering.done = passed // order.lanes
            if report.failed:
                failed.append(report)
                if not report.transient:
                    return
        if (code := nursery.wait()) and not failed:
            failed.append(Report(failed=f"exit code {code}"))

    async def _merge(self, order: Order) -> None:
        async with self.database.driver() as driver, turn(driver, self.build.listener):
            await self._refuse_unfinished(driver, order)
            await parking.refuse_too_many(driver, self.build.listener)
            kept = await KeptMarks.load(driver, self.build.listener, self.build.sources)
            source = self.history.store.source
            kept.of[source] = collect(source, [Mark(0, 0, order.upto)])
            await kept.save(driver)
            await driver.execute(_MERGED, self.build.number, self.build.listener)
            await self._refuse_overtaken(driver)

    async def _refuse_unfinished(self, driver: Driver, order: Order) -> None:
        found = dict(await driver.fetch(_STAND, self.build.number, self.build.listener, self.history.store.source))
        lanes = [listener_of(self.build, Share(number, order.lanes)) for number in range(order.lanes)]
        if found != dict.fromkeys(lanes, order.upto):
            raise Overtaken(f"lanes of {self.build.listener} stand at {found}")

    async def _refuse_overtaken(self, driver: Driver) -> None:
        if not await rebuilds.stays_run_by(driver, self.build.number, os.getpid()):
            raise Overtaken(self.build.listener)

    async def _start_over(self, lanes: int, reason: str | None = None) -> None:
        """A lane that was killed while it wrote is waited for."""
        log.info("rebuild.without_lanes", listener=self.build.listener, reason=reason)
        async with self.database.driver() as driver, turn(driver, self.build.listener):
            for number in range(lanes):
                await lock(driver, listener_of(self.build, Share(number, lanes)))
            for table in self.build.tables:
                await driver.execute(f"truncate {table.qualified_name}")
            await forget(driver, self.build)
            await self._refuse_overtaken(driver)
        self.steering.done = 0


def _of(listener: str) -> int:
    """How many lanes there are, by the name that one of them has."""
    return int(listener.partition(".")[0].partition("of")[2])
