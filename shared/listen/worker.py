"""A worker: hands each batch to all listeners of a service, read once, and keeps its place while one of them cannot."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence

import structlog

from shared.core.clock import Clock
from shared.core.event import event_types, source_of
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.feed.batch import Batch, Gap
from shared.listen import newcomers, parking
from shared.listen.builds import Builds
from shared.listen.deadlines import DeadlineListener
from shared.listen.decode import Decoder, Stretch
from shared.listen.held import Held
from shared.listen.levels import marks_of
from shared.listen.listener import BuildListener, Listener
from shared.listen.marks import pass_over
from shared.listen.parking import StreamKey, told
from shared.listen.place import Retried, passes
from shared.listen.policies import Desk, PolicyListener
from shared.store.database import Database
from shared.telemetry.metrics import LISTENER_LAG_SECONDS

log = structlog.get_logger()

Given = tuple[Listener, list[Stretch]]


class Worker:
    """`told` is called after marks have moved, `deadlines_told` when rows of deadlines may have changed.

    `stopped` says which listeners were taken off, and why. `away` are those that somebody else brings what they lack
    until they `join` again; while `takes_off` is false, a gap goes back to the feed instead. `missing` are read models
    without a live build; `needed` is all but the builds beside the live ones.
    """

    def __init__(
        self,
        service: Service,
        database: Database,
        desk: Desk,
        clock: Clock,
        *,
        told: Callable[[], None] = lambda: None,
        deadlines_told: Callable[[], None] = lambda: None,
        at_once: int = 6,
    ) -> None:
        self._service, self._database, self._desk, self._clock = service, database, desk, clock
        self._told, self._deadlines_told, self._slots = told, deadlines_told, asyncio.Semaphore(at_once)
        self.builds = Builds(database)
        self.listeners: dict[str, Listener] = {}
        self.stopped: dict[str, str] = {}
        self.trouble: str | None = None
        self.takes_off = False
        self.away: set[str] = set()
        self.missing: list[ReadModel] = []
        self.needed: frozenset[str] = frozenset()
        self.between_batches = asyncio.Lock()
        heard = _heard(service)
        self._decoder = Decoder(service.name, {name: service.known[name] for name in heard})
        self._names = {source: frozenset(n for n in heard if source_of(n) == source) for source in service.sources}

    @property
    def service(self) -> str:
        return self._service.name

    async def start(self) -> None:
        """Makes the builds of a new service, and finds out which policies are new."""
        found: list[Listener] = []
        self.missing = await self.builds.missing(self._service.read_models)
        for model in self._service.read_models:
            if model not in self.missing:
                found.append(BuildListener(self._service.name, self._database, await self.builds.ensure(model)))
        late = await newcomers.register(self._database, self._service)
        if self._service.policies:
            found.append(PolicyListener(self._service, self._database, self._desk))
        found += [PolicyListener(self._service, self._database, self._desk, policy) for policy in late]
        if self._service.deadlines:
            found.append(DeadlineListener(self._service, self._database, self._deadlines_told))
        self.listeners = {listener.place.listener: listener for listener in found}
        self.needed = frozenset(self.listeners)

    async def look_for_builds(self, held: Held) -> None:
        """Takes on builds that are to be fed by now, and lets go of those that are not any more."""
        fed = await self.builds.fed(self._service.read_models)
        if await held.take(build.number for build, _ in fed.values()):
            fed = await self.builds.fed(self._service.read_models)  # what is held and to be fed then stays there
        mine = {name: build for name, (build, _) in fed.items() if build.number in held.builds}
        for name, build in mine.items():
            if name not in self.listeners:
                log.info("build.adopted", service=self._service.name, listener=name)
                self.listeners[name] = BuildListener(self._service.name, self._database, build)
                self.away.add(name)
        await self._keep(mine)
        await held.keep(build.number for build in mine.values())
        others = {name for name, each in self.listeners.items() if not isinstance(each, BuildListener)}
        live = {build.model.name: name for name, (build, is_live) in fed.items() if is_live}
        self.needed = frozenset(others.union(live.values()))
        self.missing = [model for model in self._service.read_models if model.name not in live]

    async def drop_unfed(self) -> None:
        """Lets go of the builds that are not to be fed any more."""
        await self._keep(await self.builds.fed(self._service.read_models))

    async def _keep(self, builds: Collection[str]) -> None:
        for name, listener in list(self.listeners.items()):
            if isinstance(listener, BuildListener) and name not in builds:
                async with self.between_batches:
                    await self._let_go(listener)

    async def _let_go(self, listener: Listener) -> None:
        name = listener.place.listener
        if self.listeners.pop(name, None):
            log.info("build.let_go", service=self._service.name, listener=name)
        self.stopped.pop(name, None)
        self.away.discard(name)
        await listener.place.end()

    def hears(self, source: str) -> frozenset[str]:
        """The names of the source's facts that anybody here hears."""
        return self._names.get(source, frozenset())

    @property
    def ready(self) -> bool:
        return not self.stopped and self.trouble is None

    @property
    def _active(self) -> list[Listener]:
        left_out = self.stopped.keys() | self.away
        return [listener for name, listener in self.listeners.items() if name not in left_out]

    async def cursor(self, source: str) -> int:
        """Every listener has all facts of the source up to here."""
        async with self._database.driver() as driver:
            marks = await marks_of(driver, source, self._hearing(source))
        return min((each.lowest for each in marks.values()), default=0)

    async def join(self, names: Iterable[str]) -> None:
        """They lack nothing that was handed out: from the next batch on they are handed all."""
        self.away.difference_update(names)
        await self._join()

    def _hearing(self, source: str) -> list[str]:
        return [each.place.listener for each in self._active if source in each.place.sources]

    async def retry(self, listener: str, key: StreamKey, most: int | None = None) -> Retried:
        return await self.listeners[listener].retry(key, self._decoder, most)

    async def take(self, batches: Sequence[Batch]) -> None:
        """Raises Gap when something is missing, or a failure that passes; what was taken by then is taken."""
        try:
            async with self.between_batches:
                await self._take(batches)
        except Gap:
            raise
        except Exception as error:
            self.trouble = told(error)
            raise
        self.trouble = None

    async def _take(self, batches: Sequence[Batch]) -> None:
        stretches = await self._decoder.stretches(batches)
        await self._park_unreadable(batches)
        hearing, quiet = self._who_hears(stretches)
        working = [*(self._hand(*each) for each in hearing), self._pass_over(quiet, stretches)]
        failures = [failure for failures in await asyncio.gather(*working) for failure in failures]
        self._told()
        self._show_lag(stretches)
        for failure in sorted(failures, key=lambda failure: isinstance(failure, Gap)):
            raise failure
        await self._join()

    def _who_hears(self, stretches: list[Stretch]) -> tuple[list[Given], list[Given]]:
        """Those that have work to do, and those that hear the source, and nothing in these stretches of it."""
        hearing: list[Given] = []
        quiet: list[Given] = []
        for listener in self._active:
            mine = [stretch for stretch in stretches if stretch.source in listener.place.sources]
            if any(not stretch.names.isdisjoint(listener.place.events) for stretch in mine):
                hearing.append((listener, mine))
            elif mine:
                quiet.append((listener, mine))
        return hearing, quiet

    async def _hand(self, listener: Listener, stretches: list[Stretch]) -> list[Exception]:
        """What makes the feed keep its place. A listener that fails otherwise stops, and does not stop the others."""
        async with self._slots:
            try:
                await listener.take(stretches)
            except Exception as error:
                return await self._failed(listener, error)
        return []

    async def _failed(self, listener: Listener, error: Exception) -> list[Exception]:
        name = listener.place.listener
        try:
            gone = not passes(error) and await self._is_gone(listener)
        except Exception as outage:
            return [outage]
        if gone:
            await self._let_go(listener)
            return []
        if isinstance(error, Gap) and self.takes_off:
            log.info("listener.lacks", service=self._service.name, listener=name, reason=str(error))
            self.away.add(name)
            return []
        if passes(error) or isinstance(error, Gap):
            return [error]
        self.stopped[name] = told(error)
        log.error("listener.stopped", service=self._service.name, listener=name, exc_info=error)
        return []

    async def _is_gone(self, listener: Listener) -> bool:
        """A build that was thrown away while it was fed: nothing can be written for it any more."""
        name = listener.place.listener
        return isinstance(listener, BuildListener) and name not in await self.builds.fed(self._service.read_models)

    async def _pass_over(self, quiet: list[Given], stretches: list[Stretch]) -> list[Exception]:
        """Moves the marks of all these in one statement; where the rule has more to say than that, one by one."""
        past: set[tuple[str, str, int]] = set()
        if quiet and len({(s.source, s.partition) for s in stretches}) == len(stretches):
            try:
                async with self._database.driver() as driver:
                    past = await pass_over(driver, [listener.place.listener for listener, _ in quiet], stretches)
            except Exception as error:
                return [error]
        failures: list[Exception] = []
        for listener, mine in quiet:
            if {(listener.place.listener, s.source, s.partition) for s in mine} - past:
                failures += await self._hand(listener, mine)
        return failures

    async def _park_unreadable(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            if batch.broken:
                place = {"source": batch.source, "partition": batch.partition}
                log.warning("records.unreadable", count=len(batch.broken), **place)
                async with self._database.driver() as driver:
                    await parking.park_unreadable(driver, batch.source, batch.partition, batch.broken)

    async def _join(self) -> None:
        for listener in self._active:
            if isinstance(listener, PolicyListener) and listener.newcomer and await newcomers.join(listener):
                log.info("policy.joined", service=self._service.name, policy=listener.newcomer.name)
                del self.listeners[listener.place.listener]
                await listener.place.end()

    def _show_lag(self, stretches: Iterable[Stretch]) -> None:
        now = self._clock.now()
        for source, newest in {s.source: s.facts[-1].recorded.recorded_at for s in stretches if s.facts}.items():
            age = max((now - newest).total_seconds(), 0)
            for listener in self._active:
                if source in listener.place.sources:
                    LISTENER_LAG_SECONDS.labels(self._service.name, listener.place.listener, source).set(age)


def _heard(service: Service) -> frozenset[str]:
    models = {name for model in service.read_models for name in model.events}
    unions = [*(policy.hears for policy in service.policies), *(deadline.hears for deadline in service.deadlines)]
    return frozenset(models.union(*(event_types(union) for union in unions)))
