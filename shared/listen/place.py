"""Where a listener stands: its marks and parked facts, moved in the transaction of whatever it does with the facts.

A listener is a name in the tables `marks` and `parked`, and a part: what it hears, and what it does about it.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import structlog

from shared.core.event import source_of
from shared.feed.batch import Gap
from shared.listen import parking
from shared.listen.decode import Decoder, Heard, Stretch
from shared.listen.marks import KeptMarks, Mark
from shared.listen.parking import Parking, StreamKey, TooManyBlocked
from shared.listen.part import Bisected, Part, is_poison
from shared.listen.turns import turn
from shared.store.database import Database, Driver
from shared.telemetry import metrics, traces
from shared.telemetry.metrics import LISTENER_FACTS, LISTENER_SECONDS, PARKED_TOTAL

log = structlog.get_logger()


class Ended(Exception):
    """This process has let go of the listener, for good."""


# The marks, and the streams with parked facts: (source, null, null, how many, tenant, stream).
_STANDS = """select source, era, partition, position, null as tenant, null as stream from marks
        where listener = $1 and source = any($2::text[])
    union all
    select source, null, null, count(*), tenant, stream from parked
        where listener = $1 group by source, tenant, stream"""

Standing = tuple[frozenset[tuple[str, Mark]], int]
NOWHERE: Standing = frozenset(), -1


@dataclass(frozen=True, slots=True)
class NewFacts:
    """What of some stretches is new to a listener: the facts it hears of them, and what is missing before them.

    `stands`: its marks and number of parked facts before. It moves with every turn of whatever process.
    """

    marks: KeptMarks
    facts: list[Heard]
    gaps: list[Gap]
    blocked: set[StreamKey]
    stands: Standing


@dataclass(frozen=True, slots=True)
class Retried:
    """How many parked facts of a stream were handled, how many wait still, and why."""

    handled: int
    left: int
    error: str | None = None


class Place:
    """`disturbed` is called, under the lock, when others have been here since this process's last turn."""

    def __init__(
        self,
        database: Database,
        service: str,
        listener: str,
        events: Collection[str],
        disturbed: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.listener = listener
        self.events = frozenset(events)
        self.sources = tuple(sorted({source_of(name) for name in events}))
        self._service = service
        self._turn = asyncio.Lock()
        self._ended = False
        self._disturbed, self._left = disturbed, NOWHERE
        self._facts = LISTENER_FACTS.labels(service, listener)
        self._seconds = LISTENER_SECONDS.labels(service, listener)

    async def look(self, driver: Driver, stretches: Sequence[Stretch]) -> NewFacts:
        rows = await driver.fetch(_STANDS, self.listener, self.sources)
        marks = KeptMarks(self.listener, [row[:4] for row in rows if row[1] is not None], self.sources)
        parked = {StreamKey(tenant, source, stream): n for source, era, _, n, tenant, stream in rows if era is None}
        stands = marks.stand(), sum(parked.values())
        facts: list[Heard] = []
        gaps: list[Gap] = []
        for stretch in stretches:
            if stretch.source not in marks.of:
                continue
            try:
                new = marks.of[stretch.source].take(stretch)
            except Gap as gap:
                gaps.append(gap)
            else:
                facts += [heard for heard in new if heard.recorded.name in self.events]
        return NewFacts(marks, facts, gaps, set(parked), stands)

    async def move(self, stretches: Sequence[Stretch], part: Part) -> None:
        """One turn: all that is new in the stretches is applied or parked, with the marks, in one transaction.

        Raises Gap when something is missing before one of them; the others have been taken then.
        """
        began = time.time_ns()
        async with self._turn:
            self._refuse_ended()
            with self._seconds.time():
                try:
                    new = await self._move(stretches, part)
                except Exception as error:
                    if not is_poison(error):
                        raise
                    log.info("listener.bisects", listener=self.listener, reason=parking.words_of(error))
                    new = await self._move(stretches, Bisected(part))
        self._facts.inc(len(new.facts))
        traces.passed(f"listen {self.listener}", (heard.recorded.traceparent for heard in new.facts), began)
        if new.gaps:
            raise new.gaps[0]

    async def _move(self, stretches: Sequence[Stretch], part: Part) -> NewFacts:
        async with self.database.driver() as driver, turn(driver, self.listener):
            new = await self.look(driver, stretches)
            left, self._left = self._left, NOWHERE
            if new.stands != left:
                self._disturbed()
            parked = await part.apply(driver, new.facts, new.blocked) if new.facts else []
            if parked:
                await self._park(driver, parked, new.blocked)
            await new.marks.save(driver)
        self._left = new.marks.stand(), new.stands[1] + len(parked)
        PARKED_TOTAL.labels(self._service, self.listener).inc(len(parked))
        return new

    async def _park(self, driver: Driver, parked: list[Parking], blocked: set[StreamKey]) -> None:
        if len(blocked) > parking.LIMIT:
            raise TooManyBlocked(f"{self.listener}: {len(blocked)} streams, the newest by {parked[-1].error}")
        for fact in parked:
            place = {"source": fact.recorded.source, "position": fact.recorded.position}
            log.warning("fact.parked", listener=self.listener, name=fact.recorded.name, error=fact.error, **place)
        await parking.park(driver, self.listener, parked)

    async def retry(self, key: StreamKey, part: Part, decoder: Decoder, most: int | None = None) -> Retried:
        """Handles the parked facts of one stream in order, all or so many, up to the first that fails again."""
        async with self._turn, self.database.driver() as driver, turn(driver, self.listener):
            self._refuse_ended()
            self._left = NOWHERE
            self._disturbed()
            waiting = await parking.shown(driver, self.listener, key)
            now = waiting[:most]
            for handled, fact in enumerate(now):
                failed = await Bisected(part).apply(driver, [decoder.read(fact.recorded)], set())
                if failed:
                    await parking.failed_again(driver, fact, failed[0].error)
                    return Retried(handled, len(waiting) - handled, failed[0].error)
                await parking.release(driver, fact)
        return Retried(len(now), len(waiting) - len(now))

    async def end(self) -> None:
        """What was begun is committed or taken back when this returns, and nothing is begun any more: Ended is raised.

        The listener is forgotten by the metrics too.
        """
        self._ended = True
        async with self._turn:
            metrics.forget(self._service, self.listener, self.sources)

    def _refuse_ended(self) -> None:
        if self._ended:
            raise Ended(self.listener)
