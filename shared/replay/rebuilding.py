"""Building a read model from all that has happened, beside the one that is read, and putting it in its place.

Whoever runs it may be killed at any moment: begun again, it goes on from the last checkpoint.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog

from shared.core.event import Recorded
from shared.core.readmodel import ReadModel
from shared.feed.backoff import Backoff
from shared.listen.builds import Build, Builds
from shared.listen.held import workers_feed
from shared.listen.listener import BuildListener
from shared.replay import rebuilds
from shared.replay.bringing import bring
from shared.replay.dropping import Older, drop_older, empty
from shared.replay.filled import Filled, GoneOn, filled
from shared.replay.filling import RowsRefused
from shared.replay.history import AsOfThen, Histories, StoreHistory
from shared.replay.lanes import InLanes, Lanes
from shared.replay.plan import Plan
from shared.replay.reading import read_through
from shared.replay.rebuilds import Rebuild
from shared.replay.steering import Cancelled, Steering, Told, telling
from shared.replay.switching import HasParked, previous, switch
from shared.replay.verifying import Differs, Verifying
from shared.store.database import Database, Driver, is_transient

NEAR: Final = 5_000  # facts: what is read in one go when hardly anything is left to read
ADOPTED: Final = 2.5  # seconds: every worker has seen by then that there is a build to feed

_UNFED = "update builds set fed = false where build = $1 and pointed_at is null"

log = structlog.get_logger()


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
    """`told` hears twice a second how far it is. `lanes`: the processes that fill it where one is too slow."""

    service: str
    database: Database
    model: ReadModel
    histories: Histories
    plan: Plan
    told: Told = field(default=lambda _: None)
    lanes: Lanes = field(default_factory=Lanes)
    _begun: Build | None = field(default=None, init=False)

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
            if self._begun is not None and await self._is_done(driver, self._begun):
                build, before = self._begun, await previous(driver, self.model)
            else:
                build = self._begun = self._begun or await self._build(driver)
                before = await self._make(driver, build)
            rebuild = await rebuilds.one(driver, build.number)
            assert rebuild is not None
            self.told(rebuild)
            return Outcome(rebuild, before, await self._drop_older(build, before))

    async def _is_done(self, driver: Driver, build: Build) -> bool:
        """Before an outage, which took the answer away. Raises Cancelled."""
        rebuild = await rebuilds.one(driver, build.number)
        if rebuild is None or rebuild.phase == "cancelled":
            raise Cancelled(f"build {build.number}")
        return rebuild.phase == "live"

    async def _make(self, driver: Driver, build: Build) -> int | None:
        await rebuilds.begin(driver, build, self.plan.aim, self.plan.throttle)
        steering = Steering(build.number, self.plan.throttle, telling(driver, build.number, self.told))
        try:
            return await self._steps(driver, build, steering)
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

    async def _drop_older(self, build: Build, before: int | None) -> Older:
        if self.plan.aside:
            return Older()
        return await drop_older(self.database, self.model, [build.number, *([before] if before else [])])

    async def _build(self, driver: Driver) -> Build:
        begun = None if self.plan.aside else await rebuilds.to_go_on_with(driver, self.model)
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
        await self._fill_in_lanes(build, steering)
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
            await bring(self.database, [BuildListener(self.service, self.database, build)], self._made_of, upto)

    async def _fill_in_lanes(self, build: Build, steering: Steering) -> None:
        own = self.histories.get(self.service) if self.service in build.sources else None
        if isinstance(own, StoreHistory) and not self.plan.aside:
            await InLanes(self.lanes, self.database, build, own, steering, self.plan).fill()

    async def _unfed(self, build: Build) -> None:
        async with self.database.driver() as driver:
            await driver.execute(_UNFED, build.number)

    async def _read(self, filling: Filled, steering: Steering) -> None:
        """All that has happened, in rounds, until hardly anything has come meanwhile."""
        histories = {source: each for source, each in self._made_of.items() if source in filling.marks}
        came = NEAR
        while came >= NEAR:
            left = {source: await each.left([filling.marks[source]]) for source, each in histories.items()}
            came = sum(left.values())
            steering.total = steering.done + came
            for source, history in histories.items():
                upto = steering.done + left[source]
                await read_through(filling, source, history, steering, self.plan.checkpoint)
                steering.done = max(upto, steering.done)
            await filling.finish()

    @property
    def _made_of(self) -> Histories:
        """All that has happened, or what had by then."""
        if not self.plan.aside:
            return self.histories
        return {source: AsOfThen(each, self._reaches) for source, each in self.histories.items()}

    def _reaches(self, recorded: Recorded) -> bool:
        return self.plan.reaches(recorded, self.service)

    async def _verify(self, driver: Driver, build: Build, steering: Steering) -> None:
        await rebuilds.enter(driver, build.number, "verifying")
        verifying = Verifying(self.database, build, self.histories, self.model, kept=self.plan.kept)
        verifying.step, verifying.tempo = steering.rest, steering.tempo
        found = await verifying.run()
        if found.differing:
            await driver.execute("update builds set fed = false where build = $1", build.number)
            raise Differs(found)
