"""A worker: hands each batch to all listeners of a service, read once, and keeps its place while one of them cannot."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog

from shared.core.clock import Clock
from shared.core.event import event_types, source_of
from shared.core.service import Service
from shared.feed.batch import Batch, Gap
from shared.listen import parking
from shared.listen.decode import Decoder, Stretch
from shared.listen.levels import marks_of
from shared.listen.listener import Listener
from shared.listen.listening import Listening
from shared.listen.marks import pass_over
from shared.listen.parking import StreamKey, words_of
from shared.listen.part import passes
from shared.listen.place import Retried
from shared.store.answers import Askable
from shared.store.database import Database
from shared.telemetry.metrics import LISTENER_LAG_SECONDS

log = structlog.get_logger()

Given = tuple[Listener, list[Stretch]]


class Worker:
    """`told` is called after marks have moved, `deadlines_told` when rows of deadlines may have changed.

    While `takes_off` is false, a gap goes back to the feed; else who lacks something is taken off until it is brought.
    """

    def __init__(
        self,
        service: Service,
        database: Database,
        desk: Askable,
        clock: Clock,
        *,
        told: Callable[[], None] = lambda: None,
        deadlines_told: Callable[[], None] = lambda: None,
        at_once: int = 6,
    ) -> None:
        self._service, self._database, self._clock = service.name, database, clock
        self._told, self._slots = told, asyncio.Semaphore(at_once)
        self.listening = Listening(service, database, desk, deadlines_told)
        self.trouble: str | None = None
        self.takes_off = False
        heard = _heard(service)
        self._decoder = Decoder(service.name, {name: service.known[name] for name in heard})
        self._names = {source: frozenset(n for n in heard if source_of(n) == source) for source in service.sources}

    async def start(self) -> None:
        await self.listening.start()

    def hears(self, source: str) -> frozenset[str]:
        """The names of the source's facts that anybody here hears."""
        return self._names.get(source, frozenset())

    @property
    def ready(self) -> bool:
        return not self.listening.stopped and self.trouble is None

    async def cursor(self, source: str) -> int:
        """Every listener has all facts of the source up to here."""
        async with self._database.driver() as driver:
            marks = await marks_of(driver, source, self.listening.hearing(source))
        return min((each.lowest for each in marks.values()), default=0)

    async def retry(self, listener: str, key: StreamKey, most: int | None = None) -> Retried:
        return await self.listening.listeners[listener].retry(key, self._decoder, most)

    async def take(self, batches: Sequence[Batch]) -> None:
        """Raises Gap when something is missing, or a failure that passes; what was taken by then is taken."""
        try:
            async with self.listening.between_batches:
                await self._take(batches)
        except Gap:
            raise
        except Exception as error:
            self.trouble = words_of(error)
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
        await self.listening.join_newcomers()

    def _who_hears(self, stretches: list[Stretch]) -> tuple[list[Given], list[Given]]:
        """Those that have work to do, and those that hear the source, and nothing in these stretches of it."""
        hearing: list[Given] = []
        quiet: list[Given] = []
        for listener in self.listening.active:
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
        try:
            gone = not passes(error) and await self.listening.is_gone(listener)
        except Exception as outage:
            return [outage]
        if gone:
            await self.listening.let_go(listener)
        elif isinstance(error, Gap) and self.takes_off:
            self.listening.lacks(listener, error)
        elif passes(error) or isinstance(error, Gap):
            return [error]
        else:
            self.listening.stop(listener, error)
        return []

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

    def _show_lag(self, stretches: Iterable[Stretch]) -> None:
        now = self._clock.now()
        for source, newest in {s.source: s.facts[-1].recorded.recorded_at for s in stretches if s.facts}.items():
            age = max((now - newest).total_seconds(), 0)
            for listener in self.listening.active:
                if source in listener.place.sources:
                    LISTENER_LAG_SECONDS.labels(self._service, listener.place.listener, source).set(age)


def _heard(service: Service) -> frozenset[str]:
    models = {name for model in service.read_models for name in model.events}
    unions = [*(policy.hears for policy in service.policies), *(deadline.hears for deadline in service.deadlines)]
    return frozenset(models.union(*(event_types(union) for union in unions)))
