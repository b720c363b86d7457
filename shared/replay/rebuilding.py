"""Building a read model from all that has happened, beside the one that is read, and putting it in its place.

Whoever runs it may be killed at any moment: begun again, it goes on from the last checkpoint.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog

from shared.core.event import Recorded
from shared.core.readmodel import ReadModel
from shared.feed.backoff import Backoff
from shared.listen.builds import Build, Builds
from shared.listen.decode import Stretch
from shared.listen.held import workers_feed
from shared.listen.listener import BuildListener
from shared.replay import rebuilds
from shared.replay.bringing import bring
from shared.replay.dropping import Older, drop_older, empty
from shared.replay.filled import Filled, GoneOn, filled
from shared.replay.filling import KEPT, RowsRefused
from shared.replay.history import Histories
from shared.replay.rebuilds import Rebuild
from shared.replay.steering import Cancelled, Steering, Told
from shared.replay.switching import HasParked, switch
from shared.replay.verifying import Differs, Verifying
from shared.store.database import Database, Driver, is_transient

CHECKPOINT: Final = 100_000  # facts
NEAR: Final = 5_000  # facts: what is read in one go when hardly anything is left to read
ADOPTED: Final = 2.5  # seconds: every worker has seen by then that there is a build to feed

_UNFED = "update builds set fed = false where build = $1 and pointed_at is null"

log = structlog.get_logger()


@dataclass(frozen=True)
class Plan:
    """What is asked for. With `at` it becomes a build to look at: of the facts that were stored by then, never read."""

    throttle: float | None = None
    accept_parked: bool = False
    verify: bool = True
    kept: int = KEPT
    checkpoint: int = CHECKPOINT
    at: datetime | None = None
    to_position: int | None = None  # of the own store, beside `at`: several facts may have been stored at once

    @property
    def aside(self) -> bool:
        return self.at is not None

    @property
    def aim(self) -> Mapping[str, Any]:
        return {"at": self.at, "to_position": self.to_position} if self.at else {}

    def reaches(self, recorded: Recorded, service: str) -> bool:
        if self.at is None:
            return True
        further = self.to_position is not None and recorded.source == service and recorded.position > self.to_position
        return recorded.recorded_at <= self.at and not further


@dataclass(frozen=True)
class Outcome:
    """`before` is the build that was read until now, None if there was none or this one is left aside. That one is
    kept, to be rolled back to; `older` are those before it.
    """

    rebuild: Rebuild
    before: int | None
    older: Older


@dataclass
class Rebuilding:
    """`told` hears twice a second how far it is."""

    service: str
    database: Database
    model: ReadModel
    histories: Histories
    plan: Plan
    told: Told = field(default=lambda _: None)

    async def run(self) -> Outcome:
        """Goes on with the one that was begun, if any. Raises Runs, Cancelled, Differs, HasParked, NotSwitched.

        An outage of the database or the broker is waited for.
        """
        backoff = Backoff()
        while True:
            try:
                return await self._once()
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("rebuild.waits", read_model=self.model.name, reason=repr(error))
            await asyncio.sleep(backoff.next())

    async def _once(self) -> Outcome:
        async with rebuilds.claimed(self.database, self.model) as driver:
            build = await self._build(driver)
            await rebuilds.begin(driver, build, self.plan.aim, self.plan.throttle)
            steering = Steering(driver, build.number, self.plan.throttle, self.told)
            try:
                before = await self._steps(driver, build, steering)
            except Cancelled:
                try:
                    await empty(self.database, build)
                finally:
                    await rebuilds.enter(driver, build.number, "cancelled")
                raise
            except Differs as differs:
                await rebuilds.enter(driver, build.number, "differs", str(differs))
                raise
            except HasParked as parked:
                await rebuilds.enter(driver, build.number, "ready", str(parked))
                raise
            except Exception as error:
                if not is_transient(error):
                    await rebuilds.enter(driver, build.number, "failed", str(error))
                raise
            rebuild = await rebuilds.one(driver, build.number)
            assert rebuild is not None
            self.told(rebuild)
            return Outcome(rebuild, before, await self._drop_older(build, before))

    async def _drop_older(self, build: Build, before: int | None) -> Older:
        if self.plan.aside:
            return Older()
        return await drop_older(self.database, self.model, [build.number, *([before] if before else [])])

    async def _build(self, driver: Driver) -> Build:
        begun = None if self.plan.aside else await rebuilds.unfinished(driver, self.model)
        return Build(self.model, begun.build) if begun else await Builds(self.database).make(self.model)

    async def _steps(self, driver: Driver, build: Build, steering: Steering) -> int | None:
        await self._fill(build, steering)
        if self.plan.aside:
            await rebuilds.enter(driver, build.number, "aside")
            return None
        await rebuilds.enter(driver, build.number, "catching up")
        await driver.execute("update builds set fed = true where build = $1", build.number)
        if await workers_feed(driver):
            await asyncio.sleep(ADOPTED)
        if self.plan.verify:
            await self._verify(driver, build, steering)
        await rebuilds.enter(driver, build.number, "ready")
        await steering.look()
        return await switch(self.service, self.database, build, self.histories, self.plan.accept_parked)

    async def _fill(self, build: Build, steering: Steering) -> None:
        """What the database refuses is taken as a listener takes it: a thousand facts at a time, halved until the fact
        that it is about stands alone, and is parked. One that an outage ended may have been fed by then: workers let
        go of it, and what they wrote until they did is gone on from.
        """
        await self._unfed(build)
        while True:
            async with filled(self.database, build, self.plan.kept, steering.tempo) as filling:
                try:
                    return await self._read(filling, steering)
                except GoneOn:
                    log.info("rebuild.goes_on", listener=build.listener)
                    continue
                except RowsRefused as refused:
                    upto = {source: marks.lowest for source, marks in filling.marks.items()}
                    log.info("rebuild.bisects", listener=build.listener, reason=str(refused))
            await bring(self.database, [BuildListener(self.service, self.database, build)], self.histories, upto)

    async def _unfed(self, build: Build) -> None:
        async with self.database.driver() as driver:
            await driver.execute(_UNFED, build.number)

    async def _read(self, filling: Filled, steering: Steering) -> None:
        """All that has happened, in rounds, until hardly anything has come meanwhile."""
        names = frozenset(self.model.events)
        histories = {source: self.histories[source] for source in filling.marks if source in self.histories}
        came = NEAR
        while came >= NEAR:
            left = {source: await each.left([filling.marks[source]]) for source, each in histories.items()}
            came = sum(left.values())
            steering.total = steering.done + came
            for source, history in histories.items():
                upto = steering.done + left[source]
                async for stretch in history.read([filling.marks[source]], names, tempo=steering.tempo):
                    await filling.take(self._until(stretch))
                    if filling.filling.folded >= min(self.plan.checkpoint, steering.tempo.sizes.folded):
                        await self._checkpoint(filling, steering)
                    await steering.step(_facts(stretch))
                steering.done = max(upto, steering.done)
            await filling.finish()

    async def _checkpoint(self, filling: Filled, steering: Steering) -> None:
        """Throttled, nothing else is done until it is written."""
        await filling.checkpoint()
        if steering.tempo.is_throttled:
            await steering.until(filling.filling.settled())

    def _until(self, stretch: Stretch) -> Stretch:
        if self.plan.at is None:
            return stretch
        return stretch._replace(
            facts=[heard for heard in stretch.facts if self.plan.reaches(heard.recorded, self.service)]
        )

    async def _verify(self, driver: Driver, build: Build, steering: Steering) -> None:
        await rebuilds.enter(driver, build.number, "verifying")
        verifying = Verifying(self.database, build, self.histories, self.model, kept=self.plan.kept)
        verifying.step, verifying.tempo = steering.rest, steering.tempo
        found = await verifying.run()
        if found.differing:
            await driver.execute("update builds set fed = false where build = $1", build.number)
            raise Differs(found)


def _facts(stretch: Stretch) -> int:
    """A topic does not say how many it passes over."""
    return stretch.upto - stretch.previous if stretch.partitions == 1 else len(stretch.facts)
